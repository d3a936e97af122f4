package dev.tidemark.archive;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.crypt.LocalKey;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small things of every kind, for tests. */
public final class Samples {
    public static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    public static final ArchiveIdentity IDENTITY =
            new ArchiveIdentity(1, "crm", "7001", "crm", NOON, "parquet");

    /** A key for encrypted archives. */
    public static final KeyChain KEYS =
            KeyChain.of(LocalKey.parse("hmnpvN0VL0rClRlWoJHL0HbUfVqTnzjyZGBvGRp7TbI=", "of tests"));

    private Samples() {}

    /** A key for the encrypted half of tests that run with many seeds. */
    public static KeyChain keys(long seed) {
        return seed % 2 == 0 ? KeyChain.EMPTY : KEYS;
    }

    public static Position at(long position) {
        return new Position(position);
    }

    /** A row of texts; the word {@code null} is SQL NULL. */
    public static List<Value> row(String... fields) {
        List<Value> row = new ArrayList<>();
        for (String field : fields) {
            row.add(field.equals("null") ? Value.Mark.NULL : Value.text(field));
        }
        return row;
    }

    public static Column column(int id, String name) {
        return Column.provisional(id, name);
    }

    /** A column that was added later, with the value that older rows have. */
    public static Column column(int id, String name, Optional<String> missing) {
        return column(id, name, "text", missing);
    }

    /** The same of another type. */
    public static Column column(int id, String name, String type, Optional<String> missing) {
        return new Column(
                id,
                name,
                type,
                false,
                Optional.empty(),
                "",
                "",
                Optional.empty(),
                missing,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty());
    }

    public static Table table(long id, String name, List<Integer> key, List<Column> columns) {
        return new Table(
                id,
                1,
                "public",
                name,
                "r",
                "p",
                "d",
                columns,
                key,
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                "",
                "owner",
                List.of(),
                Optional.empty());
    }

    public static Catalog catalog(Table... tables) {
        ServerSettings server =
                new ServerSettings(
                        180006,
                        "UTF8",
                        "C",
                        "C",
                        "c",
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        List.of());
        return new Catalog(server, List.of(tables), List.of());
    }
}

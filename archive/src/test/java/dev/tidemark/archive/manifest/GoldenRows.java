package dev.tidemark.archive.manifest;

import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables of the golden archives, and changes of them. */
final class GoldenRows {
    static final long CONTACTS = 16_384;
    static final long NOTES = 16_390;
    static final Table NARROW =
            table(CONTACTS, "contacts", List.of(1), List.of(column(1, "id"), column(2, "name")));

    /** The same table, later. */
    static final Table WIDE =
            table(
                    CONTACTS,
                    "contacts",
                    List.of(1),
                    List.of(
                            column(1, "id"),
                            column(2, "name"),
                            column(3, "city", Optional.of("Bonn"))));

    static final Table TEXTS = table(NOTES, "notes", List.of(), List.of(column(1, "text")));

    /** Of the first base. */
    static final Map<Long, List<List<Value>>> BASE =
            Map.of(
                    CONTACTS, List.of(row("1", "Anna"), row("2", "null"), row("3", "")),
                    NOTES, List.of(row("twice"), row("twice"), row("Größe 😀")));

    static final Entry WIDENED =
            new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(WIDE)).json());
    static final Entry RENUMBERED =
            change(
                    CONTACTS,
                    Operation.UPDATE,
                    List.of(Value.text("1"), Value.Mark.UNKNOWN),
                    List.of(Value.text("9"), Value.Mark.UNCHANGED));
    static final Entry SAMPLED = new Entry.Sequences("[{\"id\":7,\"last\":5,\"called\":true}]");

    private GoldenRows() {}

    static Entry change(long table, Operation operation, List<Value> before, List<Value> after) {
        BeforeImage image =
                before.isEmpty()
                        ? BeforeImage.NONE
                        : before.contains(Value.Mark.UNKNOWN) ? BeforeImage.KEY : BeforeImage.FULL;
        return new Entry.Row(table, operation, image, before, after);
    }

    static Entry insert(long table, String... after) {
        return change(table, Operation.INSERT, List.of(), row(after));
    }

    /**
     * A store leaves traces of its own, and may make a folder; the golden files stay as they are.
     */
    static Path copy(Path golden, Path folder) throws IOException {
        Path copy = folder.resolve("golden");
        try (var files = Files.walk(golden)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(golden.relativize(file).toString()));
            }
        }
        return copy;
    }

    /** All rows of a golden archive's copy at a moment, by table. */
    static Map<Long, List<List<Value>>> folded(Path copy, Moment moment, Path folder)
            throws IOException {
        Map<Long, List<List<Value>>> rows = new TreeMap<>();
        try (Archive archive = Archive.open(new LocalObjectStore(copy))) {
            FoldedDatabase database =
                    Fold.run(
                            archive,
                            new Planner(archive, folder).plan(new Target(moment, false)),
                            folder,
                            changes -> {});
            for (TableFold table : database.tables()) {
                List<List<Value>> of = new ArrayList<>();
                table.rows(of::add);
                rows.put(table.table().id(), of);
            }
        }
        return rows;
    }
}

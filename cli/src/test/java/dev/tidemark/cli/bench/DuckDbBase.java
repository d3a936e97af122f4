package dev.tidemark.cli.bench;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lets DuckDB make what a base from the archive is: it reads the first base and the changes of
 * merged segments, takes the last state of each row, and writes the rows as Parquet. The changes of
 * the newest segment, which is not merged, are left out.
 */
record DuckDbBase(Archive archive, Path archiveFolder, Path output) {
    private static final double GOAL = 1.3; // times its time

    /** Puts the time of a base beside its own. */
    static Figure beside(Figure seconds, double duckDb) {
        return seconds.atMost("DuckDB", duckDb, GOAL);
    }

    /** How long it takes. */
    double seconds(List<Table> tables) throws IOException, SQLException {
        long start = System.nanoTime();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("SET threads = " + Runtime.getRuntime().availableProcessors());
            statement.execute("SET preserve_insertion_order = false");
            for (Table table : tables) {
                String rows = rows(table);
                if (!rows.isEmpty()) {
                    statement.execute(
                            "COPY (%s) TO '%s' (FORMAT parquet, CODEC zstd)"
                                    .formatted(rows, output.resolve(table.id() + ".parquet")));
                }
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private String rows(Table table) {
        String base = files(archive.state().bases().getFirst(), FileRef.Kind.BASE, table);
        String changes =
                archive.state().segments().stream()
                        .map(segment -> files(segment, FileRef.Kind.CHANGES, table))
                        .filter(files -> !files.isEmpty())
                        .collect(Collectors.joining(", "));
        String fields = list(table.stored().stream().map(column -> column.id()).toList(), "%s");
        String texts =
                list(
                        table.stored().stream().map(column -> column.id()).toList(),
                        "%s::VARCHAR AS %s");
        String key = list(table.key(), "%s");
        String keyTexts = list(table.key(), "%s::VARCHAR");
        if (changes.isEmpty()) {
            return base.isEmpty() ? "" : "SELECT * FROM read_parquet([%s])".formatted(base);
        }
        String all =
                "SELECT * FROM read_parquet([%s]) WHERE operation <> 'BEFORE'".formatted(changes);
        String last =
                key.isEmpty()
                        ? all
                        : """
                        %s QUALIFY row_number() OVER (PARTITION BY %s ORDER BY "transaction" DESC, sequence DESC) = 1
                        """
                                .formatted(all, key);
        String changed = "SELECT %s FROM (%s) WHERE operation <> 'DELETE'".formatted(texts, last);
        if (base.isEmpty()) {
            return changed;
        }
        String untouched =
                key.isEmpty()
                        ? ""
                        : " WHERE (%s) NOT IN (SELECT (%s) FROM read_parquet([%s]))"
                                .formatted(key, keyTexts, changes);
        return "SELECT %s FROM read_parquet([%s])%s UNION ALL %s"
                .formatted(fields, base, untouched, changed);
    }

    private String files(Manifest manifest, FileRef.Kind kind, Table table) {
        return manifest.files().stream()
                .filter(file -> file.kind() == kind && file.table() == table.id())
                .map(file -> "'" + archiveFolder.resolve(file.name()) + "'")
                .collect(Collectors.joining(", "));
    }

    private static String list(List<Integer> columns, String form) {
        return columns.stream()
                .map(id -> form.replace("%s", "c" + id))
                .collect(Collectors.joining(", "));
    }
}

package dev.tidemark.cli.bench;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The same questions to DuckDB by hand: SQL over the archive's own files, by somebody who knows
 * which these are. It runs in this process, so that no start counts; that some fields of a journal
 * are not told, and that keys change, is left out.
 */
record DuckDbQuestions(Site site) {
    /** How long all changes of a row take. */
    double history(String table, String key) throws IOException, SQLException {
        return seconds(
                table,
                "SELECT * FROM read_parquet([%s]) WHERE c1 = " + key,
                "SELECT * FROM read_parquet([%s]) WHERE \"table\" = %d AND (after[1] = '"
                        + key
                        + "' OR before[1] = '"
                        + key
                        + "')");
    }

    /** How long it takes to count the changes that gave a column a value. */
    double find(String table, String column, String value) throws IOException, SQLException {
        int place = place(table, column);
        return seconds(
                table,
                "SELECT * FROM read_parquet([%s]) WHERE c" + (place + 1) + " = '" + value + "'",
                "SELECT * FROM read_parquet([%s]) WHERE \"table\" = %d AND after["
                        + (place + 1)
                        + "] = '"
                        + value
                        + "'");
    }

    private int place(String name, String column) throws IOException {
        try (Archive archive = site.parts().archive()) {
            return table(archive, name).stored().stream()
                    .map(one -> one.name())
                    .toList()
                    .indexOf(column);
        }
    }

    private static Table table(Archive archive, String name) throws IOException {
        return archive.catalog(archive.state().catalog().orElseThrow()).tables().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private double seconds(String name, String ofMerged, String ofJournals)
            throws IOException, SQLException {
        try (Archive archive = site.parts().archive()) {
            long table = table(archive, name).id();
            String merged = files(archive, FileRef.Kind.CHANGES, table);
            String journals = files(archive, FileRef.Kind.JOURNAL, 0);
            long start = System.nanoTime();
            try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = duck.createStatement()) {
                count(statement, ofMerged.formatted(merged));
                count(statement, ofJournals.formatted(journals, table));
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private static void count(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                // only the time counts
            }
        }
    }

    private String files(Archive archive, FileRef.Kind kind, long table) {
        Path folder = site.directory().resolve("archive");
        Stream<Manifest> segments =
                archive.state().segments().stream()
                        .filter(
                                segment ->
                                        kind == FileRef.Kind.CHANGES
                                                || segment.kind() == Manifest.Kind.SEGMENT);
        return segments.flatMap(segment -> segment.files().stream())
                .filter(file -> file.kind() == kind && file.table() == table)
                .map(file -> "'" + folder.resolve(file.name()) + "'")
                .collect(Collectors.joining(", "));
    }
}

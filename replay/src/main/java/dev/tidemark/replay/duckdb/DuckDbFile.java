package dev.tidemark.replay.duckdb;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.parquet.TypedRows;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.content.Domains;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.export.PublishedFile;
import dev.tidemark.replay.keys.DeclaredKeys;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Writes a content as a DuckDB file, for those who want to look and not to run: a schema and a
 * table for each of the source's, with the types of an export as Parquet, and a view for each
 * partitioned table. The schema {@code tidemark} says what it is of.
 *
 * <p>Each table goes through a Parquet file. When all are written the file is opened again, and of
 * each table the number of rows and a checksum over all fields must be those of its Parquet file.
 * For one thread; used once.
 */
public final class DuckDbFile {
    private final ArchiveIdentity source;
    private final RestorePlan plan;
    private final Path temporary;
    private final LongConsumer progress;
    private final List<String> warnings = new ArrayList<>();
    private final Map<DuckDbTable, List<String>> checksums = new LinkedHashMap<>();

    /**
     * Prepares it.
     *
     * @param source whose rows they are
     * @param plan what was folded
     * @param temporary a folder of its own on local disk
     * @param progress hears how many more rows were written
     */
    public DuckDbFile(
            ArchiveIdentity source, RestorePlan plan, Path temporary, LongConsumer progress) {
        this.source = source;
        this.plan = plan;
        this.temporary = temporary;
        this.progress = progress;
    }

    /**
     * Writes and publishes it.
     *
     * @param content used up by this
     */
    public FileReport write(PublishedFile file, Content content) throws IOException {
        Path path = file.create();
        try (LimitedDuckDb duckDb = LimitedDuckDb.create(path, temporary)) {
            fill(duckDb, content);
            duckDb.run("CHECKPOINT " + LimitedDuckDb.FILE);
        }
        try (LimitedDuckDb duckDb = LimitedDuckDb.read(path, temporary)) {
            for (var written : checksums.entrySet()) {
                check(duckDb, written.getKey(), written.getValue());
            }
        }
        warnIfAmbiguous(file.target(), content);
        file.publish();
        List<FileReport.WrittenTable> tables =
                checksums.entrySet().stream()
                        .map(
                                written ->
                                        new FileReport.WrittenTable(
                                                written.getKey().table().displayName(),
                                                Long.parseLong(written.getValue().getFirst())))
                        .toList();
        return FileReport.of(
                plan,
                file.target().toString(),
                tables,
                content.withoutRows().stream().map(Table::displayName).sorted().toList(),
                warnings);
    }

    private void fill(LimitedDuckDb duckDb, Content content) throws IOException {
        DuckDbSchema schema = new DuckDbSchema(duckDb, warnings::add);
        schema.describe(source, plan);
        Domains domains = Domains.of(content.catalog());
        DeclaredKeys keys = DeclaredKeys.of(content.catalog());
        List<TableRows> inOrder =
                content.tables().stream()
                        .sorted(Comparator.comparing(rows -> rows.table().displayName()))
                        .toList();
        for (TableRows rows : inOrder) {
            fill(duckDb, schema, domains.types(rows.table()), rows);
        }
        for (var written : checksums.entrySet()) {
            long rows = Long.parseLong(written.getValue().getFirst());
            schema.details(
                    written.getKey(),
                    rows,
                    keys.primary().getOrDefault(written.getKey().table().id(), List.of()));
        }
        schema.partitioned(content.catalog(), List.copyOf(checksums.keySet()));
    }

    private void fill(LimitedDuckDb duckDb, DuckDbSchema schema, List<String> types, TableRows rows)
            throws IOException {
        Path parquet = temporary.resolve("table.parquet");
        DuckDbTable table = schema.table(rows.table());
        try {
            TypedRows.Written done =
                    TypedRows.write(
                            parquet,
                            rows.table(),
                            types,
                            sink ->
                                    rows.rows(
                                            row -> {
                                                sink.row(row);
                                                progress.accept(1);
                                            }));
            if (!done.asText().isEmpty()) {
                warnings.add(
                        "of %s these columns are text, since DuckDB's type cannot hold some value: %s"
                                .formatted(
                                        rows.table().displayName(),
                                        String.join(", ", done.asText())));
            }
            String read = "read_parquet(%s)".formatted(LimitedDuckDb.text(parquet.toString()));
            duckDb.run(table.createAs(read));
            List<String> checksum = duckDb.row(DuckDbTable.checksum(read));
            if (Long.parseLong(checksum.getFirst()) != done.rows()) {
                throw differs(table, checksum, List.of(Long.toString(done.rows())));
            }
            checksums.put(table, checksum);
        } finally {
            Files.deleteIfExists(parquet);
        }
    }

    private static void check(LimitedDuckDb duckDb, DuckDbTable table, List<String> written)
            throws IOException {
        List<String> there = duckDb.row(DuckDbTable.checksum(table.path()));
        if (!there.equals(written)) {
            throw differs(table, there, written);
        }
    }

    private static TidemarkException differs(
            DuckDbTable table, List<String> there, List<String> written) {
        return TidemarkException.failed(
                "the table %s of the DuckDB file has rows and checksum %s, and what was written has %s"
                        .formatted(table.table().displayName(), there, written),
                "The disk may be damaged. Run it again, with another file and temporary-directory; please report it if"
                        + " that does not help.");
    }

    /** DuckDB calls a database by its file. */
    private void warnIfAmbiguous(Path target, Content content) {
        String name = String.valueOf(target.getFileName()).replaceFirst("\\..*", "");
        boolean isAmbiguous =
                content.tables().stream()
                        .anyMatch(rows -> rows.table().schema().equalsIgnoreCase(name));
        if (isAmbiguous) {
            warnings.add(
                    "the schema %s has the name of the file: DuckDB wants %1$s.%1$s.TABLE then, or another name of the file"
                            .formatted(name));
        }
    }
}

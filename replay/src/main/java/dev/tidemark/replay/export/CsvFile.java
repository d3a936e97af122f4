package dev.tidemark.replay.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.change.Value;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Rows as PostgreSQL's {@code COPY … WITH (FORMAT csv, HEADER)} reads them: NULL is nothing between
 * two commas, everything else is quoted, an empty text too.
 */
final class CsvFile {
    private CsvFile() {}

    /** Writes a file; how many rows it has. */
    static long write(Path path, TableRows source, LongConsumer progress) throws IOException {
        List<String> header = source.table().stored().stream().map(Column::name).toList();
        long[] rows = {0};
        try (BufferedWriter out = Files.newBufferedWriter(path, UTF_8);
                CSVPrinter csv = new CSVPrinter(out, CSVFormat.POSTGRESQL_CSV)) {
            csv.printRecord(header);
            source.rows(
                    row -> {
                        csv.printRecord(row.stream().map(CsvFile::text).toArray());
                        rows[0]++;
                        progress.accept(1);
                    });
        }
        return rows[0];
    }

    private static @Nullable String text(Value value) {
        return value == Value.Mark.NULL ? null : value.toString();
    }
}

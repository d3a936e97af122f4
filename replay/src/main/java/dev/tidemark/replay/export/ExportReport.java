package dev.tidemark.replay.export;

import dev.tidemark.replay.mask.MaskedColumn;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was exported; written last, as {@link #NAME}: without it an export broke off.
 *
 * @param format of this record
 * @param source the configured name of the source
 * @param database its database
 * @param position the last position in it
 * @param time when the last transaction in it was committed; empty when it is a base alone
 * @param withoutRows tables whose rows were left out, as it was asked for: {@code schema.name}
 * @param masked columns that are not as they were, as it was asked for
 */
public record ExportReport(
        int format,
        String source,
        String database,
        Position position,
        Optional<Instant> time,
        ExportFormat kind,
        List<ExportedTable> tables,
        List<String> withoutRows,
        List<MaskedColumn> masked) {
    /** The object's name. */
    public static final String NAME = "export.json";

    static final int FORMAT = 1;

    /**
     * A table.
     *
     * @param file its name; several tables have the same with SQL
     * @param columns those that are held, which are all but generated ones: names, and the types of
     *     the source
     * @param asText those that are text in Parquet, though their type has one there, since it
     *     cannot hold some value of theirs
     */
    public record ExportedTable(
            String schema,
            String name,
            String file,
            long rows,
            Map<String, String> columns,
            List<String> asText) {
        public ExportedTable {
            asText = List.copyOf(asText);
        }
    }

    public ExportReport {
        tables = List.copyOf(tables);
        withoutRows = List.copyOf(withoutRows);
        masked = List.copyOf(masked);
    }

    /** Of all tables. */
    public long rows() {
        return tables.stream().mapToLong(ExportedTable::rows).sum();
    }
}

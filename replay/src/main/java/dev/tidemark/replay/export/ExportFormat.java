package dev.tidemark.replay.export;

/** How an export is written. */
public enum ExportFormat {
    /** Columns with types where every value has one. */
    PARQUET,
    /** As PostgreSQL's COPY writes and reads it, with a header. */
    CSV,
    /** Statements for psql. */
    SQL;

    String extension() {
        return switch (this) {
            case PARQUET -> ".parquet";
            case CSV -> ".csv";
            case SQL -> ".sql";
        };
    }
}

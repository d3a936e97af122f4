package dev.tidemark.replay.query;

/** What SQL means by a name. */
sealed interface Reference {
    /**
     * The rows of a table as of the moment.
     *
     * @param isShort was it written without its schema?
     */
    record Rows(SourceTable table, boolean isShort) implements Reference {}

    /** What happened to the rows of a table. */
    record History(SourceTable table, boolean isShort) implements Reference {}

    /** What was committed. */
    record Transactions() implements Reference {}

    /** What DuckDB itself tells of tables and columns. */
    record Names() implements Reference {}
}

package dev.tidemark.replay.difference;

import dev.tidemark.schemas.catalog.Catalog;
import java.io.IOException;
import java.util.List;

/** Takes what differs: table by table, by their names, and of each row by row. */
interface RowDifferences {
    /** Takes nothing. */
    RowDifferences NONE =
            new RowDifferences() {
                @Override
                public void begin(List<SchemaChange> schema, Catalog tables) {}

                @Override
                public void row(TablePair table, MatchedColumns columns, RowDifference row) {}

                @Override
                public void end(TablePair table) {}
            };

    /**
     * Hears first what of the schema differs.
     *
     * @param tables the schema of the first moment
     */
    void begin(List<SchemaChange> schema, Catalog tables);

    /** Hears, before the rest, that the second moment is of another cluster than the archive's. */
    default void toOtherCluster() {}

    /** The next row of a table. */
    void row(TablePair table, MatchedColumns columns, RowDifference row) throws IOException;

    /** All rows of a table were told. */
    void end(TablePair table) throws IOException;
}

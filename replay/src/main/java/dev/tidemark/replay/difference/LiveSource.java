package dev.tidemark.replay.difference;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The source as it is, in one snapshot. */
public interface LiveSource {
    /**
     * Its tables that hold rows which are captured; others are left alone.
     *
     * @param ids of tables, with whose partitions; empty for all
     */
    List<Table> tables(Set<Long> ids) throws IOException;

    /** Up to where its log was written when the snapshot was taken. */
    Position position();

    /** By its clock. */
    Instant time();

    /**
     * Passes the rows of a table on, each once.
     *
     * @throws dev.tidemark.schemas.TidemarkException when it may not be read
     */
    void rows(Table table, RowSink sink) throws IOException;
}

package dev.tidemark.archiver.simulation;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A transaction as it really was.
 *
 * @param previous the position of the one before it
 * @param told what the source says in it, in order
 * @param tables the catalog after it, by id
 * @param rows those of each table after it
 */
record Truth(
        Position position,
        Position previous,
        long xid,
        Instant commit,
        List<Told> told,
        List<Table> tables,
        Map<Long, List<List<Value>>> rows) {
    /**
     * An entry.
     *
     * @param version of its table; 0 for what is about none
     * @param table as it is there, for a row
     */
    record Told(Entry entry, int version, Optional<Table> table) {}

    Truth {
        told = List.copyOf(told);
        tables = List.copyOf(tables);
    }
}

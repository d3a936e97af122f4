package dev.tidemark.cli.demo;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What sessions have done so far.
 *
 * @param committed transactions committed; a few of them changed no row, as another session was
 *     first, and so have no xid
 * @param rolledBack transactions taken back, on purpose or because retries were used up
 * @param retried attempts that the server turned away: deadlock, serialization, lost races
 * @param rowsChanged in committed transactions, by the driver's update counts: rows changed by
 *     triggers, cascades and TRUNCATE are not in it
 * @param done by kind: committed, or rolled back on purpose
 */
public record CrmCounts(
        long committed,
        long rolledBack,
        long retried,
        long rowsChanged,
        Map<CrmTransaction, Long> done) {
    public CrmCounts {
        Map<CrmTransaction, Long> copy = new EnumMap<>(CrmTransaction.class);
        copy.putAll(done);
        done = Collections.unmodifiableMap(copy);
    }
}

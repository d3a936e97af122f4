package dev.tidemark.replay.load;

import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.change.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a restore did, after everything was checked.
 *
 * @param moment as the user named it
 * @param cut the position of the last transaction in it
 * @param commitTime of that transaction, by the source's clock
 * @param next the first transaction left out, if any is archived
 * @param tables by name
 * @param leftOut objects that the target's server declined, such as an index that the rows do not
 *     fit, each with the reason: without them the target is not as the source was
 * @param withoutRows tables whose rows were left out, as it was asked for
 * @param warnings what is not as at the source, and what was noted about the target
 * @param durations of each phase, in their order
 * @param bytes sent as rows
 */
public record RestoreReport(
        String moment,
        Position cut,
        Instant commitTime,
        Optional<TransactionRecord> next,
        List<RestoredTable> tables,
        List<String> leftOut,
        List<String> withoutRows,
        List<String> warnings,
        Map<RestorePhase, Duration> durations,
        long bytes) {
    /**
     * A table that was loaded and read back.
     *
     * @param name {@code schema.name}, unquoted
     */
    public record RestoredTable(String name, RowsChecksum checksum) {}

    public RestoreReport {
        tables = List.copyOf(tables);
        leftOut = List.copyOf(leftOut);
        withoutRows = List.copyOf(withoutRows);
        warnings = List.copyOf(warnings);
        durations = inOrder(durations);
    }

    /** When the last transaction of a plan was committed, by the source's clock. */
    public static Instant commitTime(RestorePlan plan) {
        return plan.cut()
                .last()
                .map(TransactionRecord::commitTime)
                .orElse(plan.base().span().lastCommit());
    }

    /** Of all tables. */
    public long rows() {
        return tables.stream().mapToLong(table -> table.checksum().rows()).sum();
    }

    private static Map<RestorePhase, Duration> inOrder(Map<RestorePhase, Duration> durations) {
        Map<RestorePhase, Duration> ordered = new EnumMap<>(RestorePhase.class);
        ordered.putAll(durations);
        return Collections.unmodifiableMap(ordered);
    }
}

package dev.tidemark.replay.export;

import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a restore into a file did.
 *
 * @param moment as the user named it
 * @param cut the position of the last transaction in it
 * @param commitTime of that transaction, by the source's clock
 * @param next the first transaction left out, if any is archived
 * @param file where it is
 * @param tables by name
 * @param withoutRows tables whose rows were left out, as it was asked for
 * @param warnings what is not as at the source
 */
public record FileReport(
        String moment,
        Position cut,
        Instant commitTime,
        Optional<TransactionRecord> next,
        String file,
        List<WrittenTable> tables,
        List<String> withoutRows,
        List<String> warnings) {
    /**
     * A table in it.
     *
     * @param name {@code schema.name}, unquoted
     */
    public record WrittenTable(String name, long rows) {}

    public FileReport {
        tables = List.copyOf(tables);
        withoutRows = List.copyOf(withoutRows);
        warnings = List.copyOf(warnings);
    }

    /** Of a plan that was followed. */
    public static FileReport of(
            RestorePlan plan,
            String file,
            List<WrittenTable> tables,
            List<String> withoutRows,
            List<String> warnings) {
        return new FileReport(
                plan.target().toString(),
                plan.cut().position(),
                commitTime(plan),
                plan.cut().next(),
                file,
                tables,
                withoutRows,
                warnings);
    }

    /** When the last transaction of a plan was committed. */
    public static Instant commitTime(RestorePlan plan) {
        return plan.cut()
                .last()
                .map(TransactionRecord::commitTime)
                .orElse(plan.base().span().lastCommit());
    }

    /** Of all tables. */
    public long rows() {
        return tables.stream().mapToLong(WrittenTable::rows).sum();
    }
}

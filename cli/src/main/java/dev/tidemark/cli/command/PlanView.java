package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.replay.salvage.Losses;
import dev.tidemark.schemas.change.Position;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Optional;

/**
 * A restore's plan as a user sees it.
 *
 * @param tableBases how many tables start from a later base of their own
 * @param commitTime of the last transaction that is in it, by the source's clock
 * @param transactionsLeftOut those of the last segment after the cut
 * @param firstLeftOut the first of them
 * @param losses what the archive's damage leaves out
 */
record PlanView(
        String moment,
        Position base,
        long baseRows,
        int tableBases,
        int segments,
        long changes,
        long bytes,
        Position cut,
        Optional<Instant> commitTime,
        long transactionsLeftOut,
        Optional<TransactionRecord> firstLeftOut,
        Losses losses) {
    static PlanView of(RestorePlan plan, Losses losses) {
        long rows = plan.baseFiles().stream().mapToLong(FileRef::rows).sum();
        long inLast =
                plan.segments().isEmpty() ? 0 : plan.segments().getLast().span().transactions();
        return new PlanView(
                plan.target().toString(),
                plan.base().span().to(),
                rows,
                plan.tableBases().size(),
                plan.segments().size(),
                plan.changes(),
                plan.bytes(),
                plan.cut().position(),
                plan.cut().last().map(TransactionRecord::commitTime),
                inLast - plan.cut().transactions(),
                plan.cut().next(),
                losses);
    }

    void print(PrintStream out) {
        out.printf("plan      %s%n", moment);
        out.printf(
                "base      at %s%s, %s rows%n",
                base,
                tableBases == 0
                        ? ""
                        : ", of %s a later one".formatted(Figures.counted(tableBases, "table")),
                Figures.count(baseRows));
        out.printf(
                "segments  %d with %s changes; %s to read in all%n",
                segments, Figures.count(changes), Figures.bytes(bytes));
        out.printf(
                "cut       %s%s%n",
                cut, commitTime.map(time -> ", committed " + time).orElse(", the base itself"));
        out.printf(
                "left out  %s transactions of the last segment%s%n",
                Figures.count(transactionsLeftOut),
                firstLeftOut
                        .map(
                                next ->
                                        "; the first after the cut is xid:%d at %s, committed %s"
                                                .formatted(
                                                        next.xid(),
                                                        next.position(),
                                                        next.commitTime()))
                        .orElse(""));
    }
}

package dev.tidemark.archive.fold;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;

import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Remembers since when rows of tables are not known, for those who want them. For one thread. */
final class UnknownRows {
    private record Since(Manifest segment, int transaction) {}

    private final Planner planner;
    private final List<TableBase> bases;
    private final Map<Long, Since> since = new HashMap<>();

    /**
     * @param bases all bases of single tables after the plan's base, as far as no gap is between
     */
    UnknownRows(Planner planner, List<TableBase> bases) {
        this.planner = planner;
        this.bases = List.copyOf(bases);
    }

    /** From a transaction of a segment on the rows are not known, if they were till then. */
    void begin(long table, Manifest segment, int transaction) {
        since.putIfAbsent(table, new Since(segment, transaction));
    }

    void end(long table) {
        since.remove(table);
    }

    /** What is not known of a table at a cut. */
    private record Unknown(
            Table table, Optional<TransactionRecord> from, Optional<TableBase> next) {
        String describe() {
            String when =
                    from.map(first -> " at %s (%s)".formatted(first.position(), first.commitTime()))
                            .orElse("");
            String then =
                    next.map(
                                    base ->
                                            "the table's next base is at %s (%s)"
                                                    .formatted(base.position(), base.time()))
                            .orElse("no base of the table was taken since");
            return "%s: a schema change rewrote them%s without a trace in the stream, and %s"
                    .formatted(table.displayName(), when, then);
        }
    }

    /** The refusal of a cut at which rows of these tables are not known. */
    TidemarkException refusal(List<Table> tables, RestorePlan plan) throws IOException {
        List<Unknown> unknown = new ArrayList<>();
        for (Table table : tables) {
            unknown.add(new Unknown(table, from(table), next(table, plan)));
        }
        return TidemarkException.refused(
                "the rows of %s at %s are not known: %s"
                        .formatted(
                                tables.stream().map(Table::displayName).toList(),
                                plan.cut().position(),
                                unknown.stream()
                                        .map(Unknown::describe)
                                        .collect(Collectors.joining("; "))),
                hint(unknown));
    }

    private Optional<TransactionRecord> from(Table table) throws IOException {
        Since first = since.get(table.id());
        return first == null
                ? Optional.empty()
                : Optional.of(planner.transactions(first.segment()).get(first.transaction()));
    }

    private Optional<TableBase> next(Table table, RestorePlan plan) {
        return bases.stream()
                .filter(base -> base.table() == table.id())
                .filter(base -> base.position().isAfter(plan.cut().position()))
                .min(comparing(TableBase::position));
    }

    private static String hint(List<Unknown> unknown) {
        Optional<Position> before =
                unknown.stream()
                        .flatMap(one -> one.from().stream())
                        .map(TransactionRecord::position)
                        .min(naturalOrder());
        Optional<Position> after =
                unknown.stream().allMatch(one -> one.next().isPresent())
                        ? unknown.stream()
                                .flatMap(one -> one.next().stream())
                                .map(TableBase::position)
                                .max(naturalOrder())
                        : Optional.empty();
        return "Choose a moment before %s%s, or leave the rows out: %s.%s"
                .formatted(
                        before.map(Position::toString).orElse("that change"),
                        after.map(" or from %s on"::formatted).orElse(""),
                        unknown.stream()
                                .map(one -> "--exclude-table-data " + one.table().displayName())
                                .collect(Collectors.joining(" ")),
                        after.isPresent()
                                ? ""
                                : " While 'tidemark capture' runs, it takes a new base of such a table.");
    }
}

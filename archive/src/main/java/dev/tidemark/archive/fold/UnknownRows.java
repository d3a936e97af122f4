package dev.tidemark.archive.fold;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Remembers since when rows of tables are not known, for those who want them. For one thread. */
final class UnknownRows {
    private record Since(Manifest segment, int transaction) {}

    private final Archive archive;
    private final Path temporary;
    private final List<TableBase> bases;

    /** Empty for what was not known when the plan's base was made. */
    private final Map<Long, Optional<Since>> since = new HashMap<>();

    /**
     * @param temporary a folder for files while they are read
     * @param bases all bases of single tables after the plan's base, as far as no gap is between
     */
    UnknownRows(Archive archive, Path temporary, List<TableBase> bases) {
        this.archive = archive;
        this.temporary = temporary;
        this.bases = List.copyOf(bases);
    }

    /** From a transaction of a segment on the rows are not known, if they were till then. */
    void begin(long table, Manifest segment, int transaction) {
        since.putIfAbsent(table, Optional.of(new Since(segment, transaction)));
    }

    /** They are not known already where the plan begins. */
    void beginBefore(long table) {
        since.put(table, Optional.empty());
    }

    void end(long table) {
        since.remove(table);
    }

    /** The transaction from which on rows are not known. */
    private record From(Position position, Instant time) {}

    /** What is not known of a table at a cut. */
    private record Unknown(Table table, Optional<From> from, Optional<TableBase> next) {
        String describe() {
            String when =
                    from.map(first -> " at %s (%s)".formatted(first.position(), first.time()))
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
            unknown.add(new Unknown(table, from(table, plan), next(table, plan)));
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

    private Optional<From> from(Table table, RestorePlan plan) throws IOException {
        Optional<Since> first = since.getOrDefault(table.id(), Optional.empty());
        if (first.isEmpty()) {
            Position cut = plan.cut().position();
            Stretch stretch = archive.state().stretchOf(plan.base());
            return UnknownWindow.of(archive, temporary, stretch).stream()
                    .filter(window -> window.table() == table.id() && !window.from().isAfter(cut))
                    .max(comparing(UnknownWindow::from))
                    .map(window -> new From(window.from(), window.fromTime()));
        }
        try (SegmentTransactions all =
                SegmentTransactions.open(archive, first.get().segment(), temporary)) {
            TransactionRecord rewrite = all.at(first.get().transaction());
            return Optional.of(new From(rewrite.position(), rewrite.commitTime()));
        }
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
                        .map(From::position)
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

package dev.tidemark.archive.fold;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tables of a plan that start from a base of their own, on the way to it: changes of a table
 * count once its base is taken out here. For one thread.
 */
final class TableStarts {
    private final Archive archive;
    private final Path temporary;
    private final List<TableBase> waiting; // by position

    /** Transactions of the segment before which some of those lie, ascending. */
    private final Deque<TransactionRecord> begins = new ArrayDeque<>();

    TableStarts(Archive archive, Path temporary, List<TableBase> bases) {
        this.archive = archive;
        this.temporary = temporary;
        this.waiting = new ArrayList<>(bases);
        waiting.sort(comparing(TableBase::position));
    }

    /** Does what is known of the table up to here count for nothing? */
    boolean isWaiting(long table) {
        return !waiting.isEmpty() && waiting.stream().anyMatch(base -> base.table() == table);
    }

    /** The segment's transactions come next; they are read when a base lies among them. */
    void enter(Manifest segment) throws IOException {
        begins.clear();
        Iterator<TableBase> bases =
                waiting.stream()
                        .filter(base -> base.position().isBefore(segment.span().to()))
                        .iterator();
        if (!bases.hasNext()) {
            return;
        }
        Position base = bases.next().position();
        try (SegmentTransactions all = SegmentTransactions.open(archive, segment, temporary)) {
            while (all.hasNext()) {
                TransactionRecord transaction = all.next();
                if (base.isBefore(transaction.position())) {
                    begins.add(transaction);
                    while (base.isBefore(transaction.position())) {
                        if (!bases.hasNext()) {
                            return;
                        }
                        base = bases.next().position();
                    }
                }
            }
        }
    }

    /** Those that lie before a transaction of the segment, by its index. */
    List<TableBase> takeBefore(int transaction) {
        List<TableBase> taken = List.of();
        while (!begins.isEmpty() && begins.getFirst().index() <= transaction) {
            List<TableBase> more = takeBefore(begins.removeFirst().position());
            taken = Stream.concat(taken.stream(), more.stream()).toList();
        }
        return taken;
    }

    /** Those that lie before the end of a transaction. */
    List<TableBase> takeBefore(Position end) {
        List<TableBase> taken =
                waiting.stream().filter(base -> base.position().isBefore(end)).toList();
        waiting.removeAll(taken);
        return taken;
    }

    /** All that are left: the cut has reached them. */
    List<TableBase> takeRest() {
        List<TableBase> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }
}

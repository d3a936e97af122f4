package dev.tidemark.archive.fold;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of a plan that start from a base of their own, on the way to it: changes of a table
 * count once its base is taken out here. For one thread.
 */
final class TableStarts {
    private final Planner planner;
    private final List<TableBase> waiting; // by position
    private List<TransactionRecord> transactions = List.of();
    private int looked; // the transaction of the last answer

    TableStarts(Planner planner, List<TableBase> bases) {
        this.planner = planner;
        this.waiting = new ArrayList<>(bases);
        waiting.sort(comparing(TableBase::position));
    }

    /** Does what is known of the table up to here count for nothing? */
    boolean isWaiting(long table) {
        return !waiting.isEmpty() && waiting.stream().anyMatch(base -> base.table() == table);
    }

    /** The segment's transactions come next; they are read when a base lies among them. */
    void enter(Manifest segment) throws IOException {
        boolean isWithin =
                !waiting.isEmpty() && waiting.getFirst().position().isBefore(segment.span().to());
        transactions = isWithin ? planner.transactions(segment) : List.of();
        looked = -1;
    }

    /** Those that lie before a transaction of the segment, by its index. */
    List<TableBase> takeBefore(int transaction) {
        if (transactions.isEmpty() || transaction == looked) {
            return List.of(); // as for almost every change
        }
        looked = transaction;
        return takeBefore(transactions.get(transaction).position());
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

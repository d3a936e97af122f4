package dev.tidemark.replay.search;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Keeps the newest of many changes. For one thread. */
final class Newest {
    /**
     * One of them.
     *
     * @param claim whom the row names as who made it
     */
    record Kept(ScannedChange change, ChangeKind kind, Optional<String> claim) {}

    private final int max;
    private final PriorityQueue<Kept> kept =
            new PriorityQueue<>(Comparator.comparing((Kept one) -> one.change().place()));

    Newest(int max) {
        this.max = max;
    }

    void add(ScannedChange change, ChangeKind kind, Optional<String> claim) {
        if (kept.size() < max) {
            kept.add(new Kept(change, kind, claim));
        } else if (max > 0 && kept.element().change().place().compareTo(change.place()) < 0) {
            kept.remove();
            kept.add(new Kept(change, kind, claim));
        }
    }

    /** The newest first. */
    List<Kept> inOrder() {
        return kept.stream()
                .sorted(Comparator.comparing((Kept one) -> one.change().place()).reversed())
                .toList();
    }
}

package dev.tidemark.replay.search;

import dev.tidemark.archive.parquet.Committed;
import dev.tidemark.replay.history.Actor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds incidents among transactions that come in commit order. For one thread. */
final class Bursts {
    /** A person's or script's pause; who comes back after it begins something else. */
    private static final Duration PAUSE_MAX = Duration.ofMinutes(5);

    /** Fewer changes are what people do all day. */
    private static final int CHANGES_MIN = 10;

    /** More than anybody looks at; of more the largest are kept. */
    private static final int INCIDENTS_MAX = 10_000;

    /** Who does what. */
    private record Of(Optional<String> actor, Actor.Known known, List<Deeds.Shape> what) {}

    private static final class Burst {
        final Committed first;
        Committed last;
        long transactions;
        long changes;

        Burst(Committed first) {
            this.first = first;
            this.last = first;
        }
    }

    private final Map<Of, Burst> open = new HashMap<>();
    private final List<Incident> found = new ArrayList<>();

    void add(Committed transaction, Actor actor, Deeds.Done done) {
        Of of = new Of(actor.name(), actor.known(), done.shapes());
        Burst burst = open.get(of);
        if (burst != null && isPause(burst.last, transaction)) {
            end(of, burst);
            burst = null;
        }
        if (burst == null) {
            burst = new Burst(transaction);
            open.put(of, burst);
        }
        burst.last = transaction;
        burst.transactions++;
        burst.changes += done.all();
    }

    private static boolean isPause(Committed before, Committed next) {
        return Duration.between(before.commitTime(), next.commitTime()).compareTo(PAUSE_MAX) > 0;
    }

    private void end(Of of, Burst burst) {
        if (burst.changes >= CHANGES_MIN) {
            found.add(incident(of, burst));
            if (found.size() > 2 * INCIDENTS_MAX) {
                found.sort(LARGEST_FIRST);
                found.subList(INCIDENTS_MAX, found.size()).clear();
            }
        }
    }

    private static Incident incident(Of of, Burst burst) {
        return new Incident(
                of.actor(),
                of.known(),
                of.what().stream()
                        .map(
                                one ->
                                        new Incident.What(
                                                one.table(), one.kind().toString(), one.columns()))
                        .toList(),
                burst.transactions,
                burst.changes,
                burst.first.commitTime(),
                burst.last.commitTime(),
                burst.first.position(),
                burst.first.xid(),
                burst.last.position());
    }

    private static final Comparator<Incident> LARGEST_FIRST =
            Comparator.comparingLong(Incident::changes)
                    .reversed()
                    .thenComparing(Incident::from, Comparator.reverseOrder());

    /** A stretch ends: what comes next may be hours later, or of another cluster. */
    void endAll() {
        open.forEach(this::end);
        open.clear();
    }

    /** The largest first. */
    List<Incident> largest(int max) {
        endAll();
        found.sort(LARGEST_FIRST);
        return List.copyOf(found.subList(0, Math.min(max, found.size())));
    }
}

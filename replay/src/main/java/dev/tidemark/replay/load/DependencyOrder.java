package dev.tidemark.replay.load;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts steps into rounds: each step comes in a later round than what it references, steps of one
 * round have the same rank and do not need each other. Among what is possible the lowest rank goes
 * first, so equal steps come out in equal order.
 */
final class DependencyOrder {
    private static final Comparator<Step> BY_RANK =
            comparing(Step::rank).thenComparing(Step::sortKey).thenComparing(Step::reference);

    private final Map<String, Step> steps = new HashMap<>();
    private final Map<String, Integer> waitingFor = new HashMap<>();
    private final Map<String, List<String>> waiters = new HashMap<>();
    private final TreeSet<Step> blocked = new TreeSet<>(BY_RANK);
    private final TreeSet<Step> ready = new TreeSet<>(BY_RANK);

    private DependencyOrder(Collection<Step> all) {
        all.forEach(step -> steps.put(step.reference(), step));
        for (Step step : all) {
            Set<String> needs = new HashSet<>(step.references());
            needs.retainAll(steps.keySet());
            needs.remove(step.reference());
            needs.forEach(
                    need ->
                            waiters.computeIfAbsent(need, any -> new ArrayList<>())
                                    .add(step.reference()));
            waitingFor.put(step.reference(), needs.size());
            (needs.isEmpty() ? ready : blocked).add(step);
        }
    }

    /** The rounds; references to steps that are not among them are taken as met. */
    static List<List<Step>> rounds(Collection<Step> steps) {
        return new DependencyOrder(steps).rounds();
    }

    private List<List<Step>> rounds() {
        List<List<Step>> rounds = new ArrayList<>();
        while (!ready.isEmpty() || !blocked.isEmpty()) {
            if (ready.isEmpty()) {
                // A circle that PostgreSQL only has after CREATE OR REPLACE. Its first step may
                // work
                // out of order (bodies are not checked), and if not, the server says what is
                // missing.
                ready.add(blocked.removeFirst());
            }
            List<Step> round = nextRound();
            round.forEach(this::release);
            rounds.add(round);
        }
        return rounds;
    }

    private List<Step> nextRound() {
        Rank lowest = ready.first().rank();
        List<Step> round = new ArrayList<>();
        while (!ready.isEmpty() && ready.first().rank() == lowest) {
            round.add(ready.removeFirst());
        }
        return round;
    }

    private void release(Step done) {
        for (String waiter : waiters.getOrDefault(done.reference(), List.of())) {
            Step step = steps.get(waiter);
            if (step != null
                    && waitingFor.merge(waiter, -1, Integer::sum) == 0
                    && blocked.remove(step)) {
                ready.add(step);
            }
        }
    }
}

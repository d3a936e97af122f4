package dev.tidemark.cli.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often each kind of action was done, and failed; for one thread. */
final class Tally {
    private final Map<String, Integer> done = new TreeMap<>();
    private final Map<String, Integer> failed = new TreeMap<>();

    private int restored;
    private int refused;

    void restored() {
        restored++;
    }

    void refused() {
        refused++;
    }

    /** Moments that were restored and compared. */
    int restoredMoments() {
        return restored;
    }

    /** Moments that Tidemark says it does not know. */
    int refusedMoments() {
        return refused;
    }

    void done(String action) {
        done.merge(action, 1, Integer::sum);
    }

    void failed(String action, String reason) {
        failed.merge(action + ": " + reason, 1, Integer::sum);
    }

    void add(Tally other) {
        restored += other.restored;
        refused += other.refused;
        other.done.forEach((action, count) -> done.merge(action, count, Integer::sum));
        other.failed.forEach((action, count) -> failed.merge(action, count, Integer::sum));
    }

    int statements() {
        return done.values().stream().mapToInt(Integer::intValue).sum() + failures();
    }

    int failures() {
        return failed.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What fails most. */
    List<String> failuresMost(int most) {
        List<String> lines = new ArrayList<>();
        failed.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(most)
                .forEach(entry -> lines.add(entry.getValue() + " × " + entry.getKey()));
        return lines;
    }

    @Override
    public String toString() {
        return done.toString();
    }
}

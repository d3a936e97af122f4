package dev.tidemark.replay.load;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which steps come before the rows: the tables and all that they need, whatever its kind; and what
 * would rather be early, if all that it needs is early too (a function that returns rows of a view
 * waits for the view).
 */
record Stages(List<Step> before, List<Step> after) {
    /**
     * @param hard references of steps that must come before the rows
     * @param late references of steps that come after the rows unless a hard one needs them
     */
    static Stages of(Collection<Step> steps, Set<String> hard, Set<String> late) {
        Map<String, Step> byReference = new HashMap<>();
        steps.forEach(step -> byReference.put(step.reference(), step));
        Set<String> needed = closure(byReference, hard);
        Set<String> delayed = dependents(steps, late, needed);
        List<Step> before = new ArrayList<>();
        List<Step> after = new ArrayList<>();
        for (Step step : steps) {
            (delayed.contains(step.reference()) ? after : before).add(step);
        }
        return new Stages(before, after);
    }

    private static Set<String> closure(Map<String, Step> steps, Set<String> roots) {
        Set<String> reached = new HashSet<>();
        Deque<String> todo = new ArrayDeque<>(roots);
        while (!todo.isEmpty()) {
            String reference = todo.remove();
            Step step = steps.get(reference);
            if (step != null && reached.add(reference)) {
                todo.addAll(step.references());
            }
        }
        return reached;
    }

    /** The late steps and all that need one of them, without those that are needed early. */
    private static Set<String> dependents(
            Collection<Step> steps, Set<String> late, Set<String> needed) {
        Map<String, List<String>> dependents = new HashMap<>();
        for (Step step : steps) {
            for (String reference : step.references()) {
                dependents
                        .computeIfAbsent(reference, any -> new ArrayList<>())
                        .add(step.reference());
            }
        }
        Set<String> delayed = new HashSet<>();
        Deque<String> todo = new ArrayDeque<>(late);
        while (!todo.isEmpty()) {
            String reference = todo.remove();
            if (!needed.contains(reference) && delayed.add(reference)) {
                todo.addAll(dependents.getOrDefault(reference, List.of()));
            }
        }
        return delayed;
    }
}

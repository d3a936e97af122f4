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
import java.util.stream.Collectors;

/**
 * Which steps come before the rows: the tables and all that they need, whatever its kind; and what
 * would rather be early, if all that it needs is early too (a function that returns rows of a view
 * waits for the view). What comes after the rows is in two parts, between which rows may come that
 * name what the first one makes.
 */
record Stages(List<Step> before, List<Step> after, List<Step> last) {
    /**
     * @param hard references of steps that must come before the rows
     * @param late references of steps that come after the rows unless a hard one needs them
     */
    static Stages of(Collection<Step> steps, Set<String> hard, Set<String> late) {
        Map<String, Step> byReference = new HashMap<>();
        steps.forEach(step -> byReference.put(step.reference(), step));
        Set<String> needed = closure(byReference, hard);
        Set<String> delayed = dependents(steps, late, needed);
        Set<String> ofAllRows =
                steps.stream()
                        .filter(step -> step.rank().isAfterAllRows())
                        .map(Step::reference)
                        .collect(Collectors.toSet());
        Set<String> delayedMore = dependents(steps, ofAllRows, needed);
        List<Step> before = new ArrayList<>();
        List<Step> after = new ArrayList<>();
        List<Step> last = new ArrayList<>();
        for (Step step : steps) {
            if (!delayed.contains(step.reference())) {
                before.add(step);
            } else {
                (delayedMore.contains(step.reference()) ? last : after).add(step);
            }
        }
        return new Stages(before, after, last);
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

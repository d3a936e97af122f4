package dev.tidemark.replay.load;

import static java.util.stream.Collectors.toSet;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys, indexes and constraints of tables that are wanted first, as far as they need nothing
 * that comes later. What a table needs alone follows its rows; what needs several of these tables,
 * such as a foreign key between them, follows the last of them.
 *
 * @param tables their ids
 * @param ofTables statements by the table's id, in order
 * @param among statements that need several, in order
 * @param references the steps that all of them are of
 */
record EarlySteps(
        Set<Long> tables,
        Map<Long, List<String>> ofTables,
        List<String> among,
        Set<String> references) {
    private static final Set<Rank> RANKS =
            Set.of(
                    Rank.KEY_BUILD,
                    Rank.INDEX_BUILD,
                    Rank.INDEX_ATTACHMENT,
                    Rank.CHECK,
                    Rank.STATISTICS,
                    Rank.FOREIGN_KEY);

    private static final String TABLE = "table:";

    EarlySteps {
        tables = Set.copyOf(tables);
        ofTables = Map.copyOf(ofTables);
        among = List.copyOf(among);
        references = Set.copyOf(references);
    }

    /**
     * Of what would come after the rows.
     *
     * @param first ids of the tables
     */
    static EarlySteps of(Catalog catalog, Collection<Step> late, Set<Long> first) {
        Map<String, String> wholes = new HashMap<>();
        for (CatalogObject object : catalog.objects()) {
            object.partOf().ifPresent(whole -> wholes.put(object.reference(), whole));
        }
        Set<String> tables = first.stream().map(id -> TABLE + id).collect(toSet());
        List<Step> possible = new ArrayList<>();
        for (Step step : late) {
            boolean isOfThem = tables.contains(wholes.getOrDefault(step.reference(), ""));
            if (isOfThem && RANKS.contains(step.rank()) && needsOnly(step, tables)) {
                possible.add(step);
            }
        }
        removeWaiting(possible, late);
        return inOrder(first, possible, wholes);
    }

    /** A foreign key names the other table, whose rows it needs. */
    private static boolean needsOnly(Step step, Set<String> tables) {
        return step.references().stream()
                .filter(reference -> reference.startsWith(TABLE))
                .allMatch(tables::contains);
    }

    /** Those that need a step which comes later, again and again until there is none. */
    private static void removeWaiting(List<Step> possible, Collection<Step> late) {
        Set<String> later = late.stream().map(Step::reference).collect(toSet());
        possible.forEach(step -> later.remove(step.reference()));
        boolean isChanged = true;
        while (isChanged) {
            List<Step> waiting =
                    possible.stream()
                            .filter(step -> step.references().stream().anyMatch(later::contains))
                            .toList();
            waiting.forEach(step -> later.add(step.reference()));
            isChanged = possible.removeAll(waiting);
        }
    }

    private static EarlySteps inOrder(
            Set<Long> first, List<Step> steps, Map<String, String> wholes) {
        Map<Long, List<String>> ofTables = new HashMap<>();
        List<String> among = new ArrayList<>();
        Set<String> shared = new HashSet<>();
        for (List<Step> round : DependencyOrder.rounds(steps)) {
            for (Step step : round) {
                String whole = wholes.getOrDefault(step.reference(), "");
                boolean isShared =
                        step.rank() == Rank.FOREIGN_KEY
                                || step.references().stream()
                                        .anyMatch(
                                                need ->
                                                        shared.contains(need)
                                                                || !isOf(need, whole, wholes));
                if (isShared) {
                    shared.add(step.reference());
                    among.addAll(step.statements());
                } else {
                    long id = Long.parseLong(whole.substring(TABLE.length()));
                    ofTables.computeIfAbsent(id, any -> new ArrayList<>())
                            .addAll(step.statements());
                }
            }
        }
        return new EarlySteps(
                first, ofTables, among, steps.stream().map(Step::reference).collect(toSet()));
    }

    /** Is it the table, a part of it, or no part of any? */
    private static boolean isOf(String need, String table, Map<String, String> wholes) {
        return need.startsWith(TABLE)
                ? need.equals(table)
                : wholes.getOrDefault(need, table).equals(table);
    }
}

package dev.tidemark.replay.search;

import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells apart tables of one cluster that had the same name in a window, one after the other: as
 * when one was dropped and made anew. Each is a life of the name, counted in the order in which
 * they had it. Immutable.
 */
final class Lives {
    /** A name in a cluster. */
    private record Of(String system, String name) {}

    private final List<String> systems; // of the stretches
    private final Map<Of, List<Long>> tables = new HashMap<>();

    /**
     * @param stretches of the window
     */
    Lives(List<StretchShapes> stretches) {
        this.systems = stretches.stream().map(StretchShapes::system).toList();
        for (StretchShapes stretch : stretches) {
            for (Table table : stretch.inWindow()) {
                List<Long> there =
                        tables.computeIfAbsent(
                                new Of(stretch.system(), table.displayName()),
                                first -> new ArrayList<>(1));
                if (!there.contains(table.id())) {
                    there.add(table.id());
                }
            }
        }
    }

    /** Which of its name's a table is, from 1; empty where it is the only one. */
    Optional<Integer> of(int stretch, Table table) {
        List<Long> all = of(systems.get(stretch), table.displayName());
        int at = all.indexOf(table.id());
        return all.size() > 1 && at >= 0 ? Optional.of(at + 1) : Optional.empty();
    }

    private List<Long> of(String system, String name) {
        return tables.getOrDefault(new Of(system, name), List.of());
    }

    /** That a name means several tables, for people. */
    List<String> notes(String name) {
        return systems.stream()
                .distinct()
                .map(system -> of(system, name).size())
                .filter(count -> count > 1)
                .map(
                        count ->
                                "%d tables had the name %s in this time, one after the other: changes of all of them are found, told apart as life 1 to %d of the name"
                                        .formatted(count, name, count))
                .toList();
    }
}

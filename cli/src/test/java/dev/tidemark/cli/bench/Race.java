package dev.tidemark.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All contenders over one leg, several rounds, in turn, so that noise hits all alike. */
record Race(Site site, List<Contender> contenders, int rounds) {
    /**
     * Goals of the capture, beside the contenders of these names; docs/benchmarks.md says whose.
     */
    private static final Map<String, Double> GOALS = Map.of("pg_recvlogical", 0.5);

    /** The median rate of each, the last contender's beside all others. */
    List<Figure> run(Leg leg) throws Exception {
        Map<Contender, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : contenders) {
                double rate =
                        Slots.onCopy(
                                site, leg, slot -> rate(leg, contender.read(leg, slot).toNanos()));
                rates.computeIfAbsent(contender, any -> new ArrayList<>()).add(rate);
                System.err.printf("%s, %s: %,.0f changes/s%n", leg.name(), contender.name(), rate);
            }
        }
        return figures(leg, rates);
    }

    static double rate(Leg leg, long nanos) {
        return leg.changes() * 1e9 / nanos;
    }

    private static List<Figure> figures(Leg leg, Map<Contender, List<Double>> rates) {
        List<Figure> lines = new ArrayList<>();
        rates.forEach((contender, found) -> lines.add(figure(leg, contender, found)));
        Figure ours = lines.getLast();
        List<Figure> others = List.copyOf(lines.subList(0, lines.size() - 1));
        if (!others.isEmpty()) {
            lines.removeLast();
        }
        List<Contender> names = List.copyOf(rates.keySet());
        for (int i = 0; i < others.size(); i++) {
            String name = names.get(i).name();
            Optional<Double> goal = Optional.ofNullable(GOALS.get(name));
            lines.add(ours.beside(name, others.get(i).value(), goal));
        }
        return lines;
    }

    private static Figure figure(Leg leg, Contender contender, List<Double> rates) {
        return Figure.ofRounds(leg.name() + ": " + contender.name(), rates, "changes/s");
    }
}

package dev.tidemark.cli.bench;

import dev.tidemark.cli.bench.Figure.Spread;
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
    private static final Map<String, Double> GOALS = Map.of("pg_recvlogical", 0.35);

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
        Figure ours = lines.removeLast();
        List<Contender> others = new ArrayList<>(rates.keySet()).subList(0, lines.size());
        for (int i = 0; i < others.size(); i++) {
            String name = others.get(i).name();
            lines.add(
                    ours.beside(name, lines.get(i).value(), Optional.ofNullable(GOALS.get(name))));
        }
        return others.isEmpty() ? List.of(ours) : lines;
    }

    private static Figure figure(Leg leg, Contender contender, List<Double> rates) {
        List<Double> sorted = rates.stream().sorted().toList();
        return new Figure(
                leg.name() + ": " + contender.name(),
                sorted.get(sorted.size() / 2),
                "changes/s",
                Optional.of(new Spread(sorted.getFirst(), sorted.getLast())),
                Optional.empty());
    }
}

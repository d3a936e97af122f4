package dev.tidemark.cli.bench;

import dev.tidemark.cli.output.Figures;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of the result.
 *
 * @param spread lowest and highest of the rounds, when there were several; shows how noisy the
 *     machine was
 */
record Figure(
        String metric, double value, String unit, Optional<Spread> spread, Optional<Ratio> ratio) {
    /** Of a value over the rounds. */
    record Spread(double lowest, double highest) {}

    /**
     * The value beside another one of the same run.
     *
     * @param to what that is
     * @param goal empty when there is none yet
     * @param isUpperBound is less better?
     */
    record Ratio(String to, double value, Optional<Double> goal, boolean isUpperBound) {
        Optional<Boolean> isMet() {
            return goal.map(bound -> isUpperBound ? value <= bound : value >= bound);
        }

        String goalText() {
            return goal.map(
                            bound ->
                                    String.format(
                                            Locale.ROOT,
                                            "%s %.2f",
                                            isUpperBound ? "at most" : "at least",
                                            bound))
                    .orElse("");
        }

        String text() {
            return String.format(Locale.ROOT, "%.2f x %s", value, to);
        }
    }

    static Figure of(String metric, double value, String unit) {
        return new Figure(metric, value, unit, Optional.empty(), Optional.empty());
    }

    /** The median of several rounds. */
    static Figure ofRounds(String metric, List<Double> values, String unit) {
        List<Double> sorted = values.stream().sorted().toList();
        Optional<Spread> spread =
                sorted.size() == 1
                        ? Optional.empty()
                        : Optional.of(new Spread(sorted.getFirst(), sorted.getLast()));
        return new Figure(metric, sorted.get(sorted.size() / 2), unit, spread, Optional.empty());
    }

    /** The same, beside another value. */
    Figure beside(String to, double other, Optional<Double> goal) {
        return new Figure(
                metric,
                value,
                unit,
                spread,
                Optional.of(new Ratio(to, value / other, goal, false)));
    }

    /** The same, as a share of a limit. */
    Figure within(String to, double limit) {
        return new Figure(
                metric,
                value,
                unit,
                spread,
                Optional.of(new Ratio(to, value / limit, Optional.of(1.0), true)));
    }

    /** The same, beside another value that it should not exceed by much. */
    Figure atMost(String to, double other, double goal) {
        return new Figure(
                metric,
                value,
                unit,
                spread,
                Optional.of(new Ratio(to, value / other, Optional.of(goal), true)));
    }

    String valueText() {
        return switch (unit) {
            case "bytes" -> Figures.bytes(Math.round(value));
            case "ms" -> String.format(Locale.ROOT, "%.1f ms", value);
            case "seconds" -> String.format(Locale.ROOT, "%.1f s", value);
            default -> Figures.count(Math.round(value)) + " " + unit;
        };
    }

    /** How far the rounds were apart. */
    String spreadText() {
        return spread.map(
                        found ->
                                Figures.count(Math.round(found.lowest()))
                                        + " to "
                                        + Figures.count(Math.round(found.highest())))
                .orElse("");
    }
}

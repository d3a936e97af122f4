package dev.tidemark.cli.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToDoubleFunction;

/**
 * When something that shrinks will be used up: the straight line of least squares through what it
 * was in the last minutes. For one thread.
 */
final class Forecast {
    /** Longer than a burst of imports, short enough to follow a new pace. */
    static final Duration SPAN = Duration.ofMinutes(10);

    /** A line through less would follow every jump. */
    static final Duration SPAN_MIN = Duration.ofMinutes(1);

    private record Sample(Instant time, double value) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Takes what it is now; the seconds until it is zero, or NaN when it does not shrink. */
    double add(Instant now, double value) {
        samples.addLast(new Sample(now, value));
        while (samples.getFirst().time().isBefore(now.minus(SPAN))) {
            samples.removeFirst();
        }
        Duration span = Duration.between(samples.getFirst().time(), now);
        if (span.compareTo(SPAN_MIN) < 0) {
            return Double.NaN;
        }
        double slope = slope();
        return slope < 0 ? value / -slope : Double.NaN;
    }

    /** What was is no guide any more. */
    void forget() {
        samples.clear();
    }

    /** In units a second. */
    private double slope() {
        Instant origin = samples.getFirst().time();
        double meanTime = mean(sample -> seconds(origin, sample));
        double meanValue = mean(Sample::value);
        double product = 0;
        double square = 0;
        for (Sample sample : samples) {
            double time = seconds(origin, sample) - meanTime;
            product += time * (sample.value() - meanValue);
            square += time * time;
        }
        return product / square;
    }

    private double mean(ToDoubleFunction<Sample> of) {
        return samples.stream().mapToDouble(of).average().orElse(0);
    }

    private static double seconds(Instant origin, Sample sample) {
        return Reading.seconds(Duration.between(origin, sample.time()));
    }
}

package dev.tidemark.cli.command;

import dev.tidemark.cli.output.Figures;
import java.time.Duration;
import java.util.Optional;

/** What {@code info} says of an objective. */
final class Objective {
    private Objective() {}

    /**
     * As the end of a line; nothing without an objective.
     *
     * @param isMet empty when that is not known
     */
    static String words(Optional<Duration> objective, Optional<Boolean> isMet) {
        return objective
                .map(
                        most ->
                                ", objective %s%s"
                                        .formatted(
                                                Figures.duration(most),
                                                isMet.map(met -> met ? ": met" : ": NOT MET")
                                                        .orElse("")))
                .orElse("");
    }
}

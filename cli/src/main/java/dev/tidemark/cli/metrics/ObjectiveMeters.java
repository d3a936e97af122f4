package dev.tidemark.cli.metrics;

import dev.tidemark.cli.config.ObjectiveSettings;
import java.time.Duration;

/** What was promised, and what is. */
final class ObjectiveMeters {
    private ObjectiveMeters() {}

    static void register(Meters meters, ObjectiveSettings objectives, boolean isArchiveSeen) {
        meters.gauge(
                "tidemark_rpo_seconds",
                "how much work would be lost now: the lag of the archive, or in a process without archiver that of capture",
                ObjectiveMeters::rpo);
        objectives.rpo().ifPresent(rpo -> registerRpo(meters, rpo));
        objectives
                .rto()
                .ifPresent(
                        rto -> {
                            double limit = Reading.seconds(rto);
                            meters.gauge(
                                    "tidemark_rto_objective_seconds",
                                    "objectives.rto",
                                    reading -> limit);
                            if (isArchiveSeen) {
                                meters.gauge(
                                        "tidemark_rto_objective_met",
                                        "1: the last restore took no longer than objectives.rto; NaN: never measured",
                                        reading -> met(LedgerMeters.rto(reading), limit));
                            }
                        });
    }

    private static double met(double now, double limit) {
        return Double.isNaN(now) ? now : Meters.flag(now <= limit);
    }

    private static void registerRpo(Meters meters, Duration objective) {
        double limit = Reading.seconds(objective);
        meters.gauge("tidemark_rpo_objective_seconds", "objectives.rpo", reading -> limit);
        meters.gauge(
                "tidemark_rpo_objective_met",
                "1: no more work would be lost now than objectives.rpo says; NaN: not known, or on standby",
                reading -> met(rpo(reading), limit));
    }

    private static double rpo(Reading reading) {
        return reading.archiver().isPresent()
                ? ArchiverMeters.lag(reading)
                : CaptureMeters.lag(reading);
    }
}

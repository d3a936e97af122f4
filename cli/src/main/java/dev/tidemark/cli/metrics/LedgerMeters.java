package dev.tidemark.cli.metrics;

import dev.tidemark.archive.ledger.LedgerEntry;
import java.util.Optional;
import java.util.function.Function;

/** What there is to measure of how the archive was proven. */
final class LedgerMeters {
    private LedgerMeters() {}

    static void register(Meters meters) {
        meters.gauge(
                "tidemark_verified_timestamp_seconds",
                "when 'tidemark verify' last found the archive whole; NaN: never",
                reading -> time(reading, LedgerSample::verified));
        meters.gauge(
                "tidemark_verified_manifest_number",
                "number of the newest manifest then; NaN: never",
                reading ->
                        entry(reading, LedgerSample::verified)
                                .map(entry -> (double) entry.manifest())
                                .orElse(Double.NaN));
        meters.gauge(
                "tidemark_restored_timestamp_seconds",
                "when a database was last restored whole from the archive; NaN: never",
                reading -> time(reading, LedgerSample::restored));
        meters.gauge(
                "tidemark_rto_seconds",
                "how long that restore took; NaN: never measured",
                LedgerMeters::rto);
        meters.gauge(
                "tidemark_drill_timestamp_seconds",
                "when 'tidemark drill' last ended, well or not; NaN: never",
                reading -> time(reading, LedgerSample::drilled));
        meters.gauge(
                "tidemark_drill_good",
                "1: that drill's database was as it should be; 0: it was not, or the drill broke off; NaN: never",
                reading ->
                        entry(reading, LedgerSample::drilled)
                                .map(entry -> entry.good() ? 1.0 : 0.0)
                                .orElse(Double.NaN));
        meters.gauge(
                "tidemark_drill_seconds",
                "how long that drill took; NaN: never",
                reading ->
                        entry(reading, LedgerSample::drilled)
                                .map(entry -> Reading.seconds(entry.took()))
                                .orElse(Double.NaN));
    }

    static double rto(Reading reading) {
        return entry(reading, LedgerSample::restored)
                .map(entry -> Reading.seconds(entry.took()))
                .orElse(Double.NaN);
    }

    private static double time(
            Reading reading, Function<LedgerSample, Optional<LedgerEntry>> which) {
        return entry(reading, which)
                .map(entry -> Reading.unixTime(entry.time()))
                .orElse(Double.NaN);
    }

    private static Optional<LedgerEntry> entry(
            Reading reading, Function<LedgerSample, Optional<LedgerEntry>> which) {
        return reading.ledger().flatMap(which);
    }
}

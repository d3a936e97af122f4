package dev.tidemark.cli.metrics;

import dev.tidemark.archive.ledger.DrillVerdict;
import dev.tidemark.archive.ledger.LedgerEntry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
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
        registerDrills(meters);
    }

    private static void registerDrills(Meters meters) {
        meters.gauge(
                "tidemark_drill_timestamp_seconds",
                "when 'tidemark drill' last ended, well or not; NaN: never",
                reading -> time(reading, LedgerSample::drilled));
        meters.gauge(
                "tidemark_drill_good",
                "1: that drill's database was as it should be; 0: it was not, or the drill broke off; NaN: never",
                reading ->
                        entry(reading, LedgerSample::drilled)
                                .map(entry -> Meters.flag(entry.good()))
                                .orElse(Double.NaN));
        meters.gauge(
                "tidemark_drill_seconds",
                "how long that drill took; NaN: never",
                reading ->
                        entry(reading, LedgerSample::drilled)
                                .map(entry -> Reading.seconds(entry.took()))
                                .orElse(Double.NaN));
        for (DrillVerdict verdict : DrillVerdict.values()) {
            meters.gauge(
                    "tidemark_drill_verdict",
                    "1 for what that drill came to",
                    Tags.of("verdict", verdict.name().toLowerCase(Locale.ROOT)),
                    reading -> is(reading, verdict));
        }
        meters.gauge(
                "tidemark_drill_good_timestamp_seconds",
                "when a drill last ended well; NaN: never",
                reading -> time(reading, LedgerSample::drilledWell));
        meters.gauge(
                "tidemark_drill_rto_seconds",
                "how long the restore of that one took; NaN: never measured",
                reading ->
                        entry(reading, LedgerSample::drilledWell)
                                .flatMap(LedgerEntry::drill)
                                .flatMap(LedgerEntry.Drill::restored)
                                .map(Reading::seconds)
                                .orElse(Double.NaN));
        meters.gauge(
                "tidemark_drill_equal_timestamp_seconds",
                "when a drill last found every table equal to the source; NaN: never",
                reading -> time(reading, LedgerSample::compared));
    }

    private static double is(Reading reading, DrillVerdict verdict) {
        return entry(reading, LedgerSample::drilled)
                .flatMap(LedgerEntry::drill)
                .map(drill -> Meters.flag(drill.is(verdict)))
                .orElse(Double.NaN);
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

package dev.tidemark.cli.metrics;

import dev.tidemark.archiver.ArchiverProgress;
import java.util.function.ToDoubleFunction;

/** What there is to measure of the archiver. */
final class ArchiverMeters {
    private ArchiverMeters() {}

    static void register(Meters meters) {
        counts(meters);
        standpoint(meters);
        meters.gauge(
                "tidemark_archiver_working",
                "1: this archiver reads the change log and publishes",
                of(look -> Meters.flag(look.state() == ArchiverProgress.State.WORKING)));
        meters.gauge(
                "tidemark_archiver_standing_by",
                "1: another archiver works, or Kafka is electing",
                of(look -> Meters.flag(look.state() == ArchiverProgress.State.STANDING_BY)));
    }

    private static void counts(Meters meters) {
        meters.counter(
                "tidemark_archiver_segments_total",
                "segments published",
                of(look -> look.published().segments()));
        meters.counter(
                "tidemark_archiver_changes_total",
                "changes published",
                of(look -> look.published().changes()));
        meters.counter(
                "tidemark_archiver_published_bytes_total",
                "bytes of data files published",
                of(look -> look.published().bytes()));
    }

    private static void standpoint(Meters meters) {
        meters.gauge(
                "tidemark_archiver_archived_position",
                "position of the last commit in the archive",
                of(look -> look.archive().to().value()));
        meters.gauge(
                "tidemark_archiver_archived_timestamp_seconds",
                "commit time of the last commit in the archive",
                of(look -> Reading.unixTime(look.archive().lastCommit())));
        meters.gauge(
                "tidemark_archiver_lag_seconds",
                "time since the last commit in the archive; NaN before it is known, and on standby",
                ArchiverMeters::lag);
        meters.gauge(
                "tidemark_archiver_segment_age_seconds",
                "how long the open segment has had transactions; 0 when it has none",
                ArchiverMeters::segmentAge);
        meters.gauge(
                "tidemark_archiver_manifest_number",
                "number of the last manifest that this archiver published or began from",
                of(look -> look.archive().manifest()));
        meters.gauge(
                "tidemark_archive_gaps",
                "gaps that the archive has recorded",
                of(look -> look.archive().gaps()));
    }

    /** It grows through failures, and is another archiver's on standby. */
    static double lag(Reading reading) {
        return reading.archiver()
                .filter(look -> look.state() != ArchiverProgress.State.STANDING_BY)
                .map(look -> reading.secondsSince(look.archive().lastCommit()))
                .orElse(Double.NaN);
    }

    private static double segmentAge(Reading reading) {
        return reading.archiver()
                .flatMap(ArchiverProgress::openSince)
                .map(reading::secondsSince)
                .orElse(0.0);
    }

    private static ToDoubleFunction<Reading> of(ToDoubleFunction<ArchiverProgress> value) {
        return reading -> value.applyAsDouble(reading.archiver().orElseThrow());
    }
}

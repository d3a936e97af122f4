package dev.tidemark.cli.bench;

import java.sql.SQLException;
import java.time.Duration;

/** Copies of a leg's slot, so that every contender starts at the same place. For one thread. */
final class Slots {
    private static final Duration STREAM_MAX =
            Duration.ofSeconds(60); // an engine starts in some seconds, on a loaded machine too
    private static final Duration RELEASE_MAX =
            Duration.ofSeconds(30); // a walsender notices a closed connection at its next write

    private Slots() {}

    /** What reads from a copy. */
    interface Reading<T> {
        T from(String slot) throws Exception;
    }

    /** Copies the leg's slot, reads from the copy, and drops it. */
    static <T> T onCopy(Site site, Leg leg, Reading<T> reading) throws Exception {
        String copy = leg.slot() + "_copy";
        site.ask("SELECT pg_copy_logical_replication_slot('" + leg.slot() + "', '" + copy + "')");
        try {
            return reading.from(copy);
        } finally {
            awaitRelease(site, copy);
            site.ask("SELECT pg_drop_replication_slot('" + copy + "')");
        }
    }

    /** Returns when somebody reads from the slot. */
    static void awaitStream(Site site, String slot) throws InterruptedException {
        Site.await(STREAM_MAX, "a stream from " + slot, () -> isActive(site, slot));
    }

    /** Returns when nobody reads from the slot. */
    static void awaitRelease(Site site, String slot) throws InterruptedException {
        Site.await(RELEASE_MAX, "the end of the stream from " + slot, () -> !isActive(site, slot));
    }

    private static boolean isActive(Site site, String slot) {
        try {
            return "t"
                    .equals(
                            site.ask(
                                    "SELECT active FROM pg_replication_slots WHERE slot_name = '"
                                            + slot
                                            + "'"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

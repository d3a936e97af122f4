package dev.tidemark.cli.bench;

import java.time.Duration;

/** Somebody who can read a leg from a slot. */
interface Contender {
    /** A leg that takes longer is broken off: a run is bounded. */
    Duration LEG_MAX = Duration.ofMinutes(3);

    String name();

    /**
     * Reads the leg to its end; the time from the start of the stream on, without the start of a
     * program around it.
     */
    Duration read(Leg leg, String slot) throws Exception;
}

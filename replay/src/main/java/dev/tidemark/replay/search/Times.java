package dev.tidemark.replay.search;

import java.io.IOException;
import java.time.Instant;

/** Says when what is at a place was committed. */
interface Times {
    Instant of(Place place) throws IOException;
}

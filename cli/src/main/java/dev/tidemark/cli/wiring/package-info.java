/** The parts put together. In: settings. Out: running services, a first base, an opened archive. */
@NullMarked
package dev.tidemark.cli.wiring;

import org.jspecify.annotations.NullMarked;

/**
 * The benchmark behind {@code make bench}: Tidemark beside other tools on one machine, in one run.
 * In: sizes from the command line. Out: rates, ratios and the goals they are held against. Tests
 * never run it.
 */
@NullMarked
package dev.tidemark.cli.bench;

import org.jspecify.annotations.NullMarked;

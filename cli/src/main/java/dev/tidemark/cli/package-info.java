/**
 * The program's entrance. In: the command line. Out: a command that runs, and its exit code; errors
 * are printed here and nowhere else.
 */
@NullMarked
package dev.tidemark.cli;

import org.jspecify.annotations.NullMarked;

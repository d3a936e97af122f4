/**
 * The commands. In: options and a context that holds all of the outside world. Out: what the
 * command prints, and how it ended.
 */
@NullMarked
package dev.tidemark.cli.command;

import org.jspecify.annotations.NullMarked;

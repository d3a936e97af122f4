/**
 * A person's questions in SQL, one after the other. In: lines from a terminal. Out: whole
 * statements, and answers on the terminal.
 */
@NullMarked
package dev.tidemark.cli.prompt;

import org.jspecify.annotations.NullMarked;

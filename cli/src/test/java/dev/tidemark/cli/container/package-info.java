/**
 * The services as containers, as they run in production; skipped where no Docker engine answers.
 */
@NullMarked
package dev.tidemark.cli.container;

import org.jspecify.annotations.NullMarked;

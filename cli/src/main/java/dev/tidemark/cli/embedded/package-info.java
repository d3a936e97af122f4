/**
 * Real servers without an installation, for the demo, the tests and {@code embedded} in the
 * configuration. In: a directory and settings. Out: a PostgreSQL server or a Kafka broker as a
 * process of its own, which ends with this one.
 */
@NullMarked
package dev.tidemark.cli.embedded;

import org.jspecify.annotations.NullMarked;

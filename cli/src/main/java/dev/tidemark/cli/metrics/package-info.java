/**
 * How the services of a process are, for those who watch. In: their snapshots, looks at source and
 * disks. Out: Prometheus' text and the answers to health checks, over HTTP. No value of the
 * configuration and no error text goes out.
 */
@NullMarked
package dev.tidemark.cli.metrics;

import org.jspecify.annotations.NullMarked;

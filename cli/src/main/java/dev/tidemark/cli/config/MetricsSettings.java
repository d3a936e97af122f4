package dev.tidemark.cli.config;

import java.util.Optional;

/**
 * How services can be watched.
 *
 * @param listen where they answer; nowhere when not given
 */
public record MetricsSettings(Optional<ListenAddress> listen) {}

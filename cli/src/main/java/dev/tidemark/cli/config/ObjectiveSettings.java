package dev.tidemark.cli.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What the operator has promised to others; metrics compare with it.
 *
 * @param rpo work of so long may be lost
 * @param rto a restore may take so long
 */
public record ObjectiveSettings(Optional<Duration> rpo, Optional<Duration> rto) {}

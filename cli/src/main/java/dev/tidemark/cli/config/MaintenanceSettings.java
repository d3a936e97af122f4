package dev.tidemark.cli.config;

/**
 * What the archiver does to keep the archive small and fast.
 *
 * @param merges does it merge segments by itself?
 */
public record MaintenanceSettings(boolean merges) {}

package dev.tidemark.cli.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the archiver does to keep the archive small and fast.
 *
 * @param merges does it merge segments by itself?
 * @param baseInterval it makes a base when the newest one is so old
 * @param baseShare it makes a base when so many percent of the newest one's rows changed since
 * @param expires does it let go what the policy lets go?
 * @param window when it may; empty for always
 * @param bytesPerSecond how much it reads and writes at most; empty for no limit
 */
public record MaintenanceSettings(
        boolean merges,
        Optional<Duration> baseInterval,
        OptionalInt baseShare,
        boolean expires,
        Optional<DailyWindow> window,
        OptionalLong bytesPerSecond) {}

package dev.tidemark.cli.metrics;

import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archiver.ArchiverProgress;
import dev.tidemark.schemas.database.Database;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What runs in this process and can be looked at. The suppliers answer any thread at once.
 *
 * @param services each, with its name
 * @param capture empty where another process captures
 * @param archiver empty where another process archives
 * @param slot the source's, for a process that captures
 * @param archive opens its storage; whoever asks closes it
 */
public record Observed(
        List<ServiceState> services,
        Optional<Supplier<CaptureLook>> capture,
        Optional<Supplier<ArchiverProgress>> archiver,
        Optional<Slot> slot,
        Optional<Supplier<ObjectStore>> archive) {
    public Observed {
        services = List.copyOf(services);
    }

    /**
     * A replication slot.
     *
     * @param source asked for once, by the thread that looks
     */
    public record Slot(Supplier<Database> source, String name) {}
}

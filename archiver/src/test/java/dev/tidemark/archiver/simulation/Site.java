package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A source, its log and its archive, which has a first base; and what was seen there. */
final class Site {
    private static final int EVENTS_SHOWN = 60;

    final Random random;
    final Path folder;
    final ObjectStore store = new MemoryObjectStore();
    final Topic topic = new Topic();
    final Source source;
    final Captures captures;
    private final List<String> events = new ArrayList<>();

    /**
     * @param folder for local files
     */
    Site(Random random, Path folder) throws IOException {
        this.random = random;
        this.folder = folder;
        source = new Source(random);
        captures = new Captures(random, source, topic);
        WrittenArchive written =
                new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        written.base(source.start(), Samples.NOON, source.startCatalog(), source.startRows());
    }

    /** Remembers what happened; a process's helpers may call it too. */
    synchronized void note(String event) {
        events.add(event);
    }

    List<String> events() {
        return events;
    }

    /** The newest events, for people. */
    String lastEvents() {
        int from = Math.max(0, events.size() - EVENTS_SHOWN);
        return String.join("\n", events.subList(from, events.size()));
    }
}

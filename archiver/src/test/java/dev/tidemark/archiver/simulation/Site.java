package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.NamedWriter;
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
    final KeyChain keys;
    final List<SlowStore.Late> underWay = new ArrayList<>();
    final Topic topic = new Topic();
    final Source source;
    final Captures captures;
    private final List<String> events = new ArrayList<>();

    /**
     * @param folder for local files
     * @param keys of an encrypted archive; none for another
     */
    Site(Random random, Path folder, KeyChain keys) throws IOException {
        this.random = random;
        this.folder = folder;
        this.keys = keys;
        source = new Source(random);
        captures = new Captures(random, source, topic);
        WrittenArchive written =
                new WrittenArchive(Archive.create(store, Samples.IDENTITY, keys), folder);
        written.base(source.start(), Samples.NOON, source.startCatalog(), source.startRows());
    }

    /** Adds manifests up to a number, as if the archive were in use for long. */
    void lengthenTo(long last) throws IOException, LostRaceException {
        Archive archive = NamedWriter.open(store, "eeeeeeee");
        Manifest newest = archive.state().newest().orElseThrow();
        while (archive.state().last() < last) {
            archive.commit(
                    new Manifest(
                            ArchiveIdentity.FORMAT,
                            0,
                            "",
                            Manifest.Kind.TABLE_BASE_BEGUN,
                            "",
                            Samples.NOON,
                            1,
                            newest.log(),
                            newest.span(),
                            newest.catalog(),
                            List.of()));
        }
    }

    /** Some write that nobody waits for any more arrives. */
    void arrive() throws IOException {
        if (!underWay.isEmpty()) {
            underWay.remove(random.nextInt(underWay.size())).arrive();
            note("something arrives late");
        }
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

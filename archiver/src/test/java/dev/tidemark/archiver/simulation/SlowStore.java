package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.store.ForwardingObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * A store of which some writes arrive only after their caller gave up: each such call is an
 * IOException now, and has its effect when {@link Late#arrive} is called.
 */
final class SlowStore extends ForwardingObjectStore {
    /** A write that is under way. */
    interface Late {
        void arrive() throws IOException;
    }

    private final List<Late> underWay;
    private final Predicate<String> isLate;
    private int lostRaces;

    /**
     * A store over another.
     *
     * @param underWay where late writes are put
     * @param isLate asked for each write, with the object's name
     */
    SlowStore(ObjectStore store, List<Late> underWay, Predicate<String> isLate) {
        super(store);
        this.underWay = underWay;
        this.isLate = isLate;
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        if (isLate.test(name)) {
            throw late(name, () -> super.putIfAbsent(name, content));
        }
        boolean created = super.putIfAbsent(name, content);
        lostRaces += created ? 0 : 1;
        return created;
    }

    /** How often a name was taken already. */
    int lostRaces() {
        return lostRaces;
    }

    @Override
    public void put(String name, Path file) throws IOException {
        if (isLate.test(name)) {
            byte[] content = Files.readAllBytes(file);
            throw late(name, () -> super.putIfAbsent(name, content));
        }
        super.put(name, file);
    }

    @Override
    public void delete(String name) throws IOException {
        if (isLate.test(name)) {
            throw late(name, () -> super.delete(name));
        }
        super.delete(name);
    }

    private IOException late(String name, Late write) {
        underWay.add(write);
        return new IOException("injected failure: no answer in time for '" + name + "'");
    }
}

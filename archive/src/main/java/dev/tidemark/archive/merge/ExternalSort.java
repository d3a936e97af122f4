package dev.tidemark.archive.merge;

import dev.tidemark.archive.parquet.BriefFile;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.schemas.TidemarkException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts changes of rows by the bytes of their keys, in little memory: what is more goes to local
 * files, and so does each that is large. First all are added, then all come back once. Keys must
 * differ. For one thread.
 */
final class ExternalSort implements AutoCloseable {
    private static final long MEMORY_MAX = 64L * 1024 * 1024;

    /** Of the heap, where that is small: two sorts may be at work beside an archiver. */
    private static final int HEAP_PART = 32;

    /** A change that takes more is in a file of its own. */
    private static final int LARGE_BYTES = 64 * 1024;

    /** Files that are read at a time: each needs its decompressor and a buffer. */
    private static final int FAN_IN_MAX = 64;

    private static final int RECORD_BYTES = 80; // objects around a record, nearly
    private static final Comparator<Item> BY_KEY =
            (one, other) -> Arrays.compareUnsigned(one.key, other.key);

    /**
     * A change.
     *
     * @param content empty for a large one
     * @param place of a large one in their file; −1 for others
     * @param size of the content
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    record Item(byte[] key, byte[] content, long place, int size) {}

    private final Path folder;
    private final long memory;
    private final List<Path> files = new ArrayList<>();
    private final List<RunReader> open = new ArrayList<>();
    private List<Item> items = new ArrayList<>();
    private Optional<LargeRecords> large = Optional.empty();
    private long bytes;

    /**
     * @param folder for files; the caller deletes it
     * @param memory bytes to keep in memory
     */
    ExternalSort(Path folder, long memory) {
        this.folder = folder;
        this.memory = memory;
    }

    /** What is kept in memory unless somebody says otherwise. */
    static long memory() {
        return Math.min(MEMORY_MAX, Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    void add(byte[] key, Change change) throws IOException {
        int size = ChangeBytes.size(change);
        if (size >= LARGE_BYTES) {
            addLarge(key, size, change);
        } else {
            byte[] content = new byte[size];
            ChangeBytes.write(change, ByteBuffer.wrap(content));
            items.add(new Item(key, content, -1, size));
            bytes += size;
        }
        bytes += key.length + RECORD_BYTES;
        if (bytes >= memory) {
            spill();
        }
    }

    private void addLarge(byte[] key, int size, Change change) throws IOException {
        if (large.isEmpty()) {
            large = Optional.of(new LargeRecords(folder));
        }
        long place = large.get().add(size, room -> ChangeBytes.write(change, room));
        items.add(new Item(key, new byte[0], place, size));
    }

    /** The change of an item. */
    Change change(Item item) {
        return ChangeBytes.read(
                item.place < 0
                        ? ByteBuffer.wrap(item.content)
                        : large.orElseThrow().read(item.place, item.size));
    }

    private void spill() throws IOException {
        items.sort(BY_KEY);
        write(items.iterator());
        items = new ArrayList<>();
        bytes = 0;
    }

    /** Writes one more file. */
    private void write(Iterator<Item> sorted) throws IOException {
        try {
            Path file = Files.createTempFile(folder, "sort", ".part");
            files.add(file); // also one that is not finished is deleted with the others
            try (DataOutputStream out = BriefFile.write(file)) {
                for (long n = 0; sorted.hasNext(); n++) {
                    if ((n & 0x3FFF) == 0) {
                        SegmentMerger.checkGoesOn();
                    }
                    Item item = sorted.next();
                    out.writeInt(item.key.length);
                    out.write(item.key);
                    out.writeInt(item.size);
                    out.writeLong(item.place);
                    out.write(item.content);
                }
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot write in " + folder + ": " + TidemarkException.reason(e),
                    "Look whether the disk of the temporary folder is full.",
                    e);
        }
    }

    /** All of them, by key. */
    Iterator<Item> sorted() throws IOException {
        while (files.size() >= FAN_IN_MAX) {
            mergeFirst();
        }
        items.sort(BY_KEY);
        Iterator<Item> inMemory = items.iterator();
        return files.isEmpty() ? inMemory : merged(files, inMemory);
    }

    private void mergeFirst() throws IOException {
        List<Path> some = List.copyOf(files.subList(0, FAN_IN_MAX));
        write(merged(some, List.<Item>of().iterator()));
        closeReaders();
        for (Path file : some) {
            Files.delete(file);
        }
        files.removeAll(some);
    }

    private Iterator<Item> merged(List<Path> from, Iterator<Item> inMemory) throws IOException {
        List<Iterator<Item>> runs = new ArrayList<>();
        for (Path file : from) {
            RunReader run = new RunReader(file);
            open.add(run);
            runs.add(run);
        }
        runs.add(inMemory);
        return new Merge(runs);
    }

    /** The records of several runs as one. */
    private static final class Merge implements Iterator<Item> {
        private record Head(Item item, Iterator<Item> rest) {}

        private final PriorityQueue<Head> heads =
                new PriorityQueue<>(Comparator.comparing(Head::item, BY_KEY));

        Merge(List<Iterator<Item>> runs) {
            runs.forEach(this::advance);
        }

        private void advance(Iterator<Item> run) {
            if (run.hasNext()) {
                heads.add(new Head(run.next(), run));
            }
        }

        @Override
        public boolean hasNext() {
            return !heads.isEmpty();
        }

        @Override
        public Item next() {
            if (heads.isEmpty()) {
                throw new NoSuchElementException();
            }
            Head head = heads.remove();
            advance(head.rest);
            return head.item;
        }
    }

    private static final class RunReader implements Iterator<Item>, AutoCloseable {
        private final Path file;
        private final DataInputStream in;
        private @Nullable Item next;

        RunReader(Path file) throws IOException {
            this.file = file;
            this.in = BriefFile.read(file);
            next = read();
        }

        private @Nullable Item read() {
            try {
                int length;
                try {
                    length = in.readInt();
                } catch (EOFException e) {
                    return null;
                }
                byte[] key = bytes(length);
                int size = in.readInt();
                long place = in.readLong();
                return new Item(key, bytes(place < 0 ? size : 0), place, size);
            } catch (IOException e) {
                throw TidemarkException.failed(
                        "cannot read back " + file + ": " + TidemarkException.reason(e),
                        "Look at the disk of the temporary folder, and run the command again.",
                        e);
            }
        }

        private byte[] bytes(int length) throws IOException {
            byte[] read = in.readNBytes(length);
            if (read.length != length) {
                throw new EOFException("the file ends in the midst of a record");
            }
            return read;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Item next() {
            Item now = next;
            if (now == null) {
                throw new NoSuchElementException();
            }
            next = read();
            return now;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private void closeReaders() throws IOException {
        for (RunReader reader : open) {
            reader.close();
        }
        open.clear();
    }

    @Override
    public void close() throws IOException {
        items = List.of();
        closeReaders();
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        files.clear();
        if (large.isPresent()) {
            large.get().close();
        }
    }
}

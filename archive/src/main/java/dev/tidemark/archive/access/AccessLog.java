package dev.tidemark.archive.access;

import dev.tidemark.archive.crypt.EncryptedFiles;
import dev.tidemark.archive.crypt.UndecryptableException;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * An archive's access log: one object an entry, named by its time, in a folder for each reader, so
 * that a reader needs the right to write that one folder alone. In an encrypted archive entries are
 * encrypted as all its files. For one thread.
 */
public final class AccessLog {
    private static final String FOLDER = "access/";
    private static final int NAMES_MAX = 1_000; // what S3 gives per request
    private static final int READERS = 16; // fewer than a store's client has connections
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final ObjectStore store;
    private final Optional<EncryptedFiles> encryption;

    /**
     * @param encryption of an archive that is encrypted
     */
    public AccessLog(ObjectStore store, Optional<EncryptedFiles> encryption) {
        this.store = store;
        this.encryption = encryption;
    }

    /**
     * Which entries are wanted.
     *
     * @param reader of this one alone; empty for all
     * @param since none that is older; empty for all
     * @param entriesMax at most so many, the newest
     */
    public record Wanted(Optional<String> reader, Optional<Instant> since, int entriesMax) {}

    /**
     * Those that were found, the newest first.
     *
     * @param unreadable names of objects that are no entries of their folder's reader: whoever may
     *     write there can write anything
     * @param total how many there are, with those that were not read
     */
    public record Listed(List<AccessEntry> entries, List<String> unreadable, long total) {
        public Listed {
            entries = List.copyOf(entries);
            unreadable = List.copyOf(unreadable);
        }
    }

    /**
     * Writes an entry. When this returns it is there, and stays.
     *
     * @throws IOException when it may not be there
     */
    public void add(AccessEntry entry) throws IOException {
        String name =
                "%s%s/%s-%s.json"
                        .formatted(
                                FOLDER,
                                entry.reader(),
                                TIME.format(entry.time()),
                                UUID.randomUUID());
        byte[] plain = CanonicalJson.write(entry);
        byte[] stored = encryption.isEmpty() ? plain : encryption.get().encrypt(plain, name);
        if (!store.putIfAbsent(name, stored) && !Arrays.equals(store.get(name), stored)) {
            throw new IOException("another object is there as " + name);
        }
    }

    /** The newest entries. They are read side by side: a storage may take its time for each. */
    public Listed newest(Wanted wanted) throws IOException {
        List<String> names = names(wanted);
        List<AccessEntry> entries = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        List<String> newest = names.subList(0, Math.min(names.size(), wanted.entriesMax()));
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<byte[]>> contents =
                    newest.stream().map(name -> readers.submit(() -> store.get(name))).toList();
            for (int i = 0; i < newest.size(); i++) {
                Optional<byte[]> stored = got(contents.get(i), readers);
                Optional<AccessEntry> entry =
                        stored.isPresent() ? read(newest.get(i), stored.get()) : Optional.empty();
                entry.ifPresentOrElse(entries::add, addTo(unreadable, newest.get(i)));
            }
        }
        return new Listed(entries, unreadable, names.size());
    }

    private static Runnable addTo(List<String> names, String name) {
        return () -> names.add(name);
    }

    /** Empty for an object that only its writer may read. */
    private static Optional<byte[]> got(Future<byte[]> content, ExecutorService readers)
            throws IOException {
        try {
            return Optional.of(content.get());
        } catch (InterruptedException e) {
            readers.shutdownNow();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the access log was read");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AccessDeniedException
                    || e.getCause() instanceof NoSuchFileException) {
                return Optional.empty();
            }
            readers.shutdownNow();
            if (e.getCause() instanceof TidemarkException said) {
                throw said;
            }
            throw e.getCause() instanceof IOException broken ? broken : new IOException(e);
        }
    }

    private Optional<AccessEntry> read(String name, byte[] stored) throws IOException {
        try {
            byte[] plain = encryption.isEmpty() ? stored : encryption.get().decrypt(stored, name);
            AccessEntry entry = CanonicalJson.read(plain, AccessEntry.class, name);
            return Optional.ofNullable(entry) // the text null
                    .filter(one -> name.startsWith(FOLDER + one.reader() + "/"))
                    .filter(one -> one.format() == AccessEntry.FORMAT);
        } catch (UndecryptableException | TidemarkException e) {
            return Optional.empty(); // it is told as one that cannot be read
        }
    }

    /** The newest first. */
    private List<String> names(Wanted wanted) throws IOException {
        String prefix = FOLDER + wanted.reader().map(reader -> reader + "/").orElse("");
        String since = wanted.since().map(TIME::format).orElse("");
        List<String> all = new ArrayList<>();
        for (List<String> names = store.list(prefix, "", NAMES_MAX);
                !names.isEmpty();
                names = store.list(prefix, names.getLast(), NAMES_MAX)) {
            names.stream().filter(name -> last(name).compareTo(since) >= 0).forEach(all::add);
        }
        all.sort(Comparator.comparing(AccessLog::last).thenComparing(name -> name).reversed());
        return all;
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}

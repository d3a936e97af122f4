package dev.tidemark.archive.ledger;

import dev.tidemark.archive.crypt.SealedTexts;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * An archive's ledger: one object an entry, named by its time, so that entries of several writers
 * stand in order. It is beside the chain of manifests; an archive without it is as good. For one
 * thread.
 */
public final class Ledger {
    public static final int FORMAT = 1;
    private static final String FOLDER = "ledger/";
    private static final int ENTRIES_MAX = 100; // what failed so often is worth no more reading
    private static final int NAMES_MAX = 1_000; // what S3 gives per request
    private static final int READERS = 16; // fewer than a store's client has connections
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final ObjectStore store;
    private final SealedTexts texts;

    /** Without a key: who did something in an encrypted archive is neither read nor written. */
    public Ledger(ObjectStore store) {
        this(store, SealedTexts.NONE);
    }

    /** With what seals and opens the texts in it. */
    public Ledger(ObjectStore store, SealedTexts texts) {
        this.store = store;
        this.texts = texts;
    }

    /** Writes an entry; it stays for ever. */
    public void add(LedgerEntry entry) throws IOException {
        String name = name(entry.kind(), entry.time()) + UUID.randomUUID() + ".json";
        store.putIfAbsent(name, CanonicalJson.write(entry.by(sealed(entry.by(), name))));
    }

    private Optional<String> sealed(Optional<String> by, String name) throws IOException {
        return by.isEmpty() || texts.isLocked()
                ? Optional.empty()
                : Optional.of(texts.seal(by.get(), name));
    }

    private Optional<String> opened(Optional<String> by, String name) throws IOException {
        boolean isForeign = // written without the key, and so by anybody
                texts.opensSealed() && by.filter(SealedTexts::isSealed).isEmpty();
        return by.isEmpty() || isForeign
                ? Optional.empty()
                : Optional.of(texts.open(by.get(), name))
                        .filter(text -> !SealedTexts.isSealed(text));
    }

    private static String name(LedgerEntry.Kind kind, Instant time) {
        return FOLDER + kind.name().toLowerCase(Locale.ROOT) + "-" + TIME.format(time) + "-";
    }

    /** The newest entry of a kind that ended well, among the newest of all. */
    public Optional<LedgerEntry> newestGood(LedgerEntry.Kind kind) throws IOException {
        return newest(kind, LedgerEntry::good);
    }

    /** The newest entry of a kind, however it ended. */
    public Optional<LedgerEntry> newest(LedgerEntry.Kind kind) throws IOException {
        return newest(kind, any -> true);
    }

    /** The newest entry of a kind of which something is true, among the newest of all. */
    public Optional<LedgerEntry> newest(LedgerEntry.Kind kind, Predicate<LedgerEntry> isWanted)
            throws IOException {
        List<String> newest = names(kind).reversed();
        for (String name : newest.subList(0, Math.min(newest.size(), ENTRIES_MAX))) {
            LedgerEntry entry = read(name);
            if (isWanted.test(entry) && entry.format() == FORMAT) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /**
     * The newest entries of all kinds that this version knows, the newest first. They are read side
     * by side: a storage may take its time for each.
     */
    public List<LedgerEntry> newest(int entriesMax) throws IOException {
        List<String> names = new ArrayList<>();
        for (LedgerEntry.Kind kind : LedgerEntry.Kind.values()) {
            names.addAll(names(kind));
        }
        names.sort(Comparator.comparing(Ledger::timeIn).reversed());
        List<String> newest = names.subList(0, Math.min(names.size(), entriesMax));
        List<LedgerEntry> entries = new ArrayList<>();
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<byte[]>> contents =
                    newest.stream().map(name -> readers.submit(() -> store.get(name))).toList();
            for (int n = 0; n < newest.size(); n++) {
                LedgerEntry entry = read(newest.get(n), got(contents.get(n), readers));
                if (entry.format() == FORMAT) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }

    private static byte[] got(Future<byte[]> content, ExecutorService readers) throws IOException {
        try {
            return content.get();
        } catch (InterruptedException e) {
            readers.shutdownNow();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the ledger was read");
        } catch (ExecutionException e) {
            readers.shutdownNow();
            if (e.getCause() instanceof TidemarkException said) {
                throw said;
            }
            throw e.getCause() instanceof IOException broken ? broken : new IOException(e);
        }
    }

    private LedgerEntry read(String name) throws IOException {
        return read(name, store.get(name));
    }

    private LedgerEntry read(String name, byte[] content) throws IOException {
        LedgerEntry entry =
                CanonicalJson.read(content, LedgerEntry.class, store.url() + " " + name);
        return entry.by(opened(entry.by(), name));
    }

    /** No kind has a hyphen. */
    private static String timeIn(String name) {
        return name.substring(name.indexOf('-') + 1);
    }

    private List<String> names(LedgerEntry.Kind kind) throws IOException {
        String prefix = FOLDER + kind.name().toLowerCase(Locale.ROOT) + "-";
        List<String> all = new ArrayList<>();
        for (List<String> names = store.list(prefix, "", NAMES_MAX);
                !names.isEmpty();
                names = store.list(prefix, names.getLast(), NAMES_MAX)) {
            all.addAll(names);
        }
        return all;
    }
}

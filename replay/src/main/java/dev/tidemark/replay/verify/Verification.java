package dev.tidemark.replay.verify;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangeDigest;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.parquet.TransactionsReader;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Checks an archive against itself, as deeply as is asked for. The chain of manifests was checked
 * when the archive was opened. For one thread; used once.
 */
public final class Verification {
    /** How deep to look. */
    public enum Level {
        /** Are all files there, with their sizes, and do their positions follow each other? */
        FILES,
        /** The same, and every byte is read and has the hash that its manifest says. */
        HASHES,
        /** The same, and each transaction is read and has the content that its digest says. */
        REBUILD
    }

    /** Files that are looked at side by side: hides the latency of a store. */
    private static final int JOBS = 8;

    /**
     * What was found.
     *
     * @param manifests checked
     * @param files checked
     * @param bytes read
     * @param transactions checked
     * @param changes checked
     * @param gaps what the archive says is lost: it is whole without it
     * @param problems empty when all is well
     */
    public record Report(
            long manifests,
            long files,
            long bytes,
            long transactions,
            long changes,
            List<Gap> gaps,
            List<String> problems) {
        public Report {
            gaps = List.copyOf(gaps);
            problems = List.copyOf(problems);
        }

        /** Of an archive whose manifests are damaged, so that nothing else can be looked at. */
        public static Report unreadable(String problem) {
            return new Report(0, 0, 0, 0, 0, List.of(), List.of(problem));
        }

        public boolean isWhole() {
            return problems.isEmpty();
        }
    }

    private final Archive archive;
    private final Path temporary;
    private final Level level;
    private final LongConsumer progress;
    private final List<FileRef> toCheck = new ArrayList<>(); // unless transactions are read
    private final List<String> problems = new ArrayList<>();
    private final Set<Position> ends = new HashSet<>();
    private final Set<FileRef> fetched = new HashSet<>();
    private long files;
    private long bytes;
    private long transactions;
    private long changes;

    private Verification(Archive archive, Path temporary, Level level, LongConsumer progress) {
        this.level = level;
        this.archive = archive;
        this.temporary = temporary;
        this.progress = progress;
    }

    /**
     * Checks all.
     *
     * @param progress hears how many bytes of files were checked
     */
    public static Report run(Archive archive, Path temporary, Level level, LongConsumer progress)
            throws IOException {
        Verification verification = new Verification(archive, temporary, level, progress);
        List<Manifest> manifests = archive.state().manifests();
        Position reached = Position.ZERO;
        for (Manifest manifest : manifests) {
            verification.check(manifest, reached);
            reached = manifest.advances() ? manifest.span().to() : reached;
        }
        verification.checkFiles();
        return new Report(
                manifests.size(),
                verification.files,
                verification.bytes,
                verification.transactions,
                verification.changes,
                manifests.stream().flatMap(manifest -> manifest.gap().stream()).toList(),
                verification.problems);
    }

    private void check(Manifest manifest, Position reached) throws IOException {
        Map<FileRef, Path> local = new HashMap<>(); // what the segment's changes are read from
        try {
            if (manifest.isSegment() && !manifest.span().from().equals(reached)) {
                problems.add(
                        "%s begins at %s, and what is before it ends at %s"
                                .formatted(manifest.name(), manifest.span().from(), reached));
            }
            if (manifest.kind() == Manifest.Kind.BASE
                    && !reached.equals(Position.ZERO)
                    && manifest.gap().isEmpty()) {
                problems.add(
                        "%s is a base as of %s that does not say what is lost before it"
                                .formatted(manifest.name(), manifest.span().to()));
            }
            if (manifest.kind() == Manifest.Kind.TABLE_BASE
                    && manifest.span().to().isAfter(reached)) {
                problems.add(
                        "%s is a base as of %s, and what is before it ends at %s"
                                .formatted(manifest.name(), manifest.span().to(), reached));
            }
            checkEnd(manifest);
            List<FileRef> named = new ArrayList<>(manifest.files());
            if (manifest.advances() && !named.contains(manifest.catalogThere())) {
                named.add(manifest.catalogThere()); // which a replaced segment may have published
            }
            for (FileRef file : named) {
                if (!fetched.add(file)) {
                    continue; // a folded base names files of bases before it
                }
                if (level != Level.REBUILD) {
                    toCheck.add(file);
                    continue;
                }
                Optional<Path> copy = fetch(file);
                switch (file.kind()) {
                    case JOURNAL, TRANSACTIONS, CHANGES ->
                            copy.ifPresent(there -> local.put(file, there));
                    case BASE, CATALOG -> delete(copy);
                }
            }
            if (level == Level.REBUILD
                    && manifest.isSegment()
                    && local.size() == changeFiles(manifest)) {
                checkTransactions(manifest, local);
            }
        } catch (TidemarkException e) {
            problems.add(manifest.name() + ": " + e.getMessage());
        } finally {
            for (Path left : local.values()) {
                Files.deleteIfExists(left);
            }
        }
    }

    /** Each for itself. */
    private void checkFiles() throws IOException {
        AtomicLong checked = new AtomicLong();
        try (ExecutorService jobs = Executors.newFixedThreadPool(JOBS)) {
            List<Future<Optional<String>>> found = new ArrayList<>();
            for (FileRef file : toCheck) {
                found.add(
                        jobs.submit(
                                () -> {
                                    Optional<String> problem = check(file);
                                    synchronized (checked) {
                                        progress.accept(checked.addAndGet(file.bytes()));
                                    }
                                    return problem;
                                }));
            }
            for (Future<Optional<String>> one : found) {
                one.get().ifPresent(problems::add);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while files were checked");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
        files += toCheck.size();
        bytes += level == Level.HASHES ? toCheck.stream().mapToLong(FileRef::bytes).sum() : 0;
    }

    private Optional<String> check(FileRef file) throws IOException {
        try {
            if (level == Level.FILES) {
                archive.checkSize(file);
            } else {
                Files.delete(archive.fetch(file, temporary));
            }
            return Optional.empty();
        } catch (TidemarkException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    private static long changeFiles(Manifest segment) {
        return segment.files().stream().filter(file -> file.kind() != FileRef.Kind.CATALOG).count();
    }

    /** A folded base is as of the end of a segment of its own stretch. */
    private void checkEnd(Manifest manifest) {
        switch (manifest.kind()) {
            case BASE -> ends.clear();
            case SEGMENT, MERGED_SEGMENT -> ends.add(manifest.span().to());
            case FOLDED_BASE -> {
                if (!ends.contains(manifest.span().to())) {
                    problems.add(
                            "%s is a base as of %s, where no segment ends"
                                    .formatted(manifest.name(), manifest.span().to()));
                }
            }
            case TABLE_BASE, TABLE_BASE_BEGUN, FOLDED_BASE_BEGUN, MERGED_SEGMENT_BEGUN, MARK -> {}
        }
    }

    private Optional<Path> fetch(FileRef file) throws IOException {
        files++;
        try {
            Path local = archive.fetch(file, temporary);
            bytes += file.bytes();
            progress.accept(bytes);
            return Optional.of(local);
        } catch (TidemarkException e) {
            problems.add(e.getMessage());
            return Optional.empty();
        }
    }

    private static void delete(Optional<Path> local) throws IOException {
        if (local.isPresent()) {
            Files.deleteIfExists(local.get());
        }
    }

    private void checkTransactions(Manifest manifest, Map<FileRef, Path> local) throws IOException {
        Position previous = manifest.span().from();
        FileRef transactionsFile = manifest.file(FileRef.Kind.TRANSACTIONS).orElseThrow();
        try (TransactionsReader records =
                        TransactionsReader.open(
                                Objects.requireNonNull(local.get(transactionsFile)));
                SegmentChanges rows =
                        SegmentChanges.open(
                                file -> Objects.requireNonNull(local.get(file)),
                                manifest,
                                SegmentChanges.Wanted.ALL,
                                temporary)) {
            Optional<Change> next = next(rows);
            while (records.hasNext()) {
                TransactionRecord record = records.next();
                if (!record.previous().equals(previous)) {
                    problems.add(
                            "the transaction at %s follows %s, and the one before it in the archive is at %s"
                                    .formatted(record.position(), record.previous(), previous));
                }
                previous = record.position();
                ChangeDigest digest = new ChangeDigest();
                long count = 0;
                while (next.isPresent() && next.get().transaction() == record.index()) {
                    digest.add(next.get());
                    count++;
                    next = next(rows);
                }
                check(record, count, digest.finish());
            }
            if (next.isPresent()) {
                problems.add(manifest.name() + ": its files have changes of no transaction");
            }
        }
        if (!previous.equals(manifest.span().to())) {
            problems.add(
                    "%s says that it reaches to %s, and its last transaction is at %s"
                            .formatted(manifest.name(), manifest.span().to(), previous));
        }
    }

    private void check(TransactionRecord record, long count, String digest) {
        transactions++;
        changes += count;
        if (count != record.changes()) {
            problems.add(
                    "the transaction at %s has %d changes, and %d are in the journal"
                            .formatted(record.position(), record.changes(), count));
        } else if (!digest.equals(record.digest())) {
            problems.add(
                    "the changes of the transaction at "
                            + record.position()
                            + " are not what its digest says");
        }
    }

    private static Optional<Change> next(SegmentChanges rows) {
        return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
    }
}

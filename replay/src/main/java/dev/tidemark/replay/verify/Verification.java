package dev.tidemark.replay.verify;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.merge.DigestCheck;
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
     * @param replaced files that were merged away while this ran: what took their place is not
     *     checked
     * @param gaps what the archive says is lost: it is whole without it
     * @param problems empty when all is well
     */
    public record Report(
            long manifests,
            long files,
            long bytes,
            long transactions,
            long changes,
            long replaced,
            List<Gap> gaps,
            List<String> problems) {
        public Report {
            gaps = List.copyOf(gaps);
            problems = List.copyOf(problems);
        }

        /** Of an archive whose manifests are damaged, so that nothing else can be looked at. */
        public static Report unreadable(String problem) {
            return new Report(0, 0, 0, 0, 0, 0, List.of(), List.of(problem));
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
    private final Set<Position> begins = new HashSet<>(); // where what is before expired
    private final Set<FileRef> fetched = new HashSet<>();
    private final AtomicLong replaced = new AtomicLong();
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
        ArchiveState state = archive.state();
        List<Manifest> manifests = state.manifests();
        state.stretches().forEach(verification::add);
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
                verification.replaced.get(),
                manifests.stream().flatMap(manifest -> manifest.gap().stream()).toList(),
                verification.problems);
    }

    private void check(Manifest manifest, Position reached) throws IOException {
        Map<FileRef, Path> local = new HashMap<>(); // what the segment's changes are read from
        try {
            if (manifest.isSegment()
                    && !manifest.span().from().equals(reached)
                    && !begins.contains(manifest.span().from())) {
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
            boolean isEmptied = archive.state().emptied().contains(manifest.number());
            List<FileRef> named = new ArrayList<>(isEmptied ? List.of() : manifest.files());
            if (manifest.advances() && !isEmptied && !named.contains(manifest.catalogThere())) {
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
                DigestCheck.Read read =
                        DigestCheck.run(
                                file -> Objects.requireNonNull(local.get(file)),
                                manifest,
                                temporary,
                                problems::add);
                transactions += read.transactions();
                changes += read.changes();
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
                result(one, jobs).ifPresent(problems::add);
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
        files += toCheck.size();
        bytes += level == Level.HASHES ? toCheck.stream().mapToLong(FileRef::bytes).sum() : 0;
    }

    private static Optional<String> result(Future<Optional<String>> one, ExecutorService jobs)
            throws ExecutionException, InterruptedIOException {
        try {
            return one.get();
        } catch (InterruptedException e) {
            jobs.shutdownNow(); // or they would all be waited for
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while files were checked");
        }
    }

    private Optional<String> check(FileRef file) throws IOException {
        try {
            if (level == Level.FILES) {
                archive.checkSize(file);
            } else {
                archive.checkContent(file, temporary);
            }
            return Optional.empty();
        } catch (TidemarkException e) {
            if (archive.isReplaced(file)) {
                replaced.incrementAndGet();
                return Optional.empty();
            }
            return Optional.ofNullable(e.getMessage());
        }
    }

    private static long changeFiles(Manifest segment) {
        return segment.files().stream().filter(file -> file.kind() != FileRef.Kind.CATALOG).count();
    }

    /** What expired leaves stretches that begin with a folded base. */
    private void add(Stretch stretch) {
        if (stretch.hasExpiredBefore()) {
            begins.add(stretch.from());
        }
        stretch.segments().forEach(segment -> ends.add(segment.span().to()));
    }

    /** A folded base is as of the end of a segment, unless that expired. */
    private void checkEnd(Manifest manifest) {
        Position at = manifest.span().to();
        if (manifest.kind() == Manifest.Kind.FOLDED_BASE
                && !ends.contains(at)
                && !begins.contains(at)) {
            problems.add(
                    "%s is a base as of %s, where no segment ends".formatted(manifest.name(), at));
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
            if (archive.isReplaced(file)) {
                replaced.incrementAndGet();
            } else {
                problems.add(e.getMessage());
            }
            return Optional.empty();
        }
    }

    private static void delete(Optional<Path> local) throws IOException {
        if (local.isPresent()) {
            Files.deleteIfExists(local.get());
        }
    }
}

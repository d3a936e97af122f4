package dev.tidemark.replay.verify;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.merge.DigestCheck;
import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Verdict;
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
 * Checks what an archive's manifests name, as deeply as is asked for. The manifests themselves are
 * checked before that. For one thread; used once.
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
     * How deep to look, and from where on.
     *
     * @param since the number of the first manifest whose files are looked at
     */
    public record Extent(Level level, long since) {
        public static Extent all(Level level) {
            return new Extent(level, 0);
        }

        /** Is nothing left out? */
        public boolean isAll() {
            return level == Level.REBUILD && since == 0;
        }
    }

    /**
     * What was found.
     *
     * @param verdict the worst of what is wrong
     * @param last the number of the newest manifest of the chain; what came since is not checked
     * @param signatures manifests that a trusted key signed
     * @param signed is each signed that has to be? False when nobody said which keys to trust
     * @param anchored is the archive as something outside it knows it? Without, it may be an older
     *     state of itself
     * @param manifests whose files were checked
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
            Verdict verdict,
            long last,
            long signatures,
            boolean signed,
            boolean anchored,
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
        public static Report unreadable(ChainReport chain) {
            return new Report(
                    Verdict.worst(chain.findings()),
                    chain.last(),
                    chain.signed(),
                    chain.isSigned(),
                    chain.isAnchored(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    List.of(),
                    chain.findings().stream().map(Finding::message).toList());
        }

        public boolean isWhole() {
            return verdict == Verdict.GOOD;
        }
    }

    private final Archive archive;
    private final Path temporary;
    private final Extent extent;
    private final LongConsumer progress;
    private final List<FileRef> toCheck = new ArrayList<>(); // unless transactions are read
    private final List<Finding> findings = new ArrayList<>();
    private final Set<Position> ends = new HashSet<>();
    private final Set<Position> begins = new HashSet<>(); // where what is before expired
    private final Set<FileRef> fetched = new HashSet<>();
    private final AtomicLong replaced = new AtomicLong();
    private long files;
    private long bytes;
    private long transactions;
    private long changes;

    private Verification(Archive archive, Path temporary, Extent extent, LongConsumer progress) {
        this.extent = extent;
        this.archive = archive;
        this.temporary = temporary;
        this.progress = progress;
    }

    /**
     * Checks what the manifests name.
     *
     * @param chain what was found of the manifests themselves
     * @param progress hears how many bytes of files were checked
     */
    public static Report run(
            Archive archive,
            ChainReport chain,
            Path temporary,
            Extent extent,
            LongConsumer progress)
            throws IOException {
        Verification verification = new Verification(archive, temporary, extent, progress);
        verification.findings.addAll(chain.findings());
        ArchiveState state = archive.state();
        List<Manifest> manifests = state.manifests();
        state.stretches().forEach(verification::add);
        Position reached = Position.ZERO;
        for (Manifest manifest : manifests) {
            verification.check(manifest, reached);
            reached = manifest.advances() ? manifest.span().to() : reached;
        }
        verification.checkFiles();
        return verification.report(chain, manifests);
    }

    private Report report(ChainReport chain, List<Manifest> manifests) {
        return new Report(
                Verdict.worst(findings),
                chain.last(),
                chain.signed(),
                chain.isSigned(),
                chain.isAnchored(),
                manifests.stream().filter(this::isInExtent).count(),
                files,
                bytes,
                transactions,
                changes,
                replaced.get(),
                manifests.stream().flatMap(manifest -> manifest.gap().stream()).toList(),
                findings.stream().map(Finding::message).toList());
    }

    private boolean isInExtent(Manifest manifest) {
        return manifest.number() >= extent.since();
    }

    private void inconsistent(String message) {
        findings.add(new Finding(Verdict.INCONSISTENT, message));
    }

    private void check(Manifest manifest, Position reached) throws IOException {
        checkPlace(manifest, reached);
        if (!isInExtent(manifest)) {
            return;
        }
        Map<FileRef, Path> local = new HashMap<>(); // what the segment's changes are read from
        try {
            for (FileRef file : named(manifest)) {
                if (fetched.add(file)) { // a folded base names files of bases before it
                    check(file, local);
                }
            }
            if (extent.level() == Level.REBUILD
                    && manifest.isSegment()
                    && local.size() == changeFiles(manifest)) {
                DigestCheck.Read read =
                        DigestCheck.run(
                                file -> Objects.requireNonNull(local.get(file)),
                                manifest,
                                temporary,
                                this::inconsistent);
                transactions += read.transactions();
                changes += read.changes();
            }
        } catch (TidemarkException e) {
            refuseToGoOn(e);
            inconsistent(manifest.name() + ": " + e.getMessage());
        } finally {
            for (Path left : local.values()) {
                Files.deleteIfExists(left);
            }
        }
    }

    /** Does it follow from what is before it? */
    private void checkPlace(Manifest manifest, Position reached) {
        Span span = manifest.span();
        if (manifest.isSegment() && !span.from().equals(reached) && !begins.contains(span.from())) {
            inconsistent(
                    "%s begins at %s, and what is before it ends at %s"
                            .formatted(manifest.name(), span.from(), reached));
        }
        if (manifest.kind() == Manifest.Kind.BASE
                && !reached.equals(Position.ZERO)
                && manifest.gap().isEmpty()) {
            inconsistent(
                    "%s is a base as of %s that does not say what is lost before it"
                            .formatted(manifest.name(), span.to()));
        }
        if (manifest.kind() == Manifest.Kind.TABLE_BASE
                && span.to().isAfter(reached)
                && !begins.contains(span.to())) {
            inconsistent(
                    "%s is a base as of %s, and what is before it ends at %s"
                            .formatted(manifest.name(), span.to(), reached));
        }
        checkEnd(manifest);
    }

    private List<FileRef> named(Manifest manifest) {
        if (archive.state().emptied().contains(manifest.number())) {
            return List.of();
        }
        List<FileRef> named = new ArrayList<>(manifest.files());
        if (manifest.advances() && !named.contains(manifest.catalogThere())) {
            named.add(manifest.catalogThere()); // which a replaced segment may have published
        }
        return named;
    }

    private void check(FileRef file, Map<FileRef, Path> local) throws IOException {
        if (extent.level() != Level.REBUILD) {
            toCheck.add(file);
            return;
        }
        Optional<Path> copy = fetch(file);
        switch (file.kind()) {
            case JOURNAL, TRANSACTIONS, CHANGES -> copy.ifPresent(there -> local.put(file, there));
            case BASE, CATALOG -> delete(copy);
        }
    }

    /** Each for itself. */
    private void checkFiles() throws IOException {
        AtomicLong checked = new AtomicLong();
        try (ExecutorService jobs = Executors.newFixedThreadPool(JOBS)) {
            List<Future<Optional<Finding>>> found = new ArrayList<>();
            for (FileRef file : toCheck) {
                found.add(
                        jobs.submit(
                                () -> {
                                    Optional<Finding> finding = check(file);
                                    synchronized (checked) {
                                        progress.accept(checked.addAndGet(file.bytes()));
                                    }
                                    return finding;
                                }));
            }
            for (Future<Optional<Finding>> one : found) {
                result(one, jobs).ifPresent(findings::add);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TidemarkException said) {
                throw said;
            }
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
        files += toCheck.size();
        bytes +=
                extent.level() == Level.HASHES
                        ? toCheck.stream().mapToLong(FileRef::bytes).sum()
                        : 0;
    }

    private static Optional<Finding> result(Future<Optional<Finding>> one, ExecutorService jobs)
            throws ExecutionException, InterruptedIOException {
        try {
            return one.get();
        } catch (InterruptedException e) {
            jobs.shutdownNow(); // or they would all be waited for
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while files were checked");
        }
    }

    private Optional<Finding> check(FileRef file) throws IOException {
        try {
            if (extent.level() == Level.FILES) {
                archive.checkSize(file);
            } else {
                archive.checkContent(file, temporary);
            }
            return Optional.empty();
        } catch (TidemarkException e) {
            return finding(file, e);
        }
    }

    private Optional<Finding> finding(FileRef file, TidemarkException how) throws IOException {
        if (archive.isReplaced(file)) {
            replaced.incrementAndGet();
            return Optional.empty();
        }
        refuseToGoOn(how);
        Verdict verdict = archive.holds(file) ? Verdict.ALTERED : Verdict.MISSING;
        return Optional.of(new Finding(verdict, String.valueOf(how.getMessage())));
    }

    /** What broke on the way, as a storage that does not answer, says nothing of the archive. */
    private static void refuseToGoOn(TidemarkException e) {
        if (e.kind() == TidemarkException.Kind.FAILED) {
            throw e;
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
            inconsistent(
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
            finding(file, e).ifPresent(findings::add);
            return Optional.empty();
        }
    }

    private static void delete(Optional<Path> local) throws IOException {
        if (local.isPresent()) {
            Files.deleteIfExists(local.get());
        }
    }
}

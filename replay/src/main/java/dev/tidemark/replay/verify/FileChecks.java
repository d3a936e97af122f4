package dev.tidemark.replay.verify;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Looks at an archive's files one by one: are they what manifests say? What an earlier run found
 * good is counted and not read. For one thread.
 */
final class FileChecks {
    /** Files that are looked at side by side: hides the latency of a store. */
    private static final int JOBS = 8;

    private final Archive archive;
    private final Path temporary;
    private final Verification.Level level;
    private final Checked checked;
    private final Consumer<Finding> findings;
    private final LongConsumer progress;
    private final List<FileRef> waiting = new ArrayList<>(); // to be looked at side by side
    private final AtomicLong replaced = new AtomicLong();
    private final AtomicLong passed = new AtomicLong(); // bytes, for the progress
    private long files;
    private long bytes;
    private long earlierFiles;
    private long earlierBytes;

    FileChecks(
            Archive archive,
            Path temporary,
            Verification.Level level,
            Checked checked,
            Consumer<Finding> findings,
            LongConsumer progress) {
        this.archive = archive;
        this.temporary = temporary;
        this.level = level;
        this.checked = checked;
        this.findings = findings;
        this.progress = progress;
    }

    /** Now, or with {@link #finish}. */
    void check(FileRef file) throws IOException {
        if (checked.holds(file.name(), file.sha256())) {
            addEarlier(file);
        } else if (level == Verification.Level.REBUILD) {
            Optional<Path> copy = fetch(file);
            delete(copy);
            if (copy.isPresent()) {
                checked.add(file.name(), file.sha256());
            }
        } else {
            waiting.add(file);
        }
    }

    /** It was checked by an earlier run. */
    void addEarlier(FileRef file) {
        long read = level == Verification.Level.FILES ? 0 : file.bytes();
        earlierFiles++;
        earlierBytes += read;
        files++;
        bytes += read;
        progress.accept(passed.addAndGet(file.bytes()));
    }

    /** A copy of a file that is what its manifest says. */
    Optional<Path> fetch(FileRef file) throws IOException {
        files++;
        try {
            Path local = archive.fetch(file, temporary);
            bytes += file.bytes();
            progress.accept(passed.addAndGet(file.bytes()));
            return Optional.of(local);
        } catch (TidemarkException e) {
            finding(file, e).ifPresent(findings);
            return Optional.empty();
        }
    }

    private static void delete(Optional<Path> local) throws IOException {
        if (local.isPresent()) {
            Files.deleteIfExists(local.get());
        }
    }

    /** Looks at what waits, each for itself. */
    void finish() throws IOException {
        try (ExecutorService jobs = Executors.newFixedThreadPool(JOBS)) {
            List<Future<Optional<Finding>>> found = new ArrayList<>();
            for (FileRef file : waiting) {
                found.add(jobs.submit(() -> checkNow(file)));
            }
            for (Future<Optional<Finding>> one : found) {
                result(one, jobs).ifPresent(findings);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TidemarkException said) {
                throw said;
            }
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
        files += waiting.size();
        bytes +=
                level == Verification.Level.HASHES
                        ? waiting.stream().mapToLong(FileRef::bytes).sum()
                        : 0;
        waiting.clear();
    }

    private static Optional<Finding> result(Future<Optional<Finding>> one, ExecutorService jobs)
            throws ExecutionException, InterruptedIOException {
        try {
            return one.get();
        } catch (InterruptedException e) {
            jobs.shutdownNow(); // or they would all be waited for
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while files were checked");
        } catch (ExecutionException e) {
            jobs.shutdownNow();
            throw e;
        }
    }

    private Optional<Finding> checkNow(FileRef file) throws IOException {
        try {
            if (level == Verification.Level.FILES) {
                archive.checkSize(file);
            } else {
                archive.checkContent(file, temporary);
            }
            checked.add(file.name(), file.sha256());
            return Optional.empty();
        } catch (TidemarkException e) {
            return finding(file, e);
        } finally {
            synchronized (progress) {
                progress.accept(passed.addAndGet(file.bytes()));
            }
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
    static void refuseToGoOn(TidemarkException e) {
        if (e.kind() == TidemarkException.Kind.FAILED) {
            throw e;
        }
    }

    long files() {
        return files;
    }

    long bytes() {
        return bytes;
    }

    long earlierFiles() {
        return earlierFiles;
    }

    long earlierBytes() {
        return earlierBytes;
    }

    /** Those that were merged away meanwhile. */
    long replaced() {
        return replaced.get();
    }
}

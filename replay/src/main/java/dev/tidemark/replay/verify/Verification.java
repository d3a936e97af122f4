package dev.tidemark.replay.verify;

import dev.tidemark.archive.crypt.KeysReport;
import dev.tidemark.archive.crypt.SealedTexts;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.DigestCheck;
import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

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

    /**
     * How deep to look, and from where on.
     *
     * @param since the number of the first manifest whose files are looked at
     */
    public record Extent(Level level, long since) {
        public static Extent all(Level level) {
            return new Extent(level, 0);
        }

        /** The same, no deeper than is possible: what no key opens is not decrypted. */
        public Extent in(ChainReport chain) {
            return level == Level.REBUILD && !chain.keys().isReadable()
                    ? new Extent(Level.HASHES, since)
                    : this;
        }
    }

    /**
     * What a run before found good: it was not read again.
     *
     * @param began when the first of the runs did, by the clock of its machine
     */
    public record Earlier(Instant began, long files, long bytes) {}

    /**
     * What was found.
     *
     * @param verdict the worst of what is wrong
     * @param level how deeply files were looked at: hashes where rebuild was asked for and no key
     *     opens them
     * @param since the number of the first manifest whose files were looked at
     * @param last the number of the newest manifest of the chain; what came since is not checked
     * @param signatures manifests that a trusted key signed
     * @param signed is each signed that has to be? False when nobody said which keys to trust
     * @param anchored is the archive as something outside it knows it? Without, it may be an older
     *     state of itself
     * @param keys what is known of an encrypted archive's data keys
     * @param exact do the manifests add up, so that exactly the files in force were looked at? Else
     *     those were that readable manifests name, of which lost ones may have replaced some
     * @param manifests in force whose files were checked
     * @param files checked
     * @param bytes read
     * @param transactions checked
     * @param changes checked
     * @param earlier what of this was checked by a run before, whose record this one went on with
     * @param replaced files that were merged away while this ran: what took their place is not
     *     checked
     * @param gaps what the archive says is lost: it is whole without it
     * @param problems empty when all is well
     */
    public record Report(
            Verdict verdict,
            Level level,
            long since,
            long last,
            long signatures,
            boolean signed,
            boolean anchored,
            KeysReport.Standing keys,
            boolean exact,
            long manifests,
            long files,
            long bytes,
            long transactions,
            long changes,
            Optional<Earlier> earlier,
            long replaced,
            List<Gap> gaps,
            List<String> problems) {
        public Report {
            gaps = List.copyOf(gaps);
            problems = List.copyOf(problems);
        }

        public boolean isWhole() {
            return verdict == Verdict.GOOD;
        }
    }

    private final Archive archive;
    private final ChainReport chain;
    private final Path temporary;
    private final Extent extent;
    private final Checked checked;
    private final FileChecks files;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<FileRef> seen = new HashSet<>();
    private long transactions;
    private long changes;

    private Verification(
            Archive archive,
            ChainReport chain,
            Path temporary,
            Extent asked,
            Checked checked,
            LongConsumer progress) {
        this.chain = chain;
        this.extent = asked.in(chain);
        this.findings.addAll(chain.findings());
        this.archive = archive;
        this.temporary = temporary;
        this.checked = checked;
        this.files =
                new FileChecks(archive, temporary, extent.level(), checked, this::found, progress);
    }

    /**
     * Checks what the manifests name, all in one run.
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
        return run(archive, chain, temporary, extent, Checked.nothing(), progress);
    }

    /**
     * The same, but for what an earlier run found good.
     *
     * @param checked knows that, and hears what this one finds good
     */
    public static Report run(
            Archive archive,
            ChainReport chain,
            Path temporary,
            Extent extent,
            Checked checked,
            LongConsumer progress)
            throws IOException {
        Verification verification =
                new Verification(archive, chain, temporary, extent, checked, progress);
        List<Manifest> manifests = archive.state().manifests();
        if (chain.isRead()) { // where some are lost, others follow from nothing
            verification.checkPlaces(manifests);
        }
        for (Manifest manifest : manifests) {
            verification.checkTexts(manifest);
            verification.checkAsFound(manifest);
        }
        verification.files.finish();
        return verification.report(manifests);
    }

    private void checkPlaces(List<Manifest> manifests) {
        Places places = new Places(archive.state().stretches(), this::inconsistent);
        Position reached = Position.ZERO;
        for (Manifest manifest : manifests) {
            places.check(manifest, reached);
            reached = manifest.advances() ? manifest.span().to() : reached;
        }
    }

    private Report report(List<Manifest> manifests) {
        return new Report(
                Verdict.worst(findings),
                extent.level(),
                extent.since(),
                chain.last(),
                chain.signed(),
                chain.isSigned(),
                chain.isAnchored(),
                chain.keys().standing(),
                chain.isRead(),
                manifests.stream().filter(this::isInExtent).count(),
                files.files(),
                files.bytes(),
                transactions,
                changes,
                checked.earlierBegan()
                        .map(
                                began ->
                                        new Earlier(
                                                began, files.earlierFiles(), files.earlierBytes())),
                files.replaced(),
                manifests.stream().flatMap(manifest -> manifest.gap().stream()).toList(),
                findings.stream().map(Finding::message).toList());
    }

    private boolean isInExtent(Manifest manifest) {
        return manifest.number() >= extent.since();
    }

    /** Of a file; where manifests are lost, one that is missing may be in force no more. */
    private void found(Finding finding) {
        boolean isDoubtful = finding.verdict() == Verdict.MISSING && !chain.isRead();
        findings.add(
                isDoubtful
                        ? new Finding(
                                Verdict.MISSING,
                                finding.message()
                                        + ", unless a manifest that cannot be read replaced it")
                        : finding);
    }

    private void inconsistent(String message) {
        findings.add(new Finding(Verdict.INCONSISTENT, message));
    }

    private void checkTexts(Manifest manifest) {
        if (archive.opensTexts()
                && Stream.of(
                                manifest.gap().stream().map(Gap::reason),
                                manifest.mark().stream()
                                        .flatMap(mark -> Stream.of(mark.name(), mark.note())),
                                manifest.hold().stream()
                                        .flatMap(hold -> Stream.of(hold.name(), hold.note())))
                        .flatMap(texts -> texts)
                        .anyMatch(SealedTexts::isSealed)) {
            findings.add(
                    new Finding(
                            Verdict.ALTERED,
                            "a text in %s cannot be decrypted".formatted(manifest.name())));
        }
    }

    /** What was altered may say anything. */
    private void checkAsFound(Manifest manifest) throws IOException {
        try {
            check(manifest);
        } catch (NoSuchElementException | IllegalArgumentException | ArithmeticException e) {
            if (chain.isRead()) {
                throw e;
            }
            inconsistent(
                    "%s cannot be followed: %s"
                            .formatted(manifest.name(), TidemarkException.reason(e)));
        }
    }

    private void check(Manifest manifest) throws IOException {
        if (!isInExtent(manifest)) {
            return;
        }
        List<FileRef> named = // a folded base names files of bases before it
                named(manifest).stream().filter(seen::add).toList();
        boolean isRebuilt = extent.level() == Level.REBUILD && manifest.isSegment();
        for (FileRef file : named) {
            if (!isRebuilt || file.kind() == FileRef.Kind.CATALOG) { // others name a catalog too
                files.check(file);
            }
        }
        if (isRebuilt) {
            checkSegment(
                    manifest,
                    named.stream().filter(file -> file.kind() != FileRef.Kind.CATALOG).toList());
        }
    }

    /** Its changes are checked when all of them are. */
    private void checkSegment(Manifest segment, List<FileRef> named) throws IOException {
        String hash = Hashes.sha256(segment.bytes());
        if (checked.holds(segment.name(), hash)) {
            named.forEach(files::addEarlier);
            transactions += segment.span().transactions();
            changes += segment.span().changes();
            return;
        }
        int wrong = findings.size();
        if (rebuild(segment, named) && findings.size() == wrong) {
            checked.add(segment.name(), hash);
        }
    }

    /** False when its files are not there. */
    private boolean rebuild(Manifest segment, List<FileRef> named) throws IOException {
        Map<FileRef, Path> local = new HashMap<>(); // what its changes are read from
        try {
            for (FileRef file : named) {
                files.fetch(file).ifPresent(there -> local.put(file, there));
            }
            if (local.size() != changeFiles(segment)) {
                return false;
            }
            DigestCheck.Read read =
                    DigestCheck.run(
                            file -> Objects.requireNonNull(local.get(file)),
                            segment,
                            temporary,
                            this::inconsistent);
            transactions += read.transactions();
            changes += read.changes();
            return true;
        } catch (TidemarkException e) {
            FileChecks.refuseToGoOn(e);
            inconsistent(segment.name() + ": " + e.getMessage());
            return false;
        } finally {
            for (Path left : local.values()) {
                Files.deleteIfExists(left);
            }
        }
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

    private static long changeFiles(Manifest segment) {
        return segment.files().stream().filter(file -> file.kind() != FileRef.Kind.CATALOG).count();
    }
}

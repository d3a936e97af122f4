package dev.tidemark.archiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Expiry;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.manifest.NamedWriter;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangeDigest;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.schemas.catalog.SequenceSample;
import dev.tidemark.schemas.catalog.SequenceSamples;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds an archive against what really happened. It remembers what it saw, so that it finds what
 * was altered since, and looks at what is new alone.
 */
final class ArchiveCheck {
    private static final int NAMES_MAX = 1_000;

    private final Site site;
    private final Map<String, byte[]> published = new TreeMap<>();
    private final Map<Long, Reached> seen = new TreeMap<>(); // by the segment's number
    private long manifests;
    private long offset;
    private Reached reached;

    /** What the segments up to one add up to. */
    private record Reached(
            int transactions, Position end, Instant latest, List<SequenceSample> sample) {
        Reached after(Truth next) {
            return new Reached(
                    transactions + 1,
                    next.position(),
                    next.commit().isAfter(latest) ? next.commit() : latest,
                    sample);
        }

        Reached with(List<SequenceSample> now) {
            return new Reached(transactions, end, latest, now);
        }
    }

    ArchiveCheck(Site site) {
        this.site = site;
        this.reached = new Reached(0, site.source.start(), Samples.NOON, List.of());
    }

    /** How many transactions are archived. */
    int transactions() {
        return reached.transactions;
    }

    /** Is all archived that was committed? */
    boolean isWhole() {
        return reached.transactions == site.source.committed().size();
    }

    /** How many manifests there are. */
    long manifests() {
        return manifests;
    }

    /** Looks at all that was published since, and whether anything before it was altered. */
    Archive check() throws IOException {
        assertThat(Archive.damage(site.store)).isEmpty();
        Archive archive = NamedWriter.open(site.store, "ffffffff");
        Set<String> needed = needed(archive);
        checkPublished(needed);
        archive.stored()
                .manifests(
                        (manifest, stored, hash) -> {
                            if (manifest.number() >= manifests
                                    && manifest.files().stream()
                                            .map(FileRef::name)
                                            .allMatch(needed::contains)) {
                                checkManifest(archive, manifest);
                            }
                        });
        manifests = archive.state().last() + 1;
        checkSegments(archive);
        return archive;
    }

    /**
     * The names of files that are in force, and of those that may still be read, by what all
     * manifests say of each other.
     */
    private static Set<String> needed(Archive archive) throws IOException {
        List<Manifest> all = new ArrayList<>();
        archive.stored().manifests((manifest, stored, hash) -> all.add(manifest));
        long collected =
                all.stream()
                        .flatMap(
                                one ->
                                        Stream.concat(
                                                one.merged().map(Merged::collected).stream(),
                                                one.expiry().map(Expiry::collected).stream()))
                        .max(Long::compare)
                        .orElse(-1L);
        Stream<Manifest> replaced =
                all.stream()
                        .filter(
                                one ->
                                        all.stream()
                                                .filter(by -> by.number() > collected)
                                                .anyMatch(by -> replaces(by, one)));
        return Stream.concat(
                        archive.state().manifests().stream().flatMap(archive.state()::filesOf),
                        replaced.flatMap(
                                one ->
                                        Stream.concat(
                                                one.files().stream(), Stream.of(one.catalog()))))
                .map(FileRef::name)
                .collect(Collectors.toSet());
    }

    private static boolean replaces(Manifest by, Manifest one) {
        Stream<Merged.Range> merged =
                one.isSegment()
                        ? by.merged().stream().flatMap(said -> said.replaces().stream())
                        : Stream.of();
        return Stream.concat(merged, by.expiry().stream().flatMap(said -> said.expires().stream()))
                .anyMatch(range -> range.first() <= one.number() && one.number() <= range.last());
    }

    /** What was published is as it was; only files that nobody needs any more may be gone. */
    private void checkPublished(Set<String> needed) throws IOException {
        Set<String> names = names();
        for (Map.Entry<String, byte[]> object : published.entrySet()) {
            boolean mayBeGone = // of a manifest in a pack the chain says that it is as it was
                    object.getKey().startsWith("data/")
                            ? !needed.contains(object.getKey())
                            : names.stream().anyMatch(name -> name.startsWith("packs/"));
            if (!mayBeGone || names.contains(object.getKey())) {
                assertThat(site.store.get(object.getKey()))
                        .describedAs(object.getKey())
                        .isEqualTo(object.getValue());
            }
        }
    }

    private void checkManifest(Archive archive, Manifest manifest) throws IOException {
        if (!site.store.list(manifest.name(), "", 1).isEmpty()) { // or it is packed already
            published.put(manifest.name(), site.store.get(manifest.name()));
        }
        for (FileRef file : manifest.files()) {
            Files.delete(archive.fetch(file, site.folder)); // which checks its size and SHA-256
            byte[] before = published.put(file.name(), site.store.get(file.name()));
            assertThat(before == null || isNamedAgain(manifest, file))
                    .describedAs("%s is new", file.name())
                    .isTrue();
        }
        assertThat(manifest.log().offset()).isGreaterThanOrEqualTo(offset);
        offset = manifest.log().offset();
        assertThat(site.topic.sessionsBefore(offset)).contains(manifest.log().session());
        if (manifest.kind() == Manifest.Kind.FOLDED_BASE) {
            assertThat(archive.state().segments())
                    .anyMatch(segment -> endsWith(segment.span(), manifest.span()));
        }
    }

    /** From the beginning, as far as a segment was not looked at already. */
    private void checkSegments(Archive archive) throws IOException {
        Manifest base = archive.state().bases().getFirst();
        assertThat(base.span().to()).isEqualTo(site.source.start());
        reached = new Reached(0, site.source.start(), Samples.NOON, List.of());
        for (Manifest segment : archive.state().segments()) {
            Optional<Reached> known = Optional.ofNullable(seen.get(segment.number()));
            if (known.isPresent()) {
                assertThat(segment.span().from()).isEqualTo(reached.end);
                reached = known.get();
            } else {
                checkSegment(archive, segment);
                assertThat(segment.span().latestCommit()).isEqualTo(reached.latest);
                seen.put(segment.number(), reached);
            }
        }
    }

    private static boolean isNamedAgain(Manifest manifest, FileRef file) {
        return switch (manifest.kind()) {
            case FOLDED_BASE, FOLDED_BASE_SO_FAR -> file.kind() == FileRef.Kind.BASE;
            case MERGED_SEGMENT -> file.kind() == FileRef.Kind.CATALOG;
            default -> false;
        };
    }

    private static boolean endsWith(Span segment, Span base) {
        return segment.to().equals(base.to())
                && segment.lastCommit().equals(base.lastCommit())
                && segment.latestCommit().equals(base.latestCommit());
    }

    private void checkSegment(Archive archive, Manifest segment) throws IOException {
        List<TransactionRecord> records =
                WrittenArchive.transactions(archive, segment, site.folder);
        List<Change> journal = journal(archive, segment);
        assertThat(segment.span().from()).isEqualTo(reached.end);
        assertThat(segment.span().transactions()).isEqualTo(records.size()).isPositive();
        assertThat(segment.span().changes()).isEqualTo(journal.size());
        assertThat(segment.span().firstCommit()).isEqualTo(records.getFirst().commitTime());
        assertThat(segment.span().lastCommit()).isEqualTo(records.getLast().commitTime());
        int rows = 0;
        for (TransactionRecord record : records) {
            int to = rows + Math.toIntExact(record.changes());
            checkTransaction(records.indexOf(record), record, journal.subList(rows, to));
            rows = to;
        }
        assertThat(rows).isEqualTo(journal.size());
        assertThat(segment.span().to()).isEqualTo(reached.end);
        assertThat(Fold.catalog(archive, segment.catalogThere()).tables())
                .isEqualTo(site.source.committed().get(reached.transactions - 1).tables());
    }

    private List<Change> journal(Archive archive, Manifest segment) throws IOException {
        List<Change> all = new ArrayList<>();
        try (SegmentChanges changes =
                SegmentChanges.open(archive, segment, SegmentChanges.Wanted.ALL, site.folder)) {
            changes.forEachRemaining(all::add);
        }
        return all;
    }

    private void checkTransaction(int index, TransactionRecord record, List<Change> changes) {
        assertThat(reached.transactions)
                .describedAs("committed before %s was archived", record.position())
                .isLessThan(site.source.committed().size());
        Truth truth = site.source.committed().get(reached.transactions);
        ChangeDigest digest = new ChangeDigest();
        changes.forEach(digest::add);
        TransactionRecord expected =
                new TransactionRecord(
                        index,
                        truth.position(),
                        truth.previous(),
                        truth.xid(),
                        truth.commit(),
                        changes.size(),
                        record.logOffset(),
                        digest.finish());
        assertThat(record).isEqualTo(expected);
        checkOffset(record, truth);
        checkEntries(index, changes, truth);
        reached = reached.after(truth);
    }

    private void checkOffset(TransactionRecord record, Truth truth) {
        assertThat(record.logOffset()).isBetween(0L, offset - 1);
        assertThat(site.topic.frame(record.logOffset()).entries().getFirst())
                .isEqualTo(new Entry.Begin(truth.previous(), truth.xid(), truth.commit()));
    }

    private void checkEntries(int index, List<Change> changes, Truth truth) {
        List<SequenceSample> before = reached.sample;
        List<Change> expected = new ArrayList<>();
        for (Truth.Told told : truth.told()) {
            if (!(told.entry() instanceof Entry.Heartbeat)) {
                add(expected, new Change(index, told.version(), told.entry()));
            }
        }
        reached = reached.with(before);
        List<Change> actual = new ArrayList<>();
        changes.forEach(change -> add(actual, change));
        assertThat(actual)
                .describedAs("transaction %d at %s", reached.transactions, truth.position())
                .isEqualTo(expected);
    }

    /** A sample that says nothing new may be in the journal again, or not. */
    private void add(List<Change> changes, Change change) {
        if (change.entry() instanceof Entry.Sequences said) {
            List<SequenceSample> now = SequenceSamples.read(said.content()).sequences();
            if (now.equals(reached.sample)) {
                return;
            }
            reached = reached.with(now);
        }
        changes.add(change);
    }

    /** Garbage can be collected, and then nothing is left that no manifest names. */
    void checkNoGarbage() throws IOException {
        Archive archive = check();
        archive.collectGarbage();
        archive.collectReplaced();
        Set<String> named = new TreeSet<>(List.of("tidemark.json"));
        named.addAll(needed(archive));
        Set<String> there = names();
        there.removeIf(name -> name.startsWith("checkpoints/")); // held against the manifests
        there.removeIf(name -> name.startsWith("manifests/") || name.startsWith("packs/"));
        there.removeIf(name -> name.startsWith("keys/")); // without which nothing was read above
        for (Manifest.Kind begun :
                List.of(
                        Manifest.Kind.FOLDED_BASE_BEGUN,
                        Manifest.Kind.MERGED_SEGMENT_BEGUN)) { // kept until the next one begins
            archive.state()
                    .writerSince(begun)
                    .ifPresent(
                            writer ->
                                    there.removeIf(
                                            name ->
                                                    name.contains("-" + writer + "/")
                                                            && !named.contains(name)));
        }
        assertThat(there).isEqualTo(named);
        check();
    }

    private Set<String> names() throws IOException {
        Set<String> all = new TreeSet<>();
        String after = "";
        while (true) {
            List<String> names = site.store.list("", after, NAMES_MAX);
            if (names.isEmpty()) {
                return all;
            }
            all.addAll(names);
            after = names.getLast();
        }
    }
}

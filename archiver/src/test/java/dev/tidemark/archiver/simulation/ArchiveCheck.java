package dev.tidemark.archiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.NamedWriter;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangeDigest;
import dev.tidemark.archive.parquet.JournalReader;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.schemas.catalog.SequenceSample;
import dev.tidemark.schemas.catalog.SequenceSamples;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Holds an archive against what really happened. It remembers what it saw, so that it finds what
 * was altered since, and looks at what is new alone.
 */
final class ArchiveCheck {
    private static final int NAMES_MAX = 1_000;

    private final Site site;
    private final Map<String, byte[]> published = new TreeMap<>();
    private int manifests;
    private int transactions;
    private Position end;
    private Instant latest = Samples.NOON;
    private long offset;
    private List<SequenceSample> sample = List.of();

    ArchiveCheck(Site site) {
        this.site = site;
        this.end = site.source.start();
    }

    /** How many transactions are archived. */
    int transactions() {
        return transactions;
    }

    /** Is all archived that was committed? */
    boolean isWhole() {
        return transactions == site.source.committed().size();
    }

    /** How many manifests there are. */
    int manifests() {
        return manifests;
    }

    /** Looks at all that was published since, and whether anything before it was altered. */
    Archive check() throws IOException {
        assertThat(Archive.damage(site.store)).isEmpty();
        Archive archive = NamedWriter.open(site.store, "ffffffff");
        for (Map.Entry<String, byte[]> object : published.entrySet()) {
            assertThat(site.store.get(object.getKey()))
                    .describedAs(object.getKey())
                    .isEqualTo(object.getValue());
        }
        List<Manifest> all = archive.state().manifests();
        for (Manifest manifest : all.subList(manifests, all.size())) {
            checkManifest(archive, manifest);
            manifests++;
        }
        return archive;
    }

    private void checkManifest(Archive archive, Manifest manifest) throws IOException {
        assertThat(manifest.number()).isEqualTo(manifests);
        published.put(manifest.name(), site.store.get(manifest.name()));
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
        switch (manifest.kind()) {
            case BASE -> assertThat(manifest.span().to()).isEqualTo(end);
            case SEGMENT -> checkSegment(archive, manifest);
            case FOLDED_BASE -> {
                assertThat(archive.state().segments())
                        .anyMatch(segment -> endsWith(segment.span(), manifest.span()));
                return;
            }
            case TABLE_BASE, TABLE_BASE_BEGUN, FOLDED_BASE_BEGUN, MARK -> {}
            case MERGED_SEGMENT, MERGED_SEGMENT_BEGUN -> throw new AssertionError("nobody merges");
        }
        Instant now = latest;
        assertThat(manifest.span().latestCommit()).isEqualTo(now);
    }

    private static boolean isNamedAgain(Manifest manifest, FileRef file) {
        return manifest.kind() == Manifest.Kind.FOLDED_BASE && file.kind() == FileRef.Kind.BASE;
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
        assertThat(segment.span().from()).isEqualTo(end);
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
        assertThat(segment.span().to()).isEqualTo(end);
        assertThat(Fold.catalog(archive, segment.catalog()).tables())
                .isEqualTo(site.source.committed().get(transactions - 1).tables());
    }

    private List<Change> journal(Archive archive, Manifest segment) throws IOException {
        FileRef file = segment.file(FileRef.Kind.JOURNAL).orElseThrow();
        Path local = archive.fetch(file, site.folder);
        List<Change> all = new ArrayList<>();
        try (JournalReader journal = JournalReader.open(local)) {
            journal.forEachRemaining(all::add);
        } finally {
            Files.delete(local);
        }
        return all;
    }

    private void checkTransaction(int index, TransactionRecord record, List<Change> changes) {
        assertThat(transactions)
                .describedAs("committed before %s was archived", record.position())
                .isLessThan(site.source.committed().size());
        Truth truth = site.source.committed().get(transactions);
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
        latest = truth.commit().isAfter(latest) ? truth.commit() : latest;
        end = truth.position();
        transactions++;
    }

    private void checkOffset(TransactionRecord record, Truth truth) {
        assertThat(record.logOffset()).isBetween(0L, offset - 1);
        assertThat(site.topic.frame(record.logOffset()).entries().getFirst())
                .isEqualTo(new Entry.Begin(truth.previous(), truth.xid(), truth.commit()));
    }

    private void checkEntries(int index, List<Change> changes, Truth truth) {
        List<SequenceSample> before = sample;
        List<Change> expected = new ArrayList<>();
        for (Truth.Told told : truth.told()) {
            if (!(told.entry() instanceof Entry.Heartbeat)) {
                add(expected, new Change(index, told.version(), told.entry()));
            }
        }
        sample = before;
        List<Change> actual = new ArrayList<>();
        changes.forEach(change -> add(actual, change));
        assertThat(actual)
                .describedAs("transaction %d at %s", transactions, truth.position())
                .isEqualTo(expected);
    }

    /** A sample that says nothing new may be in the journal again, or not. */
    private void add(List<Change> changes, Change change) {
        if (change.entry() instanceof Entry.Sequences said) {
            List<SequenceSample> now = SequenceSamples.read(said.content()).sequences();
            if (now.equals(sample)) {
                return;
            }
            sample = now;
        }
        changes.add(change);
    }

    /** Garbage can be collected, and then nothing is left that no manifest names. */
    void checkNoGarbage() throws IOException {
        Archive archive = check();
        archive.collectGarbage();
        Set<String> named = new TreeSet<>(published.keySet());
        named.add("tidemark.json");
        Set<String> there = names();
        there.removeIf(name -> name.startsWith("checkpoints/")); // held against the manifests
        archive.state() // what it uploaded is kept until the next one begins
                .writerSince(Manifest.Kind.FOLDED_BASE_BEGUN)
                .ifPresent(
                        writer ->
                                there.removeIf(
                                        name ->
                                                name.contains("-" + writer + "/")
                                                        && !named.contains(name)));
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

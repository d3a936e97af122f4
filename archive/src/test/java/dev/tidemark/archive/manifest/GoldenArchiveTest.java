package dev.tidemark.archive.manifest;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.manifest.GoldenRows.BASE;
import static dev.tidemark.archive.manifest.GoldenRows.CONTACTS;
import static dev.tidemark.archive.manifest.GoldenRows.NARROW;
import static dev.tidemark.archive.manifest.GoldenRows.NOTES;
import static dev.tidemark.archive.manifest.GoldenRows.RENUMBERED;
import static dev.tidemark.archive.manifest.GoldenRows.SAMPLED;
import static dev.tidemark.archive.manifest.GoldenRows.TEXTS;
import static dev.tidemark.archive.manifest.GoldenRows.WIDENED;
import static dev.tidemark.archive.manifest.GoldenRows.change;
import static dev.tidemark.archive.manifest.GoldenRows.insert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangeDigest;
import dev.tidemark.archive.parquet.JournalReader;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Archives that were written are read for ever. The files in {@code golden/} were written once; a
 * test that fails here means that the format changed, and not that the files want to be new.
 */
class GoldenArchiveTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String WRITER = "0badcafe";

    @TempDir Path folder;

    private Path copy = GOLDEN;

    @BeforeEach
    void copyTheFiles() throws IOException {
        copy = GoldenRows.copy(GOLDEN, folder);
    }

    private static void write(ObjectStore store, Path temporary) throws IOException {
        try (Archive archive = Archive.create(store, Samples.IDENTITY, KeyChain.EMPTY, WRITER)) {
            WrittenArchive written = new WrittenArchive(archive, temporary);
            written.base(at(0x100), NOON, catalog(NARROW, TEXTS), BASE);
            written.segment(
                    List.of(
                            transaction(0x110, 1, insert(CONTACTS, "4", "Dora"), RENUMBERED),
                            transaction(
                                    0x120,
                                    2,
                                    change(NOTES, Operation.DELETE, row("twice"), List.of()),
                                    new Entry.Message("mark", "before import"))));
            written.segment(
                    List.of(
                            transaction(
                                    0x130,
                                    3,
                                    WIDENED,
                                    insert(CONTACTS, "5", "Emil", "Ulm"),
                                    SAMPLED),
                            transaction(
                                    0x140,
                                    4,
                                    new Entry.Truncate(List.of(NOTES), false, false),
                                    insert(NOTES, "last"))));
        }
    }

    private static Transaction transaction(long position, long xid, Entry... entries) {
        return new Transaction(at(position), xid, NOON.plusSeconds(xid), List.of(entries));
    }

    /** Run once, with {@code -Dgolden=write}, when there is a new format to keep. */
    @Test
    @EnabledIfSystemProperty(named = "golden", matches = "write")
    void theGoldenFilesAreWritten() throws IOException {
        MemoryObjectStore store = new MemoryObjectStore();
        write(store, folder);
        for (String name : store.list("", "", 1_000)) {
            Path file = GOLDEN.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, store.get(name));
        }
    }

    @Test
    void whatIsNotParquetIsStillWrittenInTheSameBytes() throws IOException {
        MemoryObjectStore store = new MemoryObjectStore();
        write(store, folder);

        List<String> names = store.list("", "", 1_000);
        assertThat(names).hasSize(1 + 3 + 3 + 2 + 3); // identity, manifests, base, segments
        for (String name : names) {
            assertThat(GOLDEN.resolve(name)).exists();
            if (name.endsWith("schema.json") || name.equals("tidemark.json")) {
                assertThat(store.get(name))
                        .describedAs(name)
                        .isEqualTo(Files.readAllBytes(GOLDEN.resolve(name)));
            }
        }
    }

    @Test
    void itIsOpenedAndItsFilesAreWhatTheManifestsSay() throws IOException {
        try (Archive archive = Archive.open(new LocalObjectStore(copy))) {
            assertThat(archive.state().manifests())
                    .extracting(Manifest::kind)
                    .containsExactly(
                            Manifest.Kind.BASE, Manifest.Kind.SEGMENT, Manifest.Kind.SEGMENT);
            for (Manifest manifest : archive.state().manifests()) {
                assertThat(manifest.bytes())
                        .isEqualTo(Files.readAllBytes(GOLDEN.resolve(manifest.name())));
                for (FileRef file : manifest.files()) {
                    Files.delete(archive.fetch(file, folder));
                }
            }
        }
    }

    @Test
    void itsTransactionsHaveTheDigestsOfTheirChanges() throws IOException {
        try (Archive archive = Archive.open(new LocalObjectStore(copy))) {
            for (Manifest segment : archive.state().segments()) {
                Path journal =
                        archive.fetch(segment.file(FileRef.Kind.JOURNAL).orElseThrow(), folder);
                for (TransactionRecord transaction :
                        WrittenArchive.transactions(archive, segment, folder)) {
                    assertThat(digest(journal, transaction)).isEqualTo(transaction.digest());
                }
            }
        }
    }

    private static String digest(Path journal, TransactionRecord transaction) throws IOException {
        ChangeDigest digest = new ChangeDigest();
        try (JournalReader changes = JournalReader.open(journal)) {
            while (changes.hasNext()) {
                Change change = changes.next();
                if (change.transaction() == transaction.index()) {
                    digest.add(change);
                }
            }
        }
        return digest.finish();
    }

    @Test
    void itFoldsToTheSameRows() throws IOException {
        Map<Long, List<List<Value>>> before = folded(new Moment.AtPosition(at(0x120)));
        assertThat(before.get(CONTACTS))
                .containsExactlyInAnyOrder(
                        row("9", "Anna"), row("2", "null"), row("3", ""), row("4", "Dora"));
        assertThat(before.get(NOTES)).containsExactlyInAnyOrder(row("twice"), row("Größe 😀"));

        Map<Long, List<List<Value>>> after = folded(new Moment.Latest());
        assertThat(after.get(CONTACTS))
                .containsExactlyInAnyOrder(
                        row("9", "Anna", "Bonn"),
                        row("2", "null", "Bonn"),
                        row("3", "", "Bonn"),
                        row("4", "Dora", "Bonn"),
                        row("5", "Emil", "Ulm"));
        assertThat(after.get(NOTES)).containsExactly(row("last"));
    }

    private Map<Long, List<List<Value>>> folded(Moment moment) throws IOException {
        return GoldenRows.folded(copy, moment, folder);
    }
}

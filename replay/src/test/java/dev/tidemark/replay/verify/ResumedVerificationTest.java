package dev.tidemark.replay.verify;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ChainCheck;
import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.proof.Witness;
import dev.tidemark.archive.store.ForwardingObjectStore;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A verification that was cut off goes on where it was, and comes to the same verdict. */
class ResumedVerificationTest {
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));

    @TempDir static Path keys;
    @TempDir Path folder;

    private static ProvenArchive written;
    private static ProvenArchive other;

    private ProvenArchive archive;
    private Path record;

    @BeforeAll
    static void write(@TempDir Path temporary) throws Exception {
        Path key = keys.resolve("signing.pem");
        SigningKey.create(key);
        written = ProvenArchive.small(temporary, key, NOON);
        other = ProvenArchive.small(temporary, key, NOON.plusSeconds(1));
    }

    @BeforeEach
    void copy() throws IOException {
        archive = written.copy();
        record = folder.resolve("crm.verify");
    }

    /** A connection that is lost after so many files. */
    private static final class Cut extends ForwardingObjectStore {
        private final Set<String> read = ConcurrentHashMap.newKeySet();
        private final int filesMax;

        Cut(ObjectStore store, int filesMax) {
            super(store);
            this.filesMax = filesMax;
        }

        private synchronized void count(String name) throws IOException {
            if (name.startsWith("data/")) {
                if (read.size() >= filesMax) {
                    throw new IOException("the connection is lost");
                }
                read.add(name);
            }
        }

        @Override
        public void download(String name, Path file) throws IOException {
            count(name);
            super.download(name, file);
        }

        @Override
        public long size(String name) throws IOException {
            count(name);
            return super.size(name);
        }
    }

    private Verification.Report verify(ObjectStore store, Verification.Level level, Instant now)
            throws IOException {
        Optional<Witness> known = Checked.origin(record).map(origin -> origin.witness(record));
        ChainReport chain = ChainCheck.run(store, archive.rule(), known.stream().toList());
        Verification.Extent extent = Verification.Extent.all(level);
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        try (Checked checked = Checked.open(record, Checked.Origin.of(chain, extent, now))) {
            Verification.Report report =
                    Verification.run(
                            Archive.open(store), chain, temporary, extent, checked, bytes -> {});
            checked.finish();
            return report;
        }
    }

    private boolean isCutOff(int filesMax, Verification.Level level) {
        try {
            verify(new Cut(archive.store(), filesMax), level, NOON);
            return false;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("the connection is lost");
            return true;
        }
    }

    private List<FileRef> files() throws IOException {
        return Archive.open(archive.store()).state().manifests().stream()
                .flatMap(manifest -> manifest.files().stream())
                .distinct()
                .toList();
    }

    private void alter(FileRef file) throws IOException {
        byte[] content = archive.store().get(file.name());
        content[content.length / 2]++;
        archive.store().delete(file.name());
        archive.store().putIfAbsent(file.name(), content);
    }

    @ParameterizedTest
    @EnumSource
    void whereverItIsCutOffItComesToTheSameAndReadsNothingTwice(Verification.Level level)
            throws IOException {
        Verification.Report whole = verify(archive.store(), level, NOON);
        int files = files().size();
        assertThat(record).doesNotExist();

        int step = level == Verification.Level.REBUILD ? 5 : 1; // of so many files, it is slow
        for (int cut = 0; cut < files; cut += step) {
            assertThat(isCutOff(cut, level)).isTrue();
            int before = Files.readAllLines(record).size() - 1; // the first says of what
            Cut rest = new Cut(archive.store(), files);
            Verification.Report resumed = verify(rest, level, LATER);

            assertThat(resumed.problems()).isEmpty();
            assertThat(resumed.files()).isEqualTo(whole.files());
            assertThat(resumed.bytes()).isEqualTo(whole.bytes());
            assertThat(resumed.transactions()).isEqualTo(whole.transactions());
            assertThat(resumed.changes()).isEqualTo(whole.changes());
            Verification.Earlier earlier = resumed.earlier().orElseThrow();
            assertThat(earlier.began()).isEqualTo(NOON);
            assertThat(earlier.files()).isGreaterThanOrEqualTo(before);
            assertThat(rest.read).hasSize((int) (files - earlier.files()));
            assertThat(record).doesNotExist();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HASHES", "REBUILD"})
    void whatIsAlteredIsFoundWhereverTheRunBeforeWasCutOff(Verification.Level level)
            throws IOException {
        alter(files().getFirst());
        Verification.Report whole = verify(archive.store(), level, NOON);
        assertThat(whole.verdict()).isEqualTo(Verdict.ALTERED);

        int step = level == Verification.Level.REBUILD ? 9 : 1;
        for (int cut = 0; cut < files().size(); cut += step) {
            assertThat(isCutOff(cut, level)).isTrue();

            assertThat(verify(archive.store(), level, LATER).problems())
                    .isEqualTo(whole.problems());
        }
    }

    @Test
    void whatIsAlteredAfterItWasReadIsSeenByTheNextWholeRunAlone() throws IOException {
        assertThat(isCutOff(files().size() - 1, Verification.Level.REBUILD)).isTrue();
        alter(files().getFirst());

        assertThat(verify(archive.store(), Verification.Level.REBUILD, LATER).verdict())
                .isEqualTo(Verdict.GOOD);
        assertThat(verify(archive.store(), Verification.Level.REBUILD, LATER).verdict())
                .isEqualTo(Verdict.ALTERED);
    }

    @Test
    void aDamagedCatalogIsFoundAlsoWhenTheSegmentThatBroughtItExpiredMeanwhile() throws Exception {
        ObjectStore store = new MemoryObjectStore();
        WrittenArchive grown = new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        grown.base(at(1), NOON, catalog(DEAL), Map.of());
        grown.segment(List.of(wider(10)));
        FileRef catalog = grown.archive().state().catalog().orElseThrow();
        grown.foldedBase(Map.of());
        grown.segment(List.of(insert(20)));
        grown.segment(List.of(insert(30)));
        archive = ProvenArchive.unsigned(store, grown.archive());
        alter(catalog);
        assertThat(isCutOff(files().size() - 1, Verification.Level.REBUILD)).isTrue();
        assertThat(Files.readString(record))
                .as("a segment that goes on with it")
                .contains("manifests/00000000000000000003.json");
        ProvenArchive.letExpire(grown.archive(), new Merged.Range(0, 1));

        assertThat(verify(archive.store(), Verification.Level.REBUILD, LATER).verdict())
                .isEqualTo(Verdict.ALTERED);
    }

    private static WrittenArchive.Transaction wider(long position) {
        Table wide =
                table(
                        1,
                        "deal",
                        List.of(1),
                        List.of(column(1, "id"), column(2, "v", Optional.of("x"))));
        return new WrittenArchive.Transaction(
                at(position),
                position,
                NOON,
                List.of(
                        new Entry.Schema(
                                CatalogChange.ofTables("ALTER TABLE", List.of(wide)).json())));
    }

    private static WrittenArchive.Transaction insert(long position) {
        return new WrittenArchive.Transaction(
                at(position),
                position,
                NOON,
                List.of(
                        new Entry.Row(
                                1,
                                Operation.INSERT,
                                BeforeImage.NONE,
                                List.of(),
                                row(Long.toString(position), "v"))));
    }

    @Test
    void aLineThatWasCutOffCountsForNothing() throws IOException {
        assertThat(isCutOff(files().size() - 1, Verification.Level.REBUILD)).isTrue();
        byte[] lines = Files.readAllBytes(record);
        Files.write(record, Arrays.copyOf(lines, lines.length - 1));
        Files.write(record, new byte[] {0, 0, (byte) 0xff}, StandardOpenOption.APPEND);

        assertThat(isCutOff(0, Verification.Level.REBUILD)).isTrue();
        List<String> left = Files.readAllLines(record);
        assertThat(new String(lines, UTF_8).lines().toList())
                .startsWith(left.toArray(String[]::new))
                .hasSize(left.size() + 1);
        assertThat(verify(archive.store(), Verification.Level.REBUILD, LATER).problems()).isEmpty();
    }

    @Test
    void itGoesOnAfterTheArchiveGrew() throws Exception {
        assertThat(isCutOff(3, Verification.Level.HASHES)).isTrue();
        archive.store().delete("manifests/00000000000000000023.json");
        Files.delete(record);
        assertThat(isCutOff(3, Verification.Level.HASHES)).isTrue();
        archive.store()
                .putIfAbsent(
                        "manifests/00000000000000000023.json",
                        written.store().get("manifests/00000000000000000023.json"));

        Verification.Report report = verify(archive.store(), Verification.Level.HASHES, LATER);

        assertThat(report.problems()).isEmpty();
        assertThat(report.last()).isEqualTo(23);
        assertThat(report.anchored()).as("its own record is no anchor").isFalse();
    }

    @Test
    void aRollBackBetweenTheRunsIsSeen() throws Exception {
        assertThat(isCutOff(3, Verification.Level.HASHES)).isTrue();
        archive.store().delete("manifests/00000000000000000023.json");

        assertThat(verify(archive.store(), Verification.Level.HASHES, LATER).problems())
                .containsExactly(
                        "the archive ends with manifest 22, and the record %s knows manifest 23: it was rolled back to an older state"
                                .formatted(record));
    }

    @Test
    void theRecordOfSomethingElseIsRefused() throws Exception {
        assertThat(isCutOff(3, Verification.Level.HASHES)).isTrue();
        byte[] there = Files.readAllBytes(record);

        assertThatThrownBy(() -> verify(archive.store(), Verification.Level.REBUILD, LATER))
                .hasMessage(
                        "the record %s is of --level hashes --since 0, not of --level rebuild --since 0"
                                .formatted(record));
        assertThatThrownBy(() -> verify(other.store(), Verification.Level.HASHES, LATER))
                .hasMessage("the record %s is of another archive".formatted(record));
        assertThat(record).hasBinaryContent(there);
    }

    @Test
    void aFileThatIsNoRecordStaysAsItIs() throws Exception {
        for (String content : List.of("letters to Anna", "{\"format\":1}\n", "\n")) {
            Files.writeString(record, content);

            assertThatThrownBy(() -> verify(archive.store(), Verification.Level.HASHES, LATER))
                    .hasMessage(
                            "%s is no record of a verification by this version".formatted(record));
            assertThat(record).hasContent(content);
        }
    }

    @Test
    void aHeaderThatWasCutOffBeginsAnew() throws Exception {
        assertThat(isCutOff(3, Verification.Level.HASHES)).isTrue();
        String header = Files.readAllLines(record).getFirst();
        Files.writeString(record, header);

        assertThat(isCutOff(3, Verification.Level.HASHES)).isTrue();

        assertThat(Files.readAllLines(record)).startsWith(header).hasSize(4);
    }

    @Test
    void whatOthersMayWriteOrALinkIsNoRecord() throws Exception {
        assertThat(isCutOff(3, Verification.Level.HASHES)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record)))
                .isEqualTo("rw-------");
        Path link = Files.createSymbolicLink(folder.resolve("link"), record);
        Path own = record;
        record = link;
        assertThatThrownBy(() -> verify(archive.store(), Verification.Level.HASHES, LATER))
                .hasMessage("the record %s is a link, and not a file".formatted(link));
        record = own;
        Files.setPosixFilePermissions(record, PosixFilePermissions.fromString("rw-rw-r--"));

        assertThatThrownBy(() -> verify(archive.store(), Verification.Level.HASHES, LATER))
                .hasMessage("others than its owner may write the record " + record);
    }

    @Test
    void anotherProcessDoesNotWriteARecordThatWasGoneOnWith() throws Exception {
        assumeTrue(VerifyScript.hasPython(), "python3 is not there");
        assertThat(isCutOff(3, Verification.Level.FILES)).isTrue();
        ChainReport chain = ChainCheck.run(archive.store(), archive.rule(), List.of());
        Checked.Origin now =
                Checked.Origin.of(chain, Verification.Extent.all(Verification.Level.FILES), NOON);
        try (Checked unused = Checked.open(record, now)) {
            assertThat(exitCodeOfLocking(record)).as("the lock is held").isEqualTo(1);
        }
        assertThat(exitCodeOfLocking(record)).isZero();
    }

    private static int exitCodeOfLocking(Path file) throws Exception {
        String script =
                """
                import fcntl, sys
                try:
                    fcntl.lockf(open(sys.argv[1], "r+"), fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    sys.exit(1)
                """;
        return new ProcessBuilder("python3", "-c", script, file.toString()).start().waitFor();
    }

    @Test
    void twoRunsDoNotWriteOneRecord() throws Exception {
        ChainReport chain = ChainCheck.run(archive.store(), archive.rule(), List.of());
        Checked.Origin now =
                Checked.Origin.of(chain, Verification.Extent.all(Verification.Level.FILES), NOON);
        try (Checked first = Checked.open(record, now)) {
            assertThatThrownBy(() -> Checked.open(record, now))
                    .hasMessage("another verification writes the record " + record);
            first.finish();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}

package dev.tidemark.replay.verify;

import static dev.tidemark.archive.Samples.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ChainCheck;
import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.proof.Witness;
import dev.tidemark.archive.store.ForwardingObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
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
        assertThat(report.anchored()).isTrue();
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

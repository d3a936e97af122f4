package dev.tidemark.replay.verify;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ChainCheck;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.SignatureRule;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each level finds what it says it looks at, also in merged segments. */
class VerificationTest {
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));

    @TempDir Path folder;

    private ObjectStore store;
    private Manifest merged;

    @BeforeEach
    void mergeSegments() throws Exception {
        store = new MemoryObjectStore();
        Archive archive = Archive.create(store, Samples.IDENTITY);
        WrittenArchive written = new WrittenArchive(archive, folder);
        written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("0", "a"))));
        written.segment(List.of(insert(10), insert(20)));
        written.segment(List.of(insert(30)));
        merged = MergedByHand.replace(archive, folder);
    }

    private static Transaction insert(long position) {
        Entry entry =
                new Entry.Row(
                        1,
                        Operation.INSERT,
                        BeforeImage.NONE,
                        List.of(),
                        row(Long.toString(position), "v"));
        return new Transaction(at(position), position, NOON, List.of(entry));
    }

    private List<String> problems(Verification.Level level) throws IOException {
        return verified(level).problems();
    }

    private Verification.Report verified(Verification.Level level) throws IOException {
        Archive archive = Archive.open(store);
        return Verification.run(
                archive,
                ChainCheck.run(store, SignatureRule.NONE, List.of()),
                folder,
                Verification.Extent.all(level),
                bytes -> {});
    }

    private FileRef changes() {
        return merged.file(FileRef.Kind.CHANGES).orElseThrow();
    }

    private void replace(FileRef file, byte[] content) throws IOException {
        store.delete(file.name());
        store.putIfAbsent(file.name(), content);
    }

    @ParameterizedTest
    @EnumSource
    void aWholeArchiveHasNoProblem(Verification.Level level) throws IOException {
        Verification.Report report = verified(level);

        assertThat(report.problems()).isEmpty();
        assertThat(report.files()).isEqualTo(5); // the merged segment has the catalog of the base
        assertThat(report.transactions()).isEqualTo(level == Verification.Level.REBUILD ? 3 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void aMissingFileIsFoundByEach(Verification.Level level) throws IOException {
        store.delete(changes().name());

        assertThat(problems(level))
                .containsExactly("the archive's file " + changes().name() + " is missing");
    }

    @ParameterizedTest
    @EnumSource
    void aTruncatedFileIsFoundByEach(Verification.Level level) throws IOException {
        byte[] content = store.get(changes().name());
        replace(changes(), Arrays.copyOf(content, 9));

        assertThat(problems(level))
                .containsExactly(
                        "the archive's file %s has 9 bytes instead of %d"
                                .formatted(changes().name(), content.length));
    }

    @Test
    void anAlteredByteIsFoundByHashes() throws IOException {
        byte[] content = store.get(changes().name());
        content[content.length / 2]++;
        replace(changes(), content);

        assertThat(problems(Verification.Level.FILES)).isEmpty();
        assertThat(problems(Verification.Level.HASHES))
                .containsExactly(
                        "the archive's file "
                                + changes().name()
                                + " was altered: its SHA-256 is not the one in its manifest");
        assertThat(problems(Verification.Level.REBUILD))
                .containsExactlyElementsOf(problems(Verification.Level.HASHES));
    }
}

package dev.tidemark.archive.manifest;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static dev.tidemark.archive.manifest.GoldenRows.BASE;
import static dev.tidemark.archive.manifest.GoldenRows.CONTACTS;
import static dev.tidemark.archive.manifest.GoldenRows.NARROW;
import static dev.tidemark.archive.manifest.GoldenRows.NOTES;
import static dev.tidemark.archive.manifest.GoldenRows.RENUMBERED;
import static dev.tidemark.archive.manifest.GoldenRows.SAMPLED;
import static dev.tidemark.archive.manifest.GoldenRows.TEXTS;
import static dev.tidemark.archive.manifest.GoldenRows.WIDE;
import static dev.tidemark.archive.manifest.GoldenRows.WIDENED;
import static dev.tidemark.archive.manifest.GoldenRows.change;
import static dev.tidemark.archive.manifest.GoldenRows.insert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.merge.DigestCheck;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.proof.Signing;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.proof.TrustedKeys;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same as {@link GoldenArchiveTest} of what came later: a merged segment whose first files are
 * gone, bases made from the archive and of single tables, marks, holds, a gap, signatures. The
 * files in {@code golden-merged/} were written once, and are to be read for ever.
 */
class GoldenMergedTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden-merged");
    private static final Path PUBLIC_KEY = Path.of("src/test/resources/golden-merged.pub");

    @TempDir Path folder;

    private Path copy = GOLDEN;

    @BeforeEach
    void copyTheFiles() throws IOException {
        copy = GoldenRows.copy(GOLDEN, folder);
    }

    private static void segment(WrittenArchive written, long position, Entry... entries)
            throws IOException {
        written.segment(
                List.of(
                        new Transaction(
                                at(position),
                                position,
                                NOON.plusSeconds(position),
                                List.of(entries))));
    }

    private static void write(ObjectStore store, Path key, Path temporary) throws Exception {
        try (Archive archive =
                Archive.create(store, Samples.IDENTITY, KeyChain.EMPTY, "0badcafe")) {
            archive.signWith(Signing.with(SigningKey.read(key)));
            WrittenArchive written = new WrittenArchive(archive, temporary);
            written.base(at(0x100), NOON, catalog(NARROW, TEXTS), BASE);
            writeMerged(written, temporary);
            say(archive, Optional.of(mark()), Optional.empty());
            say(archive, Optional.empty(), Optional.of(hold()));
            writeBases(written);
            written.baseAfterGap(
                    at(0x200),
                    NOON.plusSeconds(0x200),
                    catalog(WIDE, TEXTS),
                    Map.of(CONTACTS, List.of(row("7", "Gert", "Ulm"))),
                    "the slot was lost");
            segment(written, 0x210, insert(CONTACTS, "8", "Hans", "null"));
        }
    }

    private static void writeMerged(WrittenArchive written, Path temporary) throws Exception {
        segment(written, 0x110, insert(CONTACTS, "4", "Dora"), RENUMBERED);
        segment(
                written,
                0x120,
                change(NOTES, Operation.DELETE, row("twice"), List.of()),
                new Entry.Message("mark", "before import"));
        segment(written, 0x130, WIDENED, insert(CONTACTS, "5", "Emil", "Ulm"), SAMPLED);
        segment(
                written,
                0x140,
                new Entry.Truncate(List.of(NOTES), false, false),
                insert(NOTES, "last"));
        MergedByHand.replace(written.archive(), temporary);
    }

    private static void writeBases(WrittenArchive written) throws IOException {
        segment(
                written,
                0x150,
                change(CONTACTS, Operation.UPDATE, List.of(), row("9", "Anna", "Köln")),
                change(
                        CONTACTS,
                        Operation.DELETE,
                        List.of(Value.text("2"), Value.Mark.UNKNOWN, Value.Mark.UNKNOWN),
                        List.of()));
        written.tableBase(
                at(0x150), NOON.plusSeconds(0x150), Map.of(TEXTS, List.of(row("last"))), Set.of());
        written.foldedBase(
                Map.of(
                        WIDE.withVersion(2),
                        List.of(
                                row("9", "Anna", "Köln"),
                                row("3", "", "Bonn"),
                                row("4", "Dora", "Bonn"),
                                row("5", "Emil", "Ulm")),
                        TEXTS,
                        List.of(row("last"))));
        segment(written, 0x160, insert(CONTACTS, "6", "Fee", "null"));
    }

    private static Mark mark() {
        return new Mark("before import", 0, at(0x140), NOON.plusSeconds(0x140), "für Ämter", false);
    }

    private static Hold hold() {
        return new Hold("audit", NOON, NOON.plusSeconds(60), "asked for by the auditor", false);
    }

    private static void say(Archive archive, Optional<Mark> mark, Optional<Hold> hold)
            throws Exception {
        Manifest newest = archive.state().newest().orElseThrow();
        archive.commit(
                new Manifest(
                        1,
                        0,
                        "",
                        mark.isPresent() ? Manifest.Kind.MARK : Manifest.Kind.HOLD,
                        "",
                        NOON,
                        1,
                        newest.log(),
                        newest.span(),
                        newest.catalog(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        mark,
                        Optional.empty(),
                        hold,
                        Optional.empty()));
    }

    /**
     * Run once, with {@code -Dgolden=merged}, when there is a new format to keep: then into another
     * folder, beside this one.
     */
    @Test
    @EnabledIfSystemProperty(named = "golden", matches = "merged")
    void theGoldenFilesAreWritten() throws Exception {
        Path key = folder.resolve("signing.pem");
        SigningKey.create(key);
        MemoryObjectStore store = new MemoryObjectStore();
        write(store, key, folder);
        for (String name : store.list("", "", 1_000)) {
            boolean isReplaced =
                    name.matches("data/0{19}[1-4]-.*/(journal|transactions)\\.parquet");
            if (!isReplaced) {
                Path file = GOLDEN.resolve(name);
                Files.createDirectories(file.getParent());
                Files.write(file, store.get(name));
            }
        }
        Files.copy(folder.resolve("signing.pem.pub"), PUBLIC_KEY);
    }

    @Test
    void itsManifestsAreReadAndTheirSignaturesAreGood() throws IOException {
        LocalObjectStore store = new LocalObjectStore(copy);
        ChainReport chain =
                ChainCheck.run(
                        store,
                        new SignatureRule(TrustedKeys.read(List.of(PUBLIC_KEY)), 0),
                        List.of());
        assertThat(chain.findings()).isEmpty();
        assertThat(chain.isSigned()).isTrue();
        assertThat(chain.signed()).isEqualTo(15);

        try (Archive archive = Archive.open(store)) {
            ArchiveState state = archive.state();
            assertThat(state.last()).isEqualTo(14);
            assertThat(state.neededMark("before import", "")).isEqualTo(mark());
            assertThat(state.holds()).containsExactly(hold());
            assertThat(state.stretches()).hasSize(2);
            assertThat(state.stretches().getLast().gap().orElseThrow().reason())
                    .isEqualTo("the slot was lost");
            for (Manifest manifest : state.manifests()) {
                assertThat(manifest.bytes())
                        .isEqualTo(Files.readAllBytes(GOLDEN.resolve(manifest.name())));
                for (FileRef file : manifest.files()) {
                    Files.deleteIfExists(archive.fetch(file, folder));
                }
            }
        }
    }

    @Test
    void itsTransactionsHaveTheDigestsOfTheirChanges() throws IOException {
        List<String> problems = new ArrayList<>();
        long transactions = 0;
        try (Archive archive = Archive.open(new LocalObjectStore(copy))) {
            for (Manifest segment : archive.state().segments()) {
                transactions +=
                        DigestCheck.run(
                                        file -> archive.fetch(file, folder),
                                        segment,
                                        folder,
                                        problems::add)
                                .transactions();
            }
        }
        assertThat(problems).isEmpty();
        assertThat(transactions).isEqualTo(7);
    }

    @Test
    void itFoldsToTheSameRows() throws IOException {
        assertThat(folded(new Moment.AtPosition(at(0x120))))
                .isEqualTo(
                        Map.of(
                                CONTACTS,
                                Set.of(
                                        row("9", "Anna"),
                                        row("2", "null"),
                                        row("3", ""),
                                        row("4", "Dora")),
                                NOTES,
                                Set.of(row("twice"), row("Größe 😀"))));
        assertThat(folded(new Moment.AtMark("before import")))
                .isEqualTo(
                        Map.of(
                                CONTACTS,
                                Set.of(
                                        row("9", "Anna", "Bonn"),
                                        row("2", "null", "Bonn"),
                                        row("3", "", "Bonn"),
                                        row("4", "Dora", "Bonn"),
                                        row("5", "Emil", "Ulm")),
                                NOTES,
                                Set.of(row("last"))));
        assertThat(folded(new Moment.AtPosition(at(0x160))))
                .isEqualTo(
                        Map.of(
                                CONTACTS,
                                Set.of(
                                        row("9", "Anna", "Köln"),
                                        row("3", "", "Bonn"),
                                        row("4", "Dora", "Bonn"),
                                        row("5", "Emil", "Ulm"),
                                        row("6", "Fee", "null")),
                                NOTES,
                                Set.of(row("last"))));
        assertThat(folded(new Moment.Latest()))
                .isEqualTo(
                        Map.of(
                                CONTACTS,
                                Set.of(row("7", "Gert", "Ulm"), row("8", "Hans", "null")),
                                NOTES,
                                Set.of()));
    }

    private Map<Long, Set<List<Value>>> folded(Moment moment) throws IOException {
        Map<Long, Set<List<Value>>> rows = new TreeMap<>();
        GoldenRows.folded(copy, moment, folder)
                .forEach((table, of) -> rows.put(table, Set.copyOf(of)));
        return rows;
    }
}

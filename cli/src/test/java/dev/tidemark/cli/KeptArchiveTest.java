package dev.tidemark.cli;

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
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that keep an archive: what they refuse, leave behind, and note in the ledger. */
class KeptArchiveTest {
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));

    @TempDir private Path directory;

    private Outcome last = Outcome.NOTHING_YET;
    private Path archive;

    /** A base as of noon, and two segments of the hours after it; it is the day after. */
    @BeforeEach
    void writeAnArchive() throws IOException {
        archive = Files.createDirectory(directory.resolve("archive"));
        Files.writeString(
                directory.resolve("tidemark.yaml"),
                "archive: {url: %s}\nretention: {history: 1h}\n".formatted(archive));
        try (Archive made = Archive.create(new LocalObjectStore(archive), Samples.IDENTITY)) {
            WrittenArchive written = new WrittenArchive(made, directory);
            written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("0", "a"))));
            for (int minute = 1; minute <= 3; minute++) {
                segment(written, minute);
            }
        }
    }

    private static void segment(WrittenArchive written, int minute) throws IOException {
        Entry entry =
                new Entry.Row(
                        1,
                        Operation.INSERT,
                        BeforeImage.NONE,
                        List.of(),
                        row(Integer.toString(minute), "v"));
        written.segment(
                List.of(
                        new Transaction(
                                at(minute * 10L),
                                minute,
                                NOON.plus(Duration.ofMinutes(minute)),
                                List.of(entry))));
    }

    @Test
    void aHoldMayReachIntoTheFutureAndBeginsInThePast() {
        assertThat(
                        run(
                                "hold",
                                "audit",
                                "--from",
                                "2026-11-20T12:00:00Z",
                                "--to",
                                "2027-03-31T00:00:00Z"))
                .isZero();
        assertThat(last.out())
                .isEqualTo("held 'audit': 2026-11-20T12:00:00Z to 2027-03-31T00:00:00Z\n");

        assertThat(
                        run(
                                "hold",
                                "next",
                                "--from",
                                "2027-01-01T00:00:00Z",
                                "--to",
                                "2027-03-31T00:00:00Z"))
                .isEqualTo(3);
        assertThat(last.err())
                .isEqualTo(
                        """
                        error: the hold would begin at 2027-01-01T00:00:00Z, which is in the future: now is 2026-11-21T12:00:00Z
                        HINT: Begin with a time that has passed; the end may be to come.
                        """);
    }

    @Test
    void everyVerificationIsAnEntryAndOnlyAWholeOneIsCalledSo() {
        run("verify");
        run("verify", "--level", "hashes");
        run("verify", "--level", "files");
        run("verify", "--since", "1");
        run("ledger");

        assertThat(last.out())
                .endsWith(
                        """
                        4 of 4 entries, newest first
                        verify: 1 of 1 good
                        verify hashes: 1 of 1 good
                        verify files: 1 of 1 good
                        verify part: 1 of 1 good
                        """);
    }

    @Test
    void aVerificationThatCannotReadTheManifestsIsAnEntryToo() throws IOException {
        Files.writeString(archive.resolve("manifests/00000000000000000001.json"), "{");

        assertThat(run("verify")).isEqualTo(7);

        try (var names = Files.list(archive.resolve("ledger"))) {
            assertThat(Files.readString(names.findFirst().orElseThrow()))
                    .contains("\"kind\":\"VERIFY\"", "\"good\":false");
        }
    }

    @Test
    void whatDamageEndsIsAnEntryThatIsNotGood() throws IOException {
        damageTheNewestJournal();

        assertThat(run("base")).isEqualTo(3);
        assertThat(run("merge", "--all")).isEqualTo(0); // of all but the newest segment
        run("ledger");

        assertThat(last.out()).endsWith("base: 0 of 1 good\nmerge: 1 of 1 good\n");
    }

    @Test
    void theRatesAreOfAllEntriesHoweverFewAreShown() {
        run("verify");
        run("verify");
        run("verify");
        run("ledger", "--limit", "1");

        assertThat(last.out()).contains("\n1 of 3 entries, newest first\nverify: 3 of 3 good\n");
        assertThat(last.out().lines().filter(line -> line.contains("Z  verify "))).hasSize(1);
    }

    @Test
    void whatIsRefusedBeforeItBeginsIsNoEntry() {
        assertThat(run("base", "--confirm")).isEqualTo(2);
        assertThat(run("restore", "--to", "0/FFFFFF", "--into", "postgresql://me@127.0.0.1:1/x"))
                .isEqualTo(3);
        run("ledger");

        assertThat(last.out()).contains("0 of 0 entries, newest first\n");
    }

    @Test
    void anExportThatFailsLeavesNothingAndCanBeRepeated() throws IOException {
        Path journal = newestJournal();
        byte[] whole = Files.readAllBytes(journal);
        damageTheNewestJournal();

        assertThat(export("new/place")).isEqualTo(3);
        assertThat(directory.resolve("new")).doesNotExist();

        Files.write(journal, whole);
        assertThat(export("new/place")).isZero();
        assertThat(directory.resolve("new/place"))
                .isDirectoryContaining("glob:**/export.json")
                .isDirectoryNotContaining("glob:**/.tmp");
    }

    @Test
    void anExportThatIsRefusedLeavesNoFolder() {
        assertThat(run("export", "--as-of", "xid:4711", "--format", "csv", "--into", in("new")))
                .isEqualTo(3);

        assertThat(directory.resolve("new")).doesNotExist();
    }

    @Test
    void anExportIsNoPartOfTheArchive() {
        assertThat(export("archive/sub")).isEqualTo(2);

        assertThat(last.err())
                .isEqualTo(
                        """
                        error: %s is inside the archive
                        HINT: An export is no part of it. Give a folder or prefix of your own.
                        """
                                .formatted(in("archive/sub")));
        assertThat(directory.resolve("archive/sub")).doesNotExist();
    }

    @Test
    void aMergeOfAllSaysWhatItLookedAt() {
        run("merge", "--all");
        run("merge", "--all");

        assertThat(last.out())
                .startsWith(
                        "There is nothing to merge: no hour has several segments beside the newest one.\n");
    }

    /** The segments are of 12:01 to 12:03. */
    @Test
    void aMergeSaysWhenAnHourIsOver() {
        assertThat(runAt(Duration.ofMinutes(119), "merge")).isZero();
        assertThat(last.out())
                .isEqualTo(
                        "There is nothing to merge: no hour that is over has several segments, and the one that goes on not enough."
                                + " An hour is over when a later one has begun in the archive, else an hour after its end. --all"
                                + " merges 2 segments now.\n");

        assertThat(runAt(Duration.ofHours(2), "merge")).isZero();
        assertThat(last.out()).startsWith("2 segments with 2 changes are 1 now: ");

        assertThat(runAt(Duration.ofMinutes(121), "merge")).isZero();
        assertThat(last.out())
                .startsWith(
                        "There is nothing to merge: no hour has several segments beside the newest one.\n");
    }

    private int export(String place) {
        return run("export", "--as-of", "latest", "--format", "csv", "--into", in(place));
    }

    private String in(String name) {
        return directory.resolve(name).toString();
    }

    private void damageTheNewestJournal() throws IOException {
        Path journal = newestJournal();
        byte[] content = Files.readAllBytes(journal);
        content[content.length / 2] ^= 1;
        Files.write(journal, content);
    }

    private Path newestJournal() throws IOException {
        try (Archive opened = Archive.open(new LocalObjectStore(archive))) {
            FileRef file =
                    opened.state().newest().orElseThrow().files().stream()
                            .filter(one -> one.kind() == FileRef.Kind.JOURNAL)
                            .findFirst()
                            .orElseThrow();
            return archive.resolve(file.name());
        }
    }

    private int run(String... arguments) {
        return runAt(Duration.ofDays(1), arguments);
    }

    private int runAt(Duration afterNoon, String... arguments) {
        last = Outcome.of(directory, NOON.plus(afterNoon), arguments);
        return last.code();
    }
}

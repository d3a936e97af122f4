package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.replay.load.RowsChecksum;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code restore --salvage} gives of a damaged archive, held against the source. */
class SalvageIT {
    @TempDir private static Path directory;
    private static Deployment tidemark;
    private static Truth before; // and then one transaction in a segment of its own
    private static Truth end;
    private static Path folded; // the same archive with one more base
    private static Path merged; // the same, merged

    @BeforeAll
    static void writeAnArchive() throws Exception {
        tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}");
        tidemark.execute(
                "crm",
                """
                CREATE TABLE public.deal (id int PRIMARY KEY, note text);
                CREATE TABLE public.account (id int PRIMARY KEY, name text);
                CREATE TABLE public.visit (who text);
                INSERT INTO public.deal SELECT n, 'new' FROM generate_series(1, 50) n;
                INSERT INTO public.account SELECT n, 'a' || n FROM generate_series(1, 20) n;
                INSERT INTO public.visit VALUES ('Anna'), ('Anna'), ('Berta');
                """);
        tidemark.succeed("init");
        Process service = tidemark.service("run");
        tidemark.execute("crm", "UPDATE public.account SET name = name || '!' WHERE id > 5");
        before = archived();
        tidemark.execute(
                "crm",
                """
                UPDATE public.deal SET note = 'won' WHERE id % 3 = 0;
                UPDATE public.account SET name = 'b' || id WHERE id < 3;
                DELETE FROM public.visit WHERE who = 'Berta';
                """);
        archived();
        tidemark.execute(
                "crm", "INSERT INTO public.deal VALUES (99, 'late'); DELETE FROM public.visit");
        end = archived();
        Deployment.signal(service, "TERM");
        assertThat(service.waitFor()).isZero();
        folded = copy(directory.resolve("archive"), "folded");
        assertThat(command(folded, "base").code()).isZero();
        merged = copy(directory.resolve("archive"), "merged");
        assertThat(command(merged, "merge", "--all").code()).isZero();
    }

    @AfterAll
    static void stop() {
        tidemark.close();
    }

    private static Truth archived() throws Exception {
        Truth truth = tidemark.truth();
        tidemark.awaitArchivedPast(truth);
        return truth;
    }

    private static Path copy(Path archive, String name) throws Exception {
        Path copy = directory.resolve(name);
        try (Stream<Path> files = Files.walk(archive)) {
            for (Path from : files.toList()) {
                Files.copy(from, copy.resolve(archive.relativize(from).toString()));
            }
        }
        return copy;
    }

    private static Outcome command(Path archive, String... arguments) throws Exception {
        Path configuration =
                tidemark.configuration(
                        archive.getFileName().toString(),
                        directory.resolve("archive").toString(),
                        archive.toString());
        return tidemark.tidemark(configuration, arguments);
    }

    private static Outcome salvage(Path archive, String... more) throws Exception {
        String name = archive.getFileName().toString();
        tidemark.execute("postgres", "CREATE DATABASE " + name);
        String url = tidemark.database(name).url().toString();
        String[] fixed = {"restore", "--to", "latest", "--salvage", "--into", url};
        return command(
                archive,
                Stream.concat(Arrays.stream(fixed), Arrays.stream(more)).toArray(String[]::new));
    }

    private static Outcome shown(Path archive, String... more) throws Exception {
        String[] fixed = {"restore", "--to", "latest", "--salvage", "--dry-run"};
        return command(
                archive,
                Stream.concat(Arrays.stream(fixed), Arrays.stream(more)).toArray(String[]::new));
    }

    private static ArchiveState state(Path archive) throws Exception {
        try (Archive opened = Archive.open(new LocalObjectStore(archive))) {
            return opened.state();
        }
    }

    /** The file of public.deal in a base, or with its changes in a merged segment. */
    private static FileRef ofDeal(Path archive, Manifest in, FileRef.Kind kind) throws Exception {
        try (Archive opened = Archive.open(new LocalObjectStore(archive))) {
            long deal =
                    opened.catalog(in.catalogThere()).tables().stream()
                            .filter(table -> table.displayName().equals("public.deal"))
                            .findFirst()
                            .orElseThrow()
                            .id();
            return in.files().stream()
                    .filter(file -> file.kind() == kind && file.table() == deal)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path path(Path archive, FileRef file) {
        return archive.resolve(file.name());
    }

    private static void flip(Path file) throws Exception {
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
    }

    private static void cutOff(Path file) throws Exception {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length / 2));
    }

    private static String altered(FileRef file) {
        return "damaged: the archive's file %s was altered: its SHA-256 is not the one in its manifest\n"
                .formatted(file.name());
    }

    /** What is warned of, but for how far the schema is known, which differs from run to run. */
    private static String warnings(Outcome outcome) {
        return outcome.err()
                .lines()
                .filter(line -> line.startsWith("warning: "))
                .filter(line -> !line.contains("the source's schema was last read whole"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static Map<String, RowsChecksum> allButDeal(Map<String, RowsChecksum> tables) {
        Map<String, RowsChecksum> others = new TreeMap<>(tables);
        others.remove("public.deal");
        return others;
    }

    private static void assertThatDealAloneIsEmpty(String database) throws Exception {
        Map<String, RowsChecksum> restored = tidemark.rows(database);
        assertThat(allButDeal(restored)).isEqualTo(allButDeal(end.tables()));
        assertThat(tidemark.ask(database, "SELECT count(*) FROM public.deal")).isEqualTo("0");
    }

    private static void assertThatTheLedgerSays(Path archive, boolean good) throws Exception {
        assertThat(command(archive, "ledger", "--limit", "1", "--json").out())
                .contains("\"kind\" : \"RESTORE\"", "\"good\" : " + good);
    }

    @Test
    void anotherBaseGivesTheVeryMomentAndSaysWhatIsDamaged() throws Exception {
        Path archive = copy(folded, "another_way");
        Manifest made = state(archive).stretches().getFirst().foldedBases().getFirst();
        FileRef file = ofDeal(archive, made, FileRef.Kind.BASE);
        flip(path(archive, file));

        assertThat(command(archive, "verify").code()).isEqualTo(7);
        Outcome shown = shown(archive);
        Outcome salvaged = salvage(archive);

        assertThat(shown.code()).isZero();
        assertThat(warnings(shown)).isEqualTo("warning: " + altered(file));
        assertThat(warnings(salvaged)).isEqualTo("warning: " + altered(file));
        assertThat(salvaged.code()).isZero();
        assertThat(tidemark.rows("another_way")).isEqualTo(end.tables());
        assertThatTheLedgerSays(archive, true);
    }

    @Test
    void withoutABaseFileAllOtherTablesAreAsTheyWere() throws Exception {
        Path archive = copy(directory.resolve("archive"), "without_base");
        FileRef file = ofDeal(archive, state(archive).bases().getFirst(), FileRef.Kind.BASE);
        Files.delete(path(archive, file));
        String said =
                """
                warning: damaged: the archive's file %s is missing
                warning: public.deal comes back without rows: it has 50 rows in its base, and 50 records of it cannot be read
                """
                        .formatted(file.name());

        Outcome shown = shown(archive, "--json");
        Outcome salvaged = salvage(archive, "--json");

        assertThat(warnings(shown)).isEqualTo(said);
        assertThat(shown.out())
                .contains(
                        "\"table\" : \"public.deal\"",
                        "\"baseRows\" : 50",
                        "\"unreadable\" : 50",
                        "\"after\" : null");
        assertThat(shown.code()).isEqualTo(1);
        assertThat(warnings(salvaged))
                .isEqualTo(said + "warning: left out: the rows of public.deal\n");
        assertThat(salvaged.out())
                .contains("\"withoutRows\" : [ \"public.deal\" ]", "\"baseRows\" : 50");
        assertThat(salvaged.code()).isEqualTo(1);
        assertThatDealAloneIsEmpty("without_base");
        assertThatTheLedgerSays(archive, false);
    }

    @Test
    void withoutAJournalTheNewestMomentBeforeItIsGiven() throws Exception {
        Path archive = copy(directory.resolve("archive"), "before_journal");
        Manifest hit =
                state(archive).segments().stream()
                        .filter(segment -> segment.span().firstCommit().isAfter(before.time()))
                        .filter(segment -> segment.span().changes() > 0)
                        .findFirst()
                        .orElseThrow();
        FileRef file = hit.file(FileRef.Kind.JOURNAL).orElseThrow();
        flip(path(archive, file));

        Outcome shown = shown(archive);
        Outcome salvaged = salvage(archive);

        assertThat(shown.code()).isEqualTo(1);
        assertThat(warnings(shown))
                .startsWith(
                        "warning: %swarning: latest cannot be reached; the newest moment before it that can be is %s\nwarning: left out: what was committed from %s to "
                                .formatted(
                                        altered(file), hit.span().from(), hit.span().firstCommit()))
                .containsPattern(", \\d+ transactions with \\d+ changes at most\n");
        assertThat(warnings(salvaged)).isEqualTo(warnings(shown));
        assertThat(salvaged.out())
                .contains("before_journal is as the source was at " + hit.span().from() + " (");
        assertThat(salvaged.code()).isEqualTo(1);
        assertThat(tidemark.rows("before_journal")).isEqualTo(before.tables());
        assertThatTheLedgerSays(archive, false);
    }

    @Test
    void withoutMergedChangesOfATableAllOthersAreAsTheyWere() throws Exception {
        Path archive = copy(merged, "without_changes");
        FileRef file = ofDeal(archive, state(archive).segments().getFirst(), FileRef.Kind.CHANGES);
        cutOff(path(archive, file));

        Outcome salvaged = salvage(archive);

        assertThat(warnings(salvaged))
                .isEqualTo(
                        """
                        warning: damaged: the archive's file %s has %d bytes instead of %d
                        warning: public.deal comes back without rows: it has 50 rows in its base, and %d records of it cannot be read
                        warning: left out: the rows of public.deal
                        """
                                .formatted(
                                        file.name(), file.bytes() / 2, file.bytes(), file.rows()));
        assertThat(salvaged.out()).contains(" but for the rows of 1 table that were left out: ");
        assertThat(salvaged.code()).isEqualTo(1);
        assertThatDealAloneIsEmpty("without_changes");
        assertThatTheLedgerSays(archive, false);
    }

    @Test
    void withoutAMergedJournalTheBaseIsWhatIsLeft() throws Exception {
        Path archive = copy(merged, "base_alone");
        FileRef file =
                state(archive).segments().getFirst().file(FileRef.Kind.JOURNAL).orElseThrow();
        Files.delete(path(archive, file));

        Outcome salvaged = salvage(archive);

        assertThat(salvaged.code()).isEqualTo(1);
        assertThat(warnings(salvaged))
                .contains("damaged: the archive's file %s is missing\n".formatted(file.name()))
                .contains("latest cannot be reached; ");
        assertThat(
                        tidemark.ask(
                                "base_alone",
                                "SELECT count(*) FROM public.account WHERE name LIKE '%!'"))
                .isEqualTo("0");
        assertThat(tidemark.ask("base_alone", "SELECT count(*) FROM public.deal")).isEqualTo("50");
        assertThat(tidemark.ask("base_alone", "SELECT count(*) FROM public.visit")).isEqualTo("3");
        assertThatTheLedgerSays(archive, false);
    }
}

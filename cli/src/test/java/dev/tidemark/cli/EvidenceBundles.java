package dev.tidemark.cli;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.proof.Signing;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.cli.command.Surroundings;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** An archive in which a deal was made, set, and lost, and bundles of what is asked of it. */
final class EvidenceBundles {
    private static final Table DEAL =
            table(
                    1,
                    "deal",
                    List.of(1),
                    List.of(
                            column(1, "id", "integer", Optional.empty()),
                            column(2, "note", "text", Optional.empty()),
                            column(3, "due", "date", Optional.empty())));

    static final String SCRIPT = "<script>alert(1)</script>";

    private final Path directory;
    private final Path archive;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** A base as of noon, in three later segments a deal that is made, set, and lost; a gap. */
    EvidenceBundles(Path directory) throws IOException {
        this.directory = directory;
        archive = Files.createDirectory(directory.resolve("archive"));
        Files.writeString(
                directory.resolve("tidemark.yaml"),
                "archive: {url: %s}\ntimezone: Europe/Berlin\n".formatted(archive));
        SigningKey.create(directory.resolve("signing.pem"));
        try (Archive made = Archive.create(new LocalObjectStore(archive), Samples.IDENTITY)) {
            made.signWith(Signing.withFile(Optional.of(directory.resolve("signing.pem"))));
            WrittenArchive written = new WrittenArchive(made, directory);
            written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("0", "null", "null"))));
            segment(written, 1, insert("7", "a\nb", "2026-03-31"));
            segment(
                    written,
                    2,
                    said("ann"),
                    update(row("7", "a\nb", "2026-03-31"), row("7", SCRIPT, "null")));
            segment(written, 3, delete(row("7", SCRIPT, "null")));
            written.baseAfterGap(
                    at(1000),
                    NOON.plus(Duration.ofHours(1)),
                    catalog(DEAL),
                    Map.of(1L, List.of(row("0", "null", "null"))),
                    "the slot was lost");
        }
    }

    private static Entry insert(String... fields) {
        return new Entry.Row(1, Operation.INSERT, BeforeImage.NONE, List.of(), row(fields));
    }

    private static Entry update(List<Value> before, List<Value> after) {
        return new Entry.Row(1, Operation.UPDATE, BeforeImage.FULL, before, after);
    }

    private static Entry delete(List<Value> before) {
        return new Entry.Row(1, Operation.DELETE, BeforeImage.FULL, before, List.of());
    }

    private static Entry said(String actor) {
        return new Entry.Message(
                TransactionContext.MESSAGE,
                "{\"actor\":\"%s\",\"reason\":\"ticket 1\",\"sessionUser\":\"crm_app\"}"
                        .formatted(actor));
    }

    private static void segment(WrittenArchive written, int minute, Entry... entries)
            throws IOException {
        written.segment(
                List.of(
                        new Transaction(
                                at(minute * 10L),
                                700 + minute,
                                NOON.plus(Duration.ofMinutes(minute)),
                                List.of(entries))));
    }

    Path archive() {
        return archive;
    }

    String out() {
        return text(out);
    }

    String err() {
        return text(err);
    }

    /** Asks for one, and unpacks it. */
    Path bundle(String... question) throws IOException {
        List<String> words = new ArrayList<>(List.of("evidence", "--output", "bundle.zip"));
        words.addAll(Arrays.asList(question));
        assertThat(run(words.toArray(String[]::new))).as(err()).isZero();
        Path folder = Files.createDirectory(directory.resolve("bundle"));
        try (ZipInputStream zip =
                new ZipInputStream(Files.newInputStream(directory.resolve("bundle.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.copy(zip, folder.resolve(entry.getName()));
            }
        }
        return folder;
    }

    int run(String... arguments) {
        return run(Watched.BY_NOBODY, arguments);
    }

    /** Where progress would go. */
    enum Watched {
        BY_NOBODY,
        ON_A_TERMINAL
    }

    int run(Watched watched, String... arguments) {
        var surroundings =
                new Surroundings(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of(),
                        directory,
                        Clock.fixed(NOON.plus(Duration.ofDays(1)), ZoneOffset.UTC),
                        watched == Watched.ON_A_TERMINAL);
        return new Main(surroundings).run(arguments);
    }

    static void assertGood(Path bundle) throws Exception {
        assumePython();
        assertThat(python(List.of("python3", bundle.resolve("verify.py").toString())))
                .startsWith("0 GOOD: ");
    }

    static void assumePython() throws InterruptedException {
        boolean isThere = true;
        try {
            new ProcessBuilder("python3", "--version").start().waitFor();
        } catch (IOException e) {
            isThere = false;
        }
        assumeTrue(isThere, "python3 is not there");
    }

    static String verify(Path bundle, String... options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("python3", "../docs/verify.py", bundle.toString()));
        command.addAll(Arrays.asList(options));
        return python(command);
    }

    private static String python(List<String> command) throws Exception {
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return python.waitFor() + " " + said;
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk that is full is told of, and when there is room again the archive goes on by itself. Needs
 * the right to mount a file system in memory, and is skipped without.
 */
final class FullDiskIT {
    private static final int ROWS = 20_000; // 2 MB that do not compress
    private static final long ROOM = 400L << 10; // for small files, and not for the rows

    @TempDir private Path directory;
    private Path small = Path.of("");

    /** What is on the small disk. */
    private enum Place {
        ARCHIVE,
        TEMPORARY
    }

    @BeforeEach
    void mount() throws Exception {
        small = Files.createDirectory(directory.resolve("small"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", small.toString()))
                .as("this user may mount")
                .isZero();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", small.toString());
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void theArchiveGoesOnWhenThereIsRoomAgain(Place place) throws Exception {
        try (Deployment tidemark = deployment(place)) {
            tidemark.execute("crm", "CREATE TABLE public.deal (id int PRIMARY KEY, note text)");
            tidemark.succeed("init");
            tidemark.service("run");
            tidemark.awaitLogged("run", 0, "as session");
            Path filler = small.resolve("filler");
            fill(filler);

            tidemark.execute(
                    "crm",
                    "INSERT INTO public.deal SELECT n, md5(n::text) || md5(random()::text) || gen_random_uuid()"
                            + " FROM generate_series(1, %d) n".formatted(ROWS));
            tidemark.awaitLogged("run", 0, "trying again");
            assertThat(tidemark.log("run", 0)).containsIgnoringCase("no space ");
            Files.delete(filler);
            Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth);

            assertThat(tidemark.restored("restored", "--to", truth.position().toString()))
                    .isEqualTo(truth.tables());
            assertThat(tidemark.succeed("verify").out()).contains("whole");

            checkNothingIsBegunWithoutRoom(tidemark, place);
        }
    }

    /** The rows are in a base now, so that what they take at least is known. */
    private void checkNothingIsBegunWithoutRoom(Deployment tidemark, Place place) throws Exception {
        tidemark.succeed("base");
        Path filler = small.resolve("filler");
        fill(filler);
        try (FileChannel open = FileChannel.open(filler, StandardOpenOption.WRITE)) {
            open.truncate(open.size() - ROOM);
        }
        switch (place) {
            case ARCHIVE -> {
                String file = small.resolve("crm.sql").toString();
                String folder = small.resolve("export").toString();
                assertRefused(
                        tidemark, "the file", "restore", "--to", "latest", "--into", "sql:" + file);
                assertRefused(
                        tidemark,
                        "the export",
                        "export",
                        "--as-of",
                        "latest",
                        "--format",
                        "csv",
                        "--into",
                        folder);
                assertThat(Path.of(file)).doesNotExist();
                assertThat(Path.of(folder)).doesNotExist();
            }
            case TEMPORARY -> {
                tidemark.execute("postgres", "CREATE DATABASE target");
                String url = tidemark.database("target").url().toString();
                assertRefused(
                        tidemark,
                        "what is read of the archive",
                        "restore",
                        "--to",
                        "latest",
                        "--into",
                        url);
                assertThat(tidemark.rows("target")).isEmpty();
            }
        }
    }

    private void assertRefused(Deployment tidemark, String what, String... command) {
        Outcome outcome = tidemark.tidemark(command);

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(3);
        assertThat(outcome.err())
                .containsPattern(
                        "error: %s takes .* [KM]iB at least, about .* MiB by a guess, and %s.* has room for .* KiB\n"
                                .formatted(what, small));
    }

    private Deployment deployment(Place place) throws Exception {
        String settings = "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}";
        return switch (place) {
            case ARCHIVE ->
                    Deployment.start(
                            directory,
                            PostgresBinaries.onClassPath(),
                            Deployment.Storage.local(
                                    Files.createDirectory(small.resolve("archive"))),
                            settings);
            case TEMPORARY ->
                    Deployment.start(
                            directory,
                            PostgresBinaries.onClassPath(),
                            settings + "\ntemporary-directory: " + small);
        };
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] block = new byte[4_096];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}

package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What an operator may get wrong: each has its exit code, says which thing and which value, and
 * what to do; and it leaves nothing behind.
 */
class BadInputIT {
    private static final String NEVER = "postgresql://nobody@127.0.0.1:1/crm";

    /** A command line, its exit code, its message and its hint; PORT and WINDOW are filled in. */
    static final List<Arguments> COMMANDS =
            List.of(
                    Arguments.of(
                            "restore --to 2020-01-01T00:00:00Z --dry-run",
                            3,
                            "2020-01-01T00:00:00Z is before the archive's first moment",
                            "WINDOW Choose a moment in it."),
                    Arguments.of(
                            "restore --before FIRST --dry-run",
                            3,
                            "FIRST is not after the archive's first position, so that nothing before it is known",
                            "WINDOW Choose a moment in it."),
                    Arguments.of(
                            "restore --to F/0 --dry-run",
                            3,
                            "F/0 is not archived yet",
                            "WINDOW Wait until the archiver is past it, or use --to latest."),
                    Arguments.of(
                            "restore --to 2026-11-20T14:00:00 --dry-run",
                            2,
                            "the time 2026-11-20T14:00:00 has no offset, and no timezone is configured",
                            "Write 2026-11-20T14:00:00Z if it is UTC, or another offset, such as"
                                    + " 2026-11-20T14:00:00+02:00; or set timezone in the configuration."),
                    Arguments.of(
                            "restore --to latest --into " + NEVER,
                            4,
                            "cannot connect to the target "
                                    + NEVER
                                    + ": Connection to 127.0.0.1:1 refused. Check that the hostname and port are"
                                    + " correct and that the postmaster is accepting TCP/IP connections.",
                            "Check host and port, and that the server is up and can be reached."),
                    Arguments.of(
                            "restore --to latest --into postgresql://me@no-such-host.invalid/crm",
                            4,
                            "cannot connect to the target postgresql://me@no-such-host.invalid:5432/crm: no address"
                                    + " is known for host 'no-such-host.invalid'",
                            "Check host and port, and that the server is up and can be reached."),
                    Arguments.of(
                            "restore --to latest --into postgresql://postgres@127.0.0.1:PORT/missing",
                            3,
                            "cannot connect to the target postgresql://postgres@127.0.0.1:PORT/missing: FATAL:"
                                    + " database \"missing\" does not exist",
                            "Create the database, check its name in the URL, or let --replace --confirm create it."),
                    Arguments.of(
                            "restore --to latest --into postgresql://postgres@127.0.0.1:PORT/crm",
                            3,
                            "target postgresql://postgres@127.0.0.1:PORT/crm cannot take the restore: it is not"
                                    + " empty, but holds ",
                            "Choose an empty database, or drop this one's contents with --replace --confirm."),
                    Arguments.of(
                            "restore --to latest --into postgresql://postgres@127.0.0.1:PORT/crm --replace",
                            2,
                            "--replace takes the place of the database postgresql://postgres@127.0.0.1:PORT/crm of ",
                            "Add --confirm if that is what you want. The restored one is made beside it, as crm_tidemark_new, and takes"
                                    + " as much disk again. When it is whole and nobody uses the one that is there, that one is dropped and"
                                    + " this one gets its name. Else both stay, until 'tidemark switch'."),
                    Arguments.of(
                            "restore --to latest --into postgresql://postgres@127.0.0.1:PORT/missing --replace",
                            2,
                            "--replace creates the database postgresql://postgres@127.0.0.1:PORT/missing, which does"
                                    + " not exist",
                            "Add --confirm if that is what you want."),
                    Arguments.of(
                            "switch --on postgresql://postgres@127.0.0.1:PORT/crm --confirm",
                            3,
                            "nothing can take the place of target postgresql://postgres@127.0.0.1:PORT/crm: there is no"
                                    + " database crm_tidemark_new that a restore made for it",
                            "Make it with 'tidemark restore … --replace --confirm'."));

    @TempDir private static Path directory;
    private static Deployment tidemark;
    private static String window;
    private static String first;

    @BeforeAll
    static void archiveAnHour() throws Exception {
        tidemark =
                Deployment.start(
                        directory, PostgresBinaries.onClassPath(), "segment: {max-age: 1s}");
        tidemark.execute("crm", "CREATE TABLE public.deal (id int PRIMARY KEY, note text)");
        tidemark.execute("crm", "INSERT INTO public.deal VALUES (1, 'one')");
        tidemark.succeed("init");
        Process service = tidemark.service("run");
        for (int segment = 0; segment < 3; segment++) {
            tidemark.execute("crm", "UPDATE public.deal SET note = 'changed'");
            Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth);
        }
        Deployment.signal(service, "TERM");
        assertThat(service.waitFor()).isZero();
        window =
                tidemark.tidemark("restore", "--to", "xid:1", "--dry-run")
                        .err()
                        .replaceFirst(
                                "(?s).*HINT: (The archive reaches [^)]*\\) to [^)]*\\)\\.).*",
                                "$1");
        first = window.replaceFirst("[^(]*\\(([^)]*)\\).*", "$1");
    }

    @AfterAll
    static void stop() {
        tidemark.close();
    }

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void aWrongCommandSaysWhatAndWhatToDo(String command, int code, String message, String hint) {
        Outcome outcome = tidemark.tidemark(filled(command).split(" "));

        assertThat(outcome.err())
                .startsWith("error: " + filled(message))
                .endsWith("\nHINT: " + filled(hint) + "\n")
                .hasLineCount(2);
        assertThat(outcome.code()).isEqualTo(code);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void replaceShowsWhatWouldBeLost() throws Exception {
        tidemark.execute("postgres", "CREATE DATABASE shown");
        tidemark.execute("shown", "CREATE TABLE public.thing (id int)");
        String url = tidemark.database("shown").url().toString();

        Outcome outcome =
                tidemark.tidemark("restore", "--to", "latest", "--into", url, "--replace");

        assertThat(outcome.err().replaceFirst("[0-9.]+ MiB", "SIZE"))
                .isEqualTo(
                        """
                        error: --replace takes the place of the database %s of SIZE, which holds table public.thing
                        HINT: Add --confirm if that is what you want. The restored one is made beside it, as shown_tidemark_new, and takes as much disk again. When it is whole and nobody uses the one that is there, that one is dropped and this one gets its name. Else both stay, until 'tidemark switch'.
                        """
                                .formatted(url));
        assertThat(outcome.code()).isEqualTo(2);
        Outcome part =
                tidemark.tidemark(
                        "restore", "--to", "latest", "--into", url, "--replace", "--table", "deal");
        assertThat(part.err())
                .startsWith(
                        "error: --replace would drop target %s with table public.thing, and only a part is brought back\nHINT: Leave --replace out: "
                                .formatted(url));
        assertThat(part.code()).as("adding --confirm would not help").isEqualTo(3);
        assertThat(tidemark.rows("shown")).containsOnlyKeys("public.thing");
    }

    private static String filled(String text) {
        return text.replace("PORT", Integer.toString(tidemark.database("crm").url().port()))
                .replace("WINDOW", window)
                .replace("FIRST", first);
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.cli.ArchiveDamage#ALL")
    void aDamagedArchiveIsNamedByVerifyAndNeverRestored(ArchiveDamage damage) throws Exception {
        Path copy = damage.copyOf(directory.resolve("archive"), directory.resolve(damage.name()));
        Path configuration =
                tidemark.configuration(
                        damage.name(), directory.resolve("archive").toString(), copy.toString());
        String target = "damaged_" + damage.name();
        tidemark.execute("postgres", "CREATE DATABASE " + target);
        String url = tidemark.database(target).url().toString();

        Outcome verified = tidemark.tidemark(configuration, "verify");
        Outcome restored =
                tidemark.tidemark(configuration, "restore", "--to", "latest", "--into", url);

        assertThat(verified.out()).contains(damage.problem()).contains("NOT WHOLE");
        assertThat(verified.code()).isEqualTo(damage.verifyCode());
        assertThat(restored.err()).contains(damage.problem()).contains("\nHINT: ");
        assertThat(restored.code()).isEqualTo(damage.restoreCode());
        assertThat(tidemark.tidemark(configuration, "info").code()).isEqualTo(damage.infoCode());
        assertThat(
                        tidemark.ask(
                                target,
                                "SELECT to_regclass('public.deal') IS NULL"
                                        + " OR to_regclass('tidemark_restore.unfinished') IS NOT NULL"))
                .as("nothing in it, or marked as unfinished")
                .isEqualTo("t");
    }

    @Test
    void anArchiveOfAnotherNameIsRefused() throws Exception {
        Path configuration = tidemark.configuration("other", "name: crm", "name: sales");

        for (String command : List.of("info", "verify", "restore --to latest --dry-run")) {
            Outcome outcome = tidemark.tidemark(configuration, command.split(" "));

            assertThat(outcome.err())
                    .isEqualTo(
                            """
                            error: the archive file://%s was created for the source name 'crm', not 'sales'
                            HINT: Check archive.url; if it is right, set source.name as it was.
                            """
                                    .formatted(directory.resolve("archive")));
            assertThat(outcome.code()).isEqualTo(3);
        }
    }

    @Test
    void aSecondSourceCannotTakeTheArchive() throws Exception {
        tidemark.execute("postgres", "CREATE DATABASE sales");
        Path configuration = tidemark.configuration("second", "/crm\"", "/sales\"");

        Outcome outcome = tidemark.tidemark(configuration, "init");

        assertThat(outcome.err())
                .contains("is of database 'crm' in system ", ", not of 'sales' in system ");
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(
                        tidemark.ask(
                                "sales",
                                "SELECT (SELECT count(*) FROM pg_event_trigger) + (SELECT count(*) FROM pg_publication)"))
                .isEqualTo("0");
    }

    @Test
    void aFullTemporaryFolderIsNamedAndLeavesNothing() throws Exception {
        // A file in the place of the folder breaks every write below it, as a full disk does.
        Path blocked = java.nio.file.Files.createFile(directory.resolve("blocked"));
        Path configuration =
                tidemark.configuration(
                        "full", "segment:", "temporary-directory: " + blocked + "\nsegment:");
        tidemark.execute("postgres", "CREATE DATABASE untouched");
        String url = tidemark.database("untouched").url().toString();

        Outcome outcome =
                tidemark.tidemark(configuration, "restore", "--to", "latest", "--into", url);

        assertThat(outcome.err())
                .startsWith("error: cannot create a temporary folder in " + blocked + ": ")
                .endsWith(
                        "HINT: Set temporary-directory to a folder that can be written and has room.\n");
        assertThat(outcome.code()).isEqualTo(4);
        assertThat(
                        tidemark.ask(
                                "untouched",
                                "SELECT count(*) FROM pg_namespace WHERE nspname ~ 'tidemark'"))
                .isEqualTo("0");
    }
}

package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.command.RootCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.PositionalParamSpec;

class MainTest {
    private static final String NOW = "2026-11-20T14:00:00Z";

    @TempDir private Path directory;

    private Outcome last = Outcome.NOTHING_YET;

    @Test
    void versionNamesTheProgramTheJavaAndTheSystem() {
        int code = run("--version");

        assertThat(code).isZero();
        assertThat(last.out()).matches("tidemark \\S+ \\(Java \\S+, .+\\)\n");
    }

    @Test
    void withoutACommandTheHelpGoesToStderr() {
        int code = run();

        assertThat(code).isEqualTo(2);
        assertThat(last.out()).isEmpty();
        assertThat(last.err()).startsWith("Continuous backup and time travel for CRM databases.\n");
    }

    @Test
    void aMistypedCommandIsAnsweredWithTheNearest() {
        assertUsage(
                """
                error: unmatched argument at index 0: 'restroe'
                HINT: Did you mean 'restore'? Run 'tidemark --help' to see what it takes.
                """,
                "restroe");
    }

    @Test
    void aMistypedOptionIsAnsweredWithTheNearest() {
        assertUsage(
                """
                error: unknown option: '--jsn'
                HINT: Did you mean '--json'? Run 'tidemark info --help' to see what it takes.
                """,
                "info",
                "--jsn");
    }

    @Test
    void aRestoreNeedsAMoment() {
        assertUsage(
                """
                error: missing required argument (specify one of these): (--to=MOMENT | --before=MOMENT)
                HINT: Run 'tidemark restore --help' to see what it takes.
                """,
                "restore",
                "--into",
                "postgresql://me@staging/crm");
    }

    @Test
    void aDryRunHasNoReport() {
        assertUsage(
                """
                error: --report is of a restore, and --dry-run is none
                HINT: Leave one of them out; --dry-run --json prints the plan.
                """,
                "restore",
                "--to",
                "latest",
                "--dry-run",
                "--report",
                "report.json");
    }

    @Test
    void anEmptyConditionIsNotNone() {
        assertUsage(
                """
                error: the condition of --where is empty
                HINT: Write what stands behind WHERE in SQL, or leave --where out to bring all rows back.
                """,
                "restore",
                "--to",
                "latest",
                "--into",
                "postgresql://me@localhost:1/crm",
                "--table",
                "public.contacts",
                "--where",
                "",
                "--related");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--related", "--references=r.yaml", "--depth=1", "--rows-max=10"})
    void whatIsSaidOfRowsNeedsACondition(String option) {
        assertUsage(
                """
                error: missing required argument(s): --where=CONDITION
                HINT: Run 'tidemark restore --help' to see what it takes.
                """,
                "restore",
                "--to",
                "latest",
                "--into",
                "postgresql://me@localhost:1/crm",
                "--table",
                "public.contacts",
                option);
    }

    @Test
    void aFileHasNoTablesThatCanBeReadFirst() {
        assertUsage(
                """
                error: --priority is for a database that is built, and not for a file
                HINT: Leave it out.
                """,
                "restore",
                "--to",
                "latest",
                "--into",
                "duckdb:crm.duckdb",
                "--priority",
                "deal");
    }

    @Test
    void aDelayHasAUnit() {
        assertUsage(
                """
                error: not a duration: '60'
                HINT: Write it as 500ms, 5s, 2m, 1h or 30d, or as PT1H30M.
                """,
                "follow",
                "--on",
                "postgresql://me@localhost:1/crm",
                "--delay",
                "60");
    }

    @Test
    void aSizeHasAUnit() {
        assertUsage(
                """
                error: not a size: '64'
                HINT: Write it as 500kB, 64MiB or 1GiB.
                """,
                "restore",
                "--to",
                "latest",
                "--into",
                "postgresql://me@localhost:1/crm",
                "--memory",
                "64");
    }

    @Test
    void aKeyIsForSomething() {
        assertUsage(
                """
                error: missing required argument (specify one of these): (--signing=FILE | --encryption=FILE | --mask=FILE)
                HINT: Run 'tidemark keygen --help' to see what it takes.
                """,
                "keygen");
    }

    @Test
    void aRestoreHasOneMoment() {
        assertUsage(
                """
                error: --to=MOMENT, --before=MOMENT are mutually exclusive (specify only one)
                HINT: Run 'tidemark restore --help' to see what it takes.
                """,
                "restore",
                "--to",
                "latest",
                "--before",
                "latest",
                "--into",
                "postgresql://me@staging/crm");
    }

    @Test
    void theFirstWordOfAHistoryIsTheTableAndTheRestIsTheKey() {
        List<Object> words =
                RootCommand.commandLine()
                        .parseArgs("history", "crm.record_tag", "4711", "17")
                        .subcommand()
                        .commandSpec()
                        .positionalParameters()
                        .stream()
                        .<Object>map(PositionalParamSpec::getValue)
                        .toList();

        assertThat(words).containsExactly("crm.record_tag", List.of("4711", "17"));
    }

    @Test
    void aPasswordInAUrlIsRefusedAndNotRepeated() {
        assertUsage(
                """
                error: the database URL holds a password: postgresql://me:***@staging/crm
                HINT: Leave it out, since others can see a command line. Set it in the environment, in a file, or in ~/.pgpass; see docs/configuration.md.
                """,
                "restore",
                "--to",
                "latest",
                "--into",
                "postgresql://me:secret@staging/crm");
    }

    @Test
    void aLimitIsAtLeastOne() {
        assertUsage(
                """
                error: not a number of at least 1: '0'
                HINT: Write digits only, such as 8 or 1000.
                """,
                "tx",
                "latest",
                "--limit",
                "0");
    }

    @Test
    void aDifferenceHasASecondMoment() {
        assertUsage(
                """
                error: a second moment is missing
                HINT: Give two, as in 'tidemark diff mark:before-import latest', or --live for the source as it is.
                """,
                "diff",
                "latest");
    }

    @Test
    void theSourceAsItIsIsASecondMoment() {
        assertUsage(
                """
                error: --live is the second moment, and 'latest' is another one
                HINT: Leave one of them out.
                """,
                "diff",
                "mark:before-import",
                "latest",
                "--live");
    }

    @Test
    void aPatchIsNoJson() {
        assertUsage(
                """
                error: --sql prints a patch, and --json and --summary print something else
                HINT: Give one of them.
                """,
                "diff",
                "mark:before-import",
                "latest",
                "--sql",
                "--json");
    }

    @Test
    void debugPrintsTheStackTraceToo() {
        run("config", "check", "--debug");

        assertThat(last.err())
                .startsWith("dev.tidemark.schemas.TidemarkException: no configuration: ")
                .contains("\tat dev.tidemark.cli.")
                .contains("\nerror: no configuration: ");
    }

    @Test
    void configCheckReadsTheFileThatIsNamed() throws Exception {
        Files.writeString(directory.resolve("crm.yaml"), "timezone: Europe/Berlin\n");

        int code = run("config", "check", "--config", "crm.yaml");

        assertThat(last.err()).isEmpty();
        assertThat(last.out()).isEqualTo("no problems\n");
        assertThat(code).isZero();
    }

    @Test
    void configCheckNamesTheFileThatIsMissing() {
        Path file = directory.resolve("tidemark.yaml");

        assertUsage(
                """
                error: no configuration: %s does not exist
                HINT: Write it, or name another file with --config FILE. 'tidemark config reference' prints an example and every key.
                """
                        .formatted(file),
                "config",
                "check");
    }

    @Test
    void completionIsAScriptForBash() {
        int code = run("completion");

        assertThat(code).isZero();
        assertThat(last.out()).startsWith("#!/usr/bin/env bash\n").contains("restore");
    }

    private void assertUsage(String message, String... arguments) {
        int code = run(arguments);

        assertThat(last.err()).isEqualTo(message);
        assertThat(last.out()).isEmpty();
        assertThat(code).isEqualTo(2);
    }

    private int run(String... arguments) {
        last = Outcome.of(directory, Instant.parse(NOW), arguments);
        return last.code();
    }
}

package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.command.RootCommand;
import dev.tidemark.cli.command.TidemarkCommand;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the help says of the commands, and what the commands are. */
class HelpTest {
    @TempDir private Path directory;

    @Test
    void helpNamesEveryCommandInReadingOrderAndEveryExitCode() {
        Outcome outcome = run("--help");

        assertThat(outcome.code()).isZero();
        assertThat(commandsIn(outcome.out()))
                .containsExactly(
                        "demo",
                        "keygen",
                        "key",
                        "init",
                        "deinit",
                        "check",
                        "capture",
                        "archiver",
                        "run",
                        "base",
                        "merge",
                        "expire",
                        "info",
                        "restore",
                        "switch",
                        "masks",
                        "rewind",
                        "follow",
                        "export",
                        "history",
                        "blame",
                        "tx",
                        "diff",
                        "find",
                        "who",
                        "query",
                        "evidence",
                        "profile",
                        "mark",
                        "hold",
                        "verify",
                        "drill",
                        "anchor",
                        "ledger",
                        "access",
                        "config",
                        "completion");
        assertThat(outcome.out())
                .endsWith(
                        """
                        Exit codes:
                            0  done
                            1  the answer is no: something differs, problems were found
                            2  wrong usage: the command line or the configuration
                            3  refused: bad input, an unmet precondition, a gap; nothing was changed
                            4  failed: something broke on the way
                            5  verify: a manifest is not signed by a trusted key
                            6  verify: a manifest or file is missing
                            7  verify: a manifest or file was altered
                            8  verify: the archive is not the one that the anchor knows, or was rolled back
                          130  interrupted by Ctrl-C or SIGTERM
                        """);
    }

    static Stream<List<String>> commands() {
        return commands(RootCommand.commandLine());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpOfACommandHasExamplesOfItThatItUnderstands(List<String> command) {
        Outcome outcome =
                run(Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new));

        String name = "tidemark " + String.join(" ", command);
        List<String> examples =
                outcome.out()
                        .substring(outcome.out().indexOf("Examples:\n"))
                        .lines()
                        .filter(line -> line.contains("tidemark "))
                        .toList();
        assertThat(outcome.code()).isZero();
        assertThat(examples)
                .isNotEmpty()
                .allSatisfy(example -> assertThat(example).contains(name))
                .allSatisfy(HelpTest::assertParses);
    }

    /** Others say in their own words what does not answer. */
    @Test
    void servicesAloneLogWhatLibrariesWarnOf() {
        assertThat(RootCommand.commandLine().getSubcommands().values())
                .filteredOn(
                        line ->
                                line.getCommandSpec().userObject()
                                                instanceof TidemarkCommand command
                                        && command.isService())
                .extracting(CommandLine::getCommandName)
                .containsExactly("demo", "capture", "archiver", "run", "follow");
    }

    /** Whatever else opens an archive is noted in its access log where a reader is configured. */
    @Test
    void onlyCommandsThatShowNoRowsAreNotLogged() {
        assertThat(RootCommand.commandLine().getSubcommands().values())
                .filteredOn(
                        line ->
                                line.getCommandSpec().userObject()
                                                instanceof TidemarkCommand command
                                        && !command.isService()
                                        && !command.isLogged())
                .extracting(CommandLine::getCommandName)
                .containsExactly("info", "ledger", "access");
    }

    private Outcome run(String... arguments) {
        return Outcome.of(directory, Instant.EPOCH, arguments);
    }

    private static List<String> commandsIn(String help) {
        String list = help.substring(help.indexOf("Commands:\n"), help.indexOf("Examples:\n"));
        return list.lines()
                .filter(line -> line.matches("  [a-z].*"))
                .map(line -> line.strip().split(" ", 2)[0])
                .toList();
    }

    private static Stream<List<String>> commands(CommandLine parent) {
        return parent.getSubcommands().values().stream()
                .flatMap(
                        command -> {
                            String name = command.getCommandSpec().qualifiedName();
                            List<String> path = List.of(name.split(" ", -1));
                            return Stream.concat(
                                    Stream.of(path.subList(1, path.size())), commands(command));
                        });
    }

    /** The words between "tidemark" and what belongs to the shell. */
    private static void assertParses(String example) {
        String words = example.replaceFirst(".*tidemark ", "").replaceFirst("(\\)| >).*", "");
        RootCommand.commandLine().parseArgs(words.split(" ", -1));
    }
}

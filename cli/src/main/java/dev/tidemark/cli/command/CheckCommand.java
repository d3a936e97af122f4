package dev.tidemark.cli.command;

import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.WayCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark check}. */
@Command(
        name = "check",
        header = "Find all that could make a later restore inexact or impossible.",
        description = {
            "%nLooks at the source, at its topic in Kafka and at the archive, and reports all problems at once."
                    + " Leaves nothing behind. Exit code 1: problems were found.",
            "%nWith --key: does that copy of the key open the encrypted archive? Whoever keeps a second copy proves"
                    + " by it that the archive can be read without the first. Looks at the archive only, and uses no"
                    + " key of the configuration."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark check",
            "  tidemark check --json",
            "  tidemark check --key /media/safe/crm.key"
        })
final class CheckCommand implements TidemarkCommand {
    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Only prove that the key in this file opens the archive.")
    Optional<Path> key = Optional.empty();

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        if (key.isPresent()) {
            KeyProof proof = KeyProof.of(context, key.get());
            if (isJson) {
                context.printJson(proof);
            } else {
                proof.print(context.out());
            }
            return ExitCode.DONE;
        }
        Parts parts = context.parts(Section.SOURCE, Section.KAFKA, Section.ARCHIVE);
        List<Problem> problems = WayCheck.run(parts);
        if (isJson) {
            context.printJson(problems);
        } else if (problems.isEmpty()) {
            context.out().println("Source, change log and archive are as they should be.");
        } else {
            for (Problem problem : problems) {
                context.out()
                        .printf(
                                "%s: %s%n  HINT: %s%n",
                                problem.severity(), problem.what(), problem.hint());
            }
        }
        boolean failed =
                problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
        return failed ? ExitCode.NO : ExitCode.DONE;
    }
}

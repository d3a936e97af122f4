package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.Brokers;
import dev.tidemark.cli.wiring.FirstBase;
import dev.tidemark.cli.wiring.Parts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark init}. */
@Command(
        name = "init",
        header = "Prepare the source, and take the first base.",
        description = {
            "%nCreates publication, replication slot, event triggers and a role with the least rights, as the",
            "user of source.admin-url. Run again, it creates what is missing."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark init", "  tidemark init --print-sql > prepare.sql"})
final class InitCommand implements TidemarkCommand {
    @Option(
            names = "--print-sql",
            description = "Change nothing: print the SQL, for a DBA who runs it.")
    boolean isSqlPrinted;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.SOURCE, Section.KAFKA, Section.ARCHIVE);
        if (isSqlPrinted) {
            context.out()
                    .println(
                            Preparation.script(
                                    parts.names(),
                                    parts.source().url().user(),
                                    parts.configuration().neededSource().imageMaxBytes()));
            return ExitCode.DONE;
        }
        try (Brokers brokers = parts.brokers()) {
            FirstBase.Result result =
                    new FirstBase(parts, context.progress(), jobs())
                            .run(parts.topic(brokers.bootstrapServers()));
            result.warnings()
                    .forEach(problem -> context.warn(problem.what() + ". " + problem.hint()));
            print(context, parts, result);
        }
        return ExitCode.DONE;
    }

    private static int jobs() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static void print(CommandContext context, Parts parts, FirstBase.Result result) {
        Manifest base = result.base();
        context.out()
                .printf(
                        "The first base holds %s rows of %s in %s, as of %s.%n",
                        Figures.count(result.rows()),
                        Figures.counted(result.catalog().tables().size(), "table"),
                        Figures.bytes(base.dataBytes()),
                        base.span().to());
        context.out()
                .printf(
                        "The source '%s' is ready: start the services with 'tidemark run'.%n",
                        parts.configuration().neededSource().name());
    }
}

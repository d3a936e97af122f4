package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.Brokers;
import dev.tidemark.cli.wiring.FirstBase;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.SourcePreparation;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark init}. */
@Command(
        name = "init",
        header = "Prepare the source, and take the first base.",
        description = {
            "%nCreates publication, replication slot, event triggers and a role with the least rights, as the",
            "user of source.admin-url; no event triggers with source.schema-changes: polling. Run again, it creates what is missing: without a base it goes on to",
            "take one; when the archive holds one, it prepares the source and leaves all else as it is."
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
            context.out().println(Preparation.script(parts.preparation()));
            return ExitCode.DONE;
        }
        Optional<SourcePreparation.Anew> anew = SourcePreparation.anew(parts);
        if (anew.isPresent()) {
            print(context, anew.get());
        } else {
            takeBase(context, parts);
        }
        return ExitCode.DONE;
    }

    private static void takeBase(CommandContext context, Parts parts) throws InterruptedException {
        try (Brokers brokers = parts.brokers()) {
            FirstBase.Result result =
                    new FirstBase(parts, context.progress(), jobs())
                            .run(parts.topic(brokers.bootstrapServers()));
            warn(context, result.warnings());
            print(context, parts, result);
        }
    }

    private static void warn(CommandContext context, List<Problem> problems) {
        problems.forEach(problem -> context.warn(problem.what() + ". " + problem.hint()));
    }

    private static void print(CommandContext context, SourcePreparation.Anew anew) {
        warn(context, anew.warnings());
        context.out()
                .printf(
                        "The source is prepared anew; the base of %s in the archive %s stays.%n",
                        anew.base(), anew.archive());
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

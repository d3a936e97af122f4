package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.capture.prepare.SynchronousCommits;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.Brokers;
import dev.tidemark.cli.wiring.FirstBase;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.SourcePreparation;
import dev.tidemark.schemas.TidemarkException;
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
            "take one; when the archive holds one, it prepares the source and leaves all else as it is.",
            "When encryption.key-file or encryption.key-env is set, the new archive is encrypted with that key, for ever:",
            "without the key nobody can read it, so init insists that the key is kept elsewhere too.",
            "With --synchronous, once all that is done and capture runs, it makes commits wait until Kafka has them."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark init",
            "  tidemark init --print-sql > prepare.sql",
            "  tidemark init --key-kept-elsewhere",
            "  tidemark init --synchronous"
        })
final class InitCommand implements TidemarkCommand {
    @Option(
            names = "--print-sql",
            description = "Change nothing: print the SQL, for a DBA who runs it.")
    boolean isSqlPrinted;

    @Option(
            names = "--synchronous",
            description =
                    "Only make the source's commits wait for capture, which has to run, with capture.acknowledge: synchronous.")
    boolean isSynchronous;

    @Option(
            names = KeptElsewhere.OPTION,
            description =
                    "Of an encrypted archive: there is a copy of the key that neither this machine nor the archive's"
                            + " storage can lose.")
    boolean isKeyKeptElsewhere;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.SOURCE, Section.KAFKA, Section.ARCHIVE);
        if (isSqlPrinted) {
            context.out().println(Preparation.script(parts.preparation()));
            return ExitCode.DONE;
        }
        if (isSynchronous) {
            makeSynchronous(context, parts);
            return ExitCode.DONE;
        }
        Optional<SourcePreparation.Anew> anew = SourcePreparation.anew(parts);
        if (anew.isPresent()) {
            print(context, anew.get());
        } else {
            new KeptElsewhere(isKeyKeptElsewhere).insist(parts);
            takeBase(context, parts);
        }
        return ExitCode.DONE;
    }

    private static void makeSynchronous(CommandContext context, Parts parts) {
        if (parts.configuration().capture().acknowledge() != Acknowledgement.SYNCHRONOUS) {
            throw TidemarkException.refused(
                    "capture.acknowledge is asynchronous",
                    "Set capture.acknowledge: synchronous and restart capture first.");
        }
        SynchronousCommits.begin(parts.admin(), parts.names());
        context.out()
                .printf(
                        "A COMMIT in the %s returns when Kafka has it, from now on. While capture or Kafka is down, commits"
                                + " wait; this lets them go on without: %s%n",
                        parts.admin(), SynchronousCommits.RELEASE);
    }

    private static void takeBase(CommandContext context, Parts parts) throws InterruptedException {
        LedgerPen pen = context.ledgerPen();
        try (Brokers brokers = parts.brokers()) {
            FirstBase.Result result =
                    new FirstBase(parts, context.progress(), jobs())
                            .run(parts.topic(brokers.bootstrapServers()));
            pen.note(parts, LedgerEntry.Kind.INIT, true, result.base().dataBytes());
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

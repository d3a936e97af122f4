package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.DiffJob;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.difference.Difference;
import dev.tidemark.replay.difference.Patch;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark diff}. */
@Command(
        name = "diff",
        header = "What differs between two moments: counts, rows, fields; or the source now.",
        description = {
            "%nThe answer is the way from M1 to M2, which may be the earlier one. It counts for each table the rows that were"
                    + " inserted, updated and deleted, and those that were changed and are as before; then come the rows, and"
                    + " what of each differs. Where sequences stand is not compared: they are outside of transactions, and the archive has"
                    + " samples of them. Reads the archive only, but for --live. The exit code is 0 when nothing differs, 1"
                    + " when something does."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark diff 2026-11-20T14:00:00Z 2026-11-20T15:00:00Z",
            "  tidemark diff xid:4711 xid:4711 --before-first",
            "  tidemark diff mark:before-import latest --net --summary",
            "  tidemark diff mark:before-import --live --table crm.contact --json",
            "  tidemark diff latest mark:before-import --sql > back.sql"
        })
final class DiffCommand implements TidemarkCommand {
    @Parameters(index = "0", paramLabel = "M1", description = "The moment to begin with.")
    String from = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "M2",
            description = "The moment to get to; none with --live.")
    Optional<String> to = Optional.empty();

    @Option(
            names = "--live",
            description =
                    "Get to the source as it is: all rows of both are read, in the source by the user of source.url.")
    boolean isLive;

    @Option(
            names = "--before-first",
            description = "Begin just before M1, so that what was committed at M1 counts too.")
    boolean isBeforeFirst;

    @Mixin DiffOptions options = new DiffOptions();

    @Override
    public ExitCode run(CommandContext context) {
        refuseWhatDoesNotFit();
        Parts parts =
                isLive
                        ? context.parts(Section.SOURCE, Section.ARCHIVE)
                        : context.parts(Section.ARCHIVE);
        Target first = new Target(context.moment(from, parts.configuration()), isBeforeFirst);
        Optional<Target> second =
                to.map(text -> new Target(context.moment(text, parts.configuration()), false));
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("diff")) {
            DiffJob job =
                    new DiffJob(parts, archive, temporary.path(), context.progressOnTerminal());
            Difference difference =
                    options.isSql
                            ? patch(context, job, first, second)
                            : told(context, job, first, second);
            difference.notes().forEach(context::warn);
            return difference.isDifferent() ? ExitCode.NO : ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private Difference told(
            CommandContext context, DiffJob job, Target first, Optional<Target> second)
            throws IOException {
        Difference difference = job.run(first, second, options.request());
        if (options.isJson) {
            context.printJson(difference);
        } else {
            DiffPrint.print(context, difference, options);
        }
        return difference;
    }

    private Difference patch(
            CommandContext context, DiffJob job, Target first, Optional<Target> second)
            throws IOException {
        try (Patch patch = new Patch(job.temporary())) {
            Difference difference = job.run(first, second, options.request(), patch);
            patch.write(context.out(), difference);
            if (context.out().checkError()) {
                throw TidemarkException.failed(
                        "the patch could not be written to its end",
                        "What is there of it must not be run. See whether its disk is full, and run the command again.");
            }
            return difference;
        }
    }

    private void refuseWhatDoesNotFit() {
        if (isLive && to.isPresent()) {
            throw TidemarkException.usage(
                    "--live is the second moment, and '%s' is another one".formatted(to.get()),
                    "Leave one of them out.");
        }
        if (!isLive && to.isEmpty()) {
            throw TidemarkException.usage(
                    "a second moment is missing",
                    "Give two, as in 'tidemark diff mark:before-import latest', or --live for the source as it is.");
        }
        options.refuseWhatDoesNotFit();
    }
}

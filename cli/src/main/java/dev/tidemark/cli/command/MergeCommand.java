package dev.tidemark.cli.command;

import dev.tidemark.archiver.merge.Merge;
import dev.tidemark.archiver.merge.MergeLimits;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.MergeJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark merge}. */
@Command(
        name = "merge",
        header = "Make few large files of many small ones. No change is lost.",
        description = {
            "%nThe segments of an hour that is over become one, then those of a day, then those of a month: a file for"
                    + " each table that changed, sorted by key. An hour is over when a later one has begun in the archive,"
                    + " else an hour after its end by the clock; before that, 32 segments or more become one."
                    + " An archiver does that by itself, unless maintenance.merge says otherwise; this does it now. Services go on meanwhile.",
            "%nThe small files stay for some hours, for those who read them; a later merge deletes them."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark merge", "  tidemark merge --all"})
final class MergeCommand implements TidemarkCommand {
    @Option(
            names = "--all",
            description = "Also of the hour that is not over; all but the newest segment.")
    boolean isOpenToo;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) {
        Merge.Done done =
                MergeJob.run(
                        context.parts(Section.ARCHIVE),
                        context.progress(),
                        context.ledgerPen(),
                        isOpenToo);
        if (isJson) {
            context.printJson(done);
        } else {
            print(context, done);
        }
        return ExitCode.DONE;
    }

    private void print(CommandContext context, Merge.Done done) {
        if (done.merged() == 0) {
            context.out().println("There is nothing to merge: " + nothing(done.open()));
        } else {
            context.out()
                    .printf(
                            "%s with %s are %s now: %s (%s) instead of %s (%s).%n",
                            Figures.counted(done.replaced(), "segment"),
                            Figures.counted(done.changes(), "change"),
                            Figures.count(done.merged()),
                            Figures.counted(done.filesAfter(), "file"),
                            Figures.bytes(done.bytesAfter()),
                            Figures.counted(done.filesBefore(), "file"),
                            Figures.bytes(done.bytesBefore()));
        }
        if (done.deleted() > 0) {
            context.out()
                    .printf(
                            "Deleted %s that nothing needs any more: replaced or expired before, or never published.%n",
                            Figures.counted(done.deleted(), "file"));
        }
        if (done.waiting() > 0) {
            context.out()
                    .printf(
                            "%s of what was merged stay for %s; a merge after that deletes them.%n",
                            Figures.counted(done.waiting(), "file"),
                            Figures.duration(MergeLimits.DEFAULT.keep()));
        }
    }

    private String nothing(long open) {
        if (isOpenToo || open == 0) {
            return "no hour has several segments beside the newest one.";
        }
        return "no hour that is over has several segments, and the one that goes on not enough. An hour is over when a later"
                + " one has begun in the archive, else an hour after its end. --all merges %s now."
                        .formatted(Figures.counted(open, "segment"));
    }
}

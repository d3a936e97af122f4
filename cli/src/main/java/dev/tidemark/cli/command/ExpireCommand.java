package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.expire.Expire;
import dev.tidemark.archiver.expire.ExpiryPlan;
import dev.tidemark.archiver.expire.Retention;
import dev.tidemark.archiver.merge.MergeLimits;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark expire}. */
@Command(
        name = "expire",
        header = "Show what the policy keeps and lets go; --confirm lets it go.",
        description = {
            "%nThe policy is in the configuration, under retention. What a kept moment needs never goes: the base before"
                    + " it and every change since, marks (tidemark mark) and holds (tidemark hold).",
            "%nWhat goes cannot be restored any more from then on. Its files stay for some hours, for those who read"
                    + " them; a later expire or merge deletes them. With maintenance.expire an archiver does all this"
                    + " by itself."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark expire", "  tidemark expire --confirm", "  tidemark expire --json"})
final class ExpireCommand implements TidemarkCommand {
    @Option(names = "--confirm", description = "Let it go.")
    boolean isConfirmed;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) {
        Parts parts = context.parts(Section.ARCHIVE);
        Retention policy = parts.configuration().retention();
        if (policy.isEmpty()) {
            throw TidemarkException.refused(
                    "the configuration has no policy, so that everything is kept for ever",
                    "Set retention.history, retention.restore-window or retention.keep-bases; see docs/retention.md.");
        }
        try (Archive archive = parts.archiveAtPace()) {
            Expire expire =
                    new Expire(archive, parts.clock(), MergeLimits.DEFAULT, parts.lockedFor());
            Expire.Done done =
                    isConfirmed
                            ? run(context, archive, () -> expire.run(policy))
                            : expire.plan(policy);
            if (isJson) {
                context.printJson(done);
            } else {
                print(context, done);
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot let anything expire: " + TidemarkException.reason(e),
                    "Check that the archive can be reached and written. The archive is whole: run the command again.",
                    e);
        }
    }

    private static Expire.Done run(
            CommandContext context,
            Archive archive,
            LedgerPen.Work<Expire.Done, RuntimeException> expiry)
            throws IOException {
        archive.checkSigning();
        return context.ledgerPen()
                .noting(archive, LedgerEntry.Kind.EXPIRE, expiry, Expire.Done::bytesIfAny);
    }

    private static void print(CommandContext context, Expire.Done done) {
        TextTable kept = new TextTable("kept for", "from", "to");
        done.kept().forEach(one -> kept.row(one.why(), place(one), one.to()));
        context.print(kept);
        context.out().println();
        if (done.going().isEmpty()) {
            context.out().println("Nothing goes.");
        } else {
            TextTable going = new TextTable("goes", "of", "to", "bytes", "since it is");
            done.going()
                    .forEach(
                            one ->
                                    going.row(
                                            Figures.counted(one.count(), one.what()),
                                            one.from(),
                                            one.to(),
                                            Figures.bytes(one.bytes()),
                                            one.why()));
            context.print(going);
            context.out()
                    .println(
                            done.isDone()
                                    ? "%nThat is gone. Its files stay for %s; an expire or merge after that deletes them."
                                            .formatted(Figures.duration(MergeLimits.DEFAULT.keep()))
                                    : "%nNothing was changed. With --confirm it goes, and cannot be restored any more."
                                            .formatted());
        }
        done.locked()
                .ifPresent(
                        locked ->
                                context.out()
                                        .printf(
                                                "Object Lock keeps %s (%s) of that in the bucket until %s.%n",
                                                Figures.counted(locked.files(), "file"),
                                                Figures.bytes(locked.bytes()),
                                                locked.until()));
        if (done.deleted() > 0) {
            context.out()
                    .printf(
                            "Deleted %s that nothing needs any more: replaced or expired before, or never published.%n",
                            Figures.counted(done.deleted(), "file"));
        }
    }

    private static String place(ExpiryPlan.Kept kept) {
        return "%s (%s)".formatted(kept.fromTime(), kept.from());
    }
}

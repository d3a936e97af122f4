package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.FollowJob;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.rewind.Rewind;
import dev.tidemark.replay.rewind.RewindReport;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark follow}. */
@Command(
        name = "follow",
        header = "Keep a restored database up to date from the archive.",
        description = {
            "%nEach step brings it to the newest archived moment by one transaction, as 'tidemark rewind' does; others"
                    + " can read it meanwhile. At a change of the schema it stops just before it, with exit code 3.",
            "%nCtrl-C or SIGTERM end it: a step that is at work is undone, and it can be followed on later. With"
                    + " --promote it is a database like any other from then on, which Tidemark moves no more."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark follow --on postgresql://me@standby:5432/crm --delay PT1H",
            "  tidemark follow --on postgresql://me@standby:5432/crm --to latest --promote"
        })
final class FollowCommand implements TidemarkCommand {
    @Mixin MoveOptions move = new MoveOptions();

    @Option(
            names = "--to",
            paramLabel = "MOMENT",
            description =
                    "Stop there; it may be to come. With latest: when all that is archived now is there.")
    String to = "";

    @Option(
            names = "--delay",
            paramLabel = "DURATION",
            description = "Stay this far behind, by the source's commit times: PT1H is an hour.")
    Duration delay = Duration.ZERO;

    @Option(
            names = "--promote",
            description =
                    "At the end, by a signal or at --to, drop the record of where the database is: it is usable as any"
                            + " other.")
    boolean isPromoting;

    @Override
    public ExitCode run(CommandContext context) {
        Parts parts = context.parts(Section.ARCHIVE);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("follow")) {
            Database database = context.databases().target(move.on.orElseThrow());
            FollowJob job =
                    new FollowJob(
                            archive,
                            temporary.path(),
                            database,
                            delay,
                            move.options(),
                            context.clock());
            Optional<Target> until =
                    to.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    new Target(
                                            context.momentEvenToCome(to, parts.configuration()),
                                            false));
            RestoreRecord end = job.run(until, step -> print(context, job, step));
            if (isPromoting) {
                RestoreRecord promoted = Rewind.promote(archive, database);
                context.out()
                        .printf(
                                "%s is promoted at position %s (%s): usable, and followed no more.%n",
                                database.url(), promoted.position(), promoted.commitTime());
            } else {
                context.out()
                        .printf(
                                "%s is as the source was at %s (%s), and can be followed on.%n",
                                database.url(), end.position(), end.commitTime());
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private static void print(CommandContext context, FollowJob job, RewindReport step) {
        context.err()
                .printf(
                        "at %s (%s), %s behind: %s taken out, %s put in%n",
                        step.to().position(),
                        step.to().commitTime(),
                        Figures.duration(job.lag(step.to())),
                        Figures.counted(step.taken(), "row"),
                        Figures.counted(step.put(), "row"));
    }
}

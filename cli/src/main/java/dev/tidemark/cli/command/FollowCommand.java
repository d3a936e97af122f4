package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.FollowArchive;
import dev.tidemark.cli.wiring.FollowJob;
import dev.tidemark.cli.wiring.FollowSource;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.rewind.Promotion;
import dev.tidemark.replay.rewind.RewindOptions;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark follow}. */
@Command(
        name = "follow",
        header =
                "Keep a restored database up to date from the archive, or from the change log too.",
        description = {
            "%nEach step brings it to the newest archived moment by one transaction, as 'tidemark rewind' does; others"
                    + " can read it meanwhile. At a change of the schema it stops just before it, with exit code 3.",
            "%nCtrl-C or SIGTERM end it: a step that is at work is undone, and it can be followed on later. With"
                    + " --promote it is a database like any other from then on, which Tidemark moves no more."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark follow --on postgresql://me@standby:5432/crm --delay 1h",
            "  tidemark follow --on postgresql://me@standby:5432/crm --from-log",
            "  tidemark follow --on postgresql://me@standby:5432/crm --to latest --promote"
        })
final class FollowCommand implements TidemarkCommand {
    @Mixin MoveOptions move = new MoveOptions();

    @Option(
            names = "--to",
            paramLabel = "MOMENT",
            description =
                    "Stop there; it may be to come. With latest: when all that is archived now is there. With --delay it"
                            + " comes there only when that is so far behind.")
    String to = "";

    @Option(
            names = "--delay",
            paramLabel = "DURATION",
            converter = DelayConverter.class,
            description = "Stay this far behind, by the source's commit times: 1h is an hour.")
    Duration delay = Duration.ZERO;

    @Option(
            names = "--promote",
            description =
                    "At the end, by a signal or at --to, drop the record of where the database is: it is usable as any"
                            + " other.")
    boolean isPromoting;

    @Option(
            names = "--from-log",
            description =
                    "Read the change log in Kafka after what is archived: some seconds behind the source at most. While"
                            + " it cannot be read, the archive alone is followed.")
    boolean isFromLog;

    @Override
    public boolean isService() {
        return true;
    }

    @Override
    public boolean isLogged() {
        return true; // it brings all rows out
    }

    @Override
    public boolean isEndAwaited() {
        return isPromoting;
    }

    @Override
    public ExitCode run(CommandContext context) {
        Parts parts =
                isFromLog
                        ? context.parts(Section.SOURCE, Section.KAFKA, Section.ARCHIVE)
                        : context.parts(Section.ARCHIVE);
        Optional<Target> until =
                to.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Target(
                                        context.momentEvenToCome(to, parts.configuration()),
                                        false));
        if (!delay.isZero() && until.filter(FollowCommand::isLatest).isPresent()) {
            throw TidemarkException.usage(
                    "--delay with --to latest: what is archived now is not that old",
                    "Give a moment, at which it stops once that is so far behind; or leave one of the two out.");
        }
        return move.run(context, parts, "follow", moving -> run(context, parts, moving, until));
    }

    private static boolean isLatest(Target target) {
        return target.moment() instanceof Moment.Latest;
    }

    private ExitCode run(
            CommandContext context, Parts parts, MoveOptions.Moving moving, Optional<Target> until)
            throws IOException {
        FollowJob.End end = follow(context, parts, moving, until);
        if (isPromoting) {
            Promotion done = Promotion.promote(moving.archive(), moving.database());
            done.notes().forEach(context::warn);
            print(
                    context,
                    moving,
                    done.at(),
                    "%s is promoted at position %s (%s): usable, and followed no more.%n");
            return ExitCode.DONE;
        }
        if (end.isThere()) {
            Promotion.refresh(moving.archive(), moving.database()).notes().forEach(context::warn);
        }
        print(
                context,
                moving,
                end.at(),
                "%s is as the source was at %s (%s), and can be followed on.%n");
        return ExitCode.DONE;
    }

    private FollowJob.End follow(
            CommandContext context, Parts parts, MoveOptions.Moving moving, Optional<Target> until)
            throws IOException {
        try (FollowSource source =
                isFromLog
                        ? parts.followLog(moving.archive(), moving.temporary())
                        : new FollowArchive(moving.archive())) {
            FollowJob job =
                    new FollowJob(
                            source,
                            moving.temporary(),
                            moving.database(),
                            delay,
                            move.options(RewindOptions.Views.LEFT),
                            context.clock());
            return job.run(until, new FollowPrint(context, job));
        }
    }

    private static void print(
            CommandContext context, MoveOptions.Moving moving, RestoreRecord at, String format) {
        context.out().printf(format, moving.database().url(), at.position(), at.commitTime());
    }
}

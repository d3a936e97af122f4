package dev.tidemark.cli.command;

import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.FollowJob;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.rewind.RewindReport;

/** Tells people how a database follows: each step, and once why it waits. For one thread. */
final class FollowPrint implements FollowJob.Listener {
    private final CommandContext context;
    private final FollowJob job;
    private String told = "";

    FollowPrint(CommandContext context, FollowJob job) {
        this.context = context;
        this.job = job;
    }

    @Override
    public void begins(RestoreRecord at) {
        context.err()
                .printf(
                        "following from %s (%s), %s behind%n",
                        at.position(), at.commitTime(), Figures.duration(job.lag(at)));
    }

    @Override
    public void moved(RewindReport step) {
        told = "";
        step.notes().forEach(context::warn);
        context.err()
                .printf(
                        "at %s (%s), %s behind: %s taken out, %s put in%n",
                        step.to().position(),
                        step.to().commitTime(),
                        Figures.duration(job.lag(step.to())),
                        Figures.counted(step.taken(), "row"),
                        Figures.counted(step.put(), "row"));
    }

    @Override
    public void waits(String why) {
        if (!why.equals(told)) {
            told = why;
            context.err().printf("waiting: %s%n", why);
        }
    }
}

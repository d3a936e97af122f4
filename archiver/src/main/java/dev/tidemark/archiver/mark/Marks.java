package dev.tidemark.archiver.mark;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archiver.commit.SideCommitter;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;

/** Gives moments of an archive names, and takes them back. For one thread. */
public final class Marks {
    private final Archive archive;
    private final SideCommitter committer;

    public Marks(Archive archive, Clock clock) {
        this.archive = archive;
        this.committer = new SideCommitter(archive, clock);
    }

    /**
     * Names a moment.
     *
     * @param temporary a folder for files while they are read
     * @throws TidemarkException when the name is none or is taken, or the moment is not archived
     */
    public Mark add(String name, Target target, String note, Path temporary) throws IOException {
        Names.check("mark", name);
        archive.refresh();
        for (int attempt = 0; ; attempt++) {
            archive.state().mark(name).ifPresent(Marks::refuseTaken);
            Mark mark = mark(name, target, note, temporary);
            if (publish(attempt, mark)) {
                return mark;
            }
        }
    }

    private static void refuseTaken(Mark there) {
        throw TidemarkException.refused(
                "the mark '%s' is there already, at %s (%s)"
                        .formatted(there.name(), there.position(), there.time()),
                "Choose another name, or take it back with --remove.");
    }

    private Mark mark(String name, Target target, String note, Path temporary) throws IOException {
        RestorePlan plan = new Planner(archive, temporary).plan(target);
        Manifest origin = archive.state().stretchOf(plan.base()).origin();
        Instant time =
                plan.cut()
                        .last()
                        .map(last -> last.commitTime())
                        .orElse(plan.base().span().latestCommit());
        return new Mark(name, origin.number(), plan.cut().position(), time, note, false);
    }

    /**
     * Takes a name back.
     *
     * @return the mark that it was
     * @throws TidemarkException when there is none
     */
    public Mark remove(String name) throws IOException {
        archive.refresh();
        for (int attempt = 0; ; attempt++) {
            Mark there = archive.state().neededMark(name, archive.url());
            if (publish(attempt, there.takenBack())) {
                return there;
            }
        }
    }

    private boolean publish(int attempt, Mark mark) throws IOException {
        return committer.commit(attempt, committer.draft(Manifest.Kind.MARK, mark));
    }
}

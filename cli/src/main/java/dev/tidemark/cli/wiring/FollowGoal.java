package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A moment at which following stops, and which may be to come. For one thread. */
final class FollowGoal {
    private final Path temporary;
    private final Database database;
    private final Target target;

    /**
     * Up to where the transaction is not, by the number of the base that a stretch goes back to.
     */
    private final Map<Long, Position> sought = new HashMap<>();

    /**
     * @param temporary a folder for files while they are read
     */
    FollowGoal(Path temporary, Database database, Target target) {
        this.temporary = temporary;
        this.database = database;
        this.target = target;
    }

    /**
     * The way to it, once it is archived.
     *
     * @throws TidemarkException (refused) when it is before where the database is
     */
    Optional<RestorePlan> plan(Archive archive, RestoreRecord at) throws IOException {
        if (!isArchived(archive)) {
            return Optional.empty();
        }
        RestorePlan plan = new Planner(archive, temporary).plan(target);
        long origin = archive.state().stretchOf(plan.base()).origin().number();
        Position end = plan.cut().position();
        boolean isPast =
                origin < at.stretch() || (origin == at.stretch() && end.isBefore(at.position()));
        if (isPast && origin == at.stretch() && target.moment() instanceof Moment.Latest) {
            return Optional.empty(); // it followed the change log, and the archive is behind
        }
        if (isPast) {
            throw TidemarkException.refused(
                    "%s is at %s already, past %s".formatted(database, at.position(), end),
                    "Following goes forwards only. Bring it back with 'tidemark rewind'.");
        }
        return Optional.of(plan);
    }

    private boolean isArchived(Archive archive) throws IOException {
        ArchiveState state = archive.state();
        if (state.stretches().isEmpty()) {
            return true; // the planner refuses
        }
        Stretch last = state.stretches().getLast();
        return switch (target.moment()) {
            case Moment.Latest latest -> true;
            case Moment.AtTime at -> last.end().span().latestCommit().isAfter(at.time());
            case Moment.AtPosition at ->
                    !at.position().isAfter(last.to())
                            || state.stretches().stream().anyMatch(one -> one.holds(at.position()));
            case Moment.AtMark at -> state.mark(at.name()).isPresent();
            case Moment.AtTransaction at -> isThere(archive, at.xid());
        };
    }

    /** Each segment is looked through once, also when another with the same changes replaces it. */
    private boolean isThere(Archive archive, long xid) throws IOException {
        for (Stretch stretch : archive.state().stretches()) {
            long origin = stretch.origin().number();
            for (Manifest segment : stretch.segments()) {
                Position end = segment.span().to();
                Position before = sought.get(origin);
                if (before != null && !end.isAfter(before)) {
                    continue;
                }
                if (holds(archive, segment, xid)) {
                    return true;
                }
                sought.put(origin, end);
            }
        }
        return false;
    }

    private boolean holds(Archive archive, Manifest segment, long xid) throws IOException {
        try (SegmentTransactions all = SegmentTransactions.open(archive, segment, temporary)) {
            all.passOver(bounds -> !bounds.mayHold(xid));
            while (all.hasNext()) {
                if (all.next().xid() == xid) {
                    return true;
                }
                all.passOver(bounds -> !bounds.mayHold(xid));
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return target.moment().toString();
    }
}

package dev.tidemark.archiver.expire;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archiver.commit.SideCommitter;
import dev.tidemark.archiver.merge.MergeLimits;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Lets go what a policy lets go, beside an archiver that goes on. For one thread.
 *
 * <p>First a manifest says so, and from then on nobody who opens the archive reads it. The files
 * stay for some hours, for those who opened it before; a later expiry, or a merge, deletes them. If
 * this breaks off, the archive is whole.
 */
public final class Expire {
    private final Archive archive;
    private final Clock clock;
    private final MergeLimits limits;
    private final Optional<Duration> lock;
    private final SideCommitter committer;

    /** In a storage that locks nothing. */
    public Expire(Archive archive, Clock clock, MergeLimits limits) {
        this(archive, clock, limits, Optional.empty());
    }

    /**
     * For an archive.
     *
     * @param lock how long its storage keeps what is written, whoever deletes it
     */
    public Expire(Archive archive, Clock clock, MergeLimits limits, Optional<Duration> lock) {
        this.archive = archive;
        this.clock = clock;
        this.limits = limits;
        this.lock = lock;
        this.committer = new SideCommitter(archive, clock);
    }

    /**
     * What was done, or would be.
     *
     * @param isDone was it?
     * @param deleted files of what expired or was merged before
     * @param waiting files that are still there for those who read them
     * @param locked what of it the storage does not give up yet; empty: nothing
     */
    public record Done(
            boolean isDone,
            List<ExpiryPlan.Going> going,
            List<ExpiryPlan.Kept> kept,
            int deleted,
            long waiting,
            Optional<Locked> locked) {
        public Done {
            going = List.copyOf(going);
            kept = List.copyOf(kept);
        }

        /** Bytes that are free in some hours. */
        public long bytes() {
            return going.stream().mapToLong(ExpiryPlan.Going::bytes).sum();
        }

        /** The same; empty when nothing went. */
        public OptionalLong bytesIfAny() {
            return going.isEmpty() ? OptionalLong.empty() : OptionalLong.of(bytes());
        }
    }

    /** What a policy would let go now; changes nothing. */
    public Done plan(Retention policy) throws IOException {
        archive.refresh();
        return done(ExpiryPlan.of(archive.state(), policy, clock.instant()), false);
    }

    /**
     * Lets it go.
     *
     * @throws TidemarkException when the archive is not whole
     */
    public Done run(Retention policy) throws IOException {
        archive.refresh();
        for (int attempt = 0; ; attempt++) {
            ExpiryPlan plan = ExpiryPlan.of(archive.state(), policy, clock.instant());
            long collected = archive.state().collectable(before());
            if (plan.isEmpty() && collected < 0) {
                return done(plan, true);
            }
            Manifest draft = committer.draft(Manifest.Kind.EXPIRY, plan.expiry(collected));
            Done done = done(plan, true);
            if (committer.commit(attempt, draft)) {
                int deleted = collected < 0 ? 0 : archive.collectReplaced();
                return new Done(
                        true,
                        done.going(),
                        done.kept(),
                        deleted,
                        archive.state().waitingFiles(),
                        done.locked());
            }
        }
    }

    private Instant before() {
        return clock.instant().minus(limits.keep());
    }

    private Done done(ExpiryPlan plan, boolean isDone) {
        return new Done(
                isDone,
                plan.going(),
                plan.kept(),
                0,
                archive.state().waitingFiles(),
                lock.flatMap(plan::locked));
    }
}

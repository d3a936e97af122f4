package dev.tidemark.cli.wiring;

import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.content.Content;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Path;

/** Is there room for what a restore reads and writes? Only looks. For one thread. */
record RestoreRoom(RestoreJob job) {
    /** Before the long work: who is told that it may not fit can end it. */
    void tell(RestorePlan plan, Database target, Place place) throws IOException {
        boolean isOfAll = job.options().withoutRows().isEmpty(); // else nobody knows what they take
        if (isOfAll && !job.isGoingOn(plan, target, place)) {
            TargetRoom.HERE
                    .look(RoomNeed.ofDatabase(plan), target, place)
                    .ifPresent(job.progress()::say);
        }
    }

    /**
     * Before anything is written.
     *
     * @throws TidemarkException (refused) when it does not fit, whatever the rows are
     */
    void require(Content content, Database target, Place place) throws IOException {
        DiskRoom.requireForReading(content.tables(), job.temporary());
        var unused = TargetRoom.HERE.look(need(content, WrittenAs.DATABASE), target, place);
    }

    /**
     * The same of a file.
     *
     * @throws TidemarkException (refused) when it does not fit, whatever the rows are
     */
    void require(Content content, WrittenAs as, Path folder) throws IOException {
        DiskRoom.requireForReading(content.tables(), job.temporary());
        DiskRoom.look(DiskRoom.Purpose.FILE, need(content, as), folder)
                .ifPresent(job.progress()::say);
    }

    /** What a content takes that is masked if the restore is. */
    private RoomNeed need(Content content, WrittenAs as) {
        return job.mask().isPresent()
                ? RoomNeed.ofMasked(content.tables(), as)
                : RoomNeed.of(content.tables(), as);
    }
}

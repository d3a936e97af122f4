package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.fold.UntoldChanges;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.load.BesideDatabase;
import dev.tidemark.replay.load.FirstTables;
import dev.tidemark.replay.load.Restore;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.TargetCheck;
import dev.tidemark.replay.load.TargetDatabase;
import dev.tidemark.replay.load.Unfinished;
import dev.tidemark.replay.salvage.Salvage;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From an archive to a database: plan, fold, load.
 *
 * @param temporary a folder for files while they are read
 * @param mask what is done to the rows on their way
 * @param isRecording does a whole database keep a record of where it is, to be moved later?
 */
public record RestoreJob(
        Archive archive,
        Path temporary,
        RestoreOptions options,
        Optional<MaskJob> mask,
        boolean isRecording,
        Progress progress,
        Clock clock) {
    /** One that leaves no record. */
    public RestoreJob(
            Archive archive,
            Path temporary,
            RestoreOptions options,
            Progress progress,
            Clock clock) {
        this(archive, temporary, options, Optional.empty(), false, progress, clock);
    }

    /** One without masks. */
    public RestoreJob(
            Archive archive,
            Path temporary,
            RestoreOptions options,
            boolean isRecording,
            Progress progress,
            Clock clock) {
        this(archive, temporary, options, Optional.empty(), isRecording, progress, clock);
    }

    /**
     * The same with masks, by which more tables may come back empty.
     *
     * @throws TidemarkException (refused) when they leave a column open
     */
    public RestoreJob masked(MaskJob masks, RestorePlan plan) {
        return masked(masks, plan, Set.of());
    }

    /**
     * The same of a part.
     *
     * @param others tables that are no part of it, and need no decision
     */
    RestoreJob masked(MaskJob masks, RestorePlan plan, Set<String> others) {
        try {
            Set<String> without = new HashSet<>(options.withoutRows());
            without.addAll(others);
            Set<String> dropped = masks.check(archive, plan, temporary, without);
            return new RestoreJob(
                    archive,
                    temporary,
                    options.without(dropped).withStart(RestoreOptions.Start.ONCE),
                    Optional.of(masks),
                    false, // a record would let rows in that are not masked
                    progress,
                    clock);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The way to a moment; nothing is written. */
    public RestorePlan plan(Target moment) {
        try {
            return new Planner(archive, temporary).plan(moment);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The way there that reads no damaged file, or to as much of it as can be read. */
    public Salvage.Way salvage(Target moment) {
        try {
            return Salvage.find(archive, moment, temporary);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * What is not known at a plan's cut and is no table, or one that comes back without rows.
     *
     * @throws TidemarkException when a table is not known, naming it and the moments around
     */
    public Untold untold(RestorePlan plan) {
        try {
            Untold untold = seen(plan).withoutRows(options.withoutRows());
            untold.requireTables();
            return untold;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * The same in an archive whose segments after the cut may be damaged: what cannot be read tells
     * nothing, as if nobody had looked yet.
     */
    public Untold untoldAsFarAsReadable(RestorePlan plan) {
        try {
            Untold untold = looked(plan).withoutRows(options.withoutRows());
            untold.requireTables();
            return untold;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    Untold seen(RestorePlan plan) throws IOException {
        return UntoldChanges.at(archive, plan, temporary);
    }

    Untold looked(RestorePlan plan) throws IOException {
        try {
            return seen(plan);
        } catch (TidemarkException e) {
            if (e.kind() != TidemarkException.Kind.REFUSED) {
                throw e;
            }
            return Untold.notLookedAt(plan.cut().position(), plan.base().look());
        }
    }

    /**
     * Where to.
     *
     * @param place what becomes of what the target holds
     * @param begins runs when the target was checked, before it is changed; perhaps twice
     */
    public record Into(Database target, Place place, Runnable begins) {}

    /** Follows the plan, and nobody waits for its beginning. */
    public RestoreReport run(RestorePlan plan, Database target, Place place, LedgerPen pen)
            throws InterruptedException {
        return run(plan, new Into(target, place, () -> {}), pen);
    }

    /**
     * Follows the plan.
     *
     * @param pen notes a restore of all rows that breaks off; one that is refused before it begins
     *     did nothing
     */
    public RestoreReport run(RestorePlan plan, Into into, LedgerPen pen)
            throws InterruptedException {
        boolean isNoted =
                options.withoutRows().isEmpty() && mask.isEmpty() && options.scripts().isEmpty();
        try {
            if (!isNoted) {
                look(plan, into);
                return build(plan, into);
            }
            LedgerEntry.Kind kind = LedgerEntry.Kind.RESTORE;
            pen.checking(archive, kind, () -> look(plan, into));
            return pen.noting(
                    archive,
                    kind,
                    () -> build(plan, into),
                    done -> OptionalLong.empty()); // whether it is whole is not known here
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Before the long work; it is checked again with the final catalog. */
    private void check(RestorePlan plan, Database target, Place place) throws IOException {
        Catalog base = Fold.catalog(archive, plan.base().catalogThere());
        if (place == Place.DROPPED) {
            refuseTheSource(target);
        } else if (place == Place.BESIDE) {
            // The source itself may be the target, and its server is asked with the final catalog.
            BesideDatabase.find(target).ifPresent(beside -> refuseFinished(plan, beside));
        } else if (!isGoingOn(plan, target, place)) {
            refuseFinished(plan, target);
            TargetCheck.ofDatabase(target, options.asking(base));
        }
    }

    /** What seems to have broken off may have ended. */
    private void refuseFinished(RestorePlan plan, Database target) {
        if (options.start() == RestoreOptions.Start.UNFINISHED) {
            Unfinished.refuseFinished(target, archive, plan);
        }
    }

    /** Is what it writes there already in part? */
    boolean isGoingOn(RestorePlan plan, Database target, Place place) {
        return place == Place.AS_IT_IS
                && options.start() == RestoreOptions.Start.UNFINISHED
                && Unfinished.isIn(target, plan);
    }

    /** What stands in the way, and whether it may not fit. */
    private void look(RestorePlan plan, Into into) throws IOException {
        check(plan, into.target(), into.place());
        new RestoreRoom(this).tell(plan, into.target(), into.place());
    }

    private RestoreReport build(RestorePlan plan, Into into)
            throws IOException, InterruptedException {
        Instant began = clock.instant();
        FoldedDatabase folded = fold(plan);
        Content content = masked(Content.of(folded));
        FirstTables.named(options.first(), content); // before anything is written
        if (!isGoingOn(plan, into.target(), into.place())) {
            new RestoreRoom(this).require(content, into.target(), into.place());
        }
        Database filled = filled(into, folded);
        Set<String> deciding = new HashSet<>(options.deciding());
        deciding.add(archive.identity().toString());
        RestoreOptions decided = options.withDeciding(deciding);
        try (RestoreProgressBar bar =
                new RestoreProgressBar(progress, clock, began, into.begins())) {
            Restore restore = new Restore(filled, decided, bar, clock);
            boolean isRecorded =
                    isRecording
                            && plan.unreadable().isEmpty()
                            && options.scripts().isEmpty()
                            && looked(plan).uncertain().isEmpty();
            return (isRecorded ? restore.recording(RestoreRecord.of(archive, plan)) : restore)
                    .run(plan, content);
        }
    }

    private Database filled(Into into, FoldedDatabase folded) throws IOException {
        Database target = into.target();
        if (into.place() == Place.AS_IT_IS) {
            return target;
        }
        checkFiles(folded);
        if (into.place() == Place.BESIDE) {
            return BesideDatabase.make(target, options.asking(folded.catalog()));
        }
        TargetDatabase.recreate(target, options.asking(folded.catalog()), into.begins());
        return target;
    }

    /** Follows the plan as far as the rows, for who writes them elsewhere. */
    public Content content(RestorePlan plan) {
        try {
            return masked(Content.of(fold(plan)));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    Content masked(Content whole) {
        return mask.map(masks -> masks.mask(whole)).orElse(whole);
    }

    /** Checks the target and writes a content that is no longer read from the archive. */
    RestoreReport build(RestorePlan plan, Content content, Into into) throws InterruptedException {
        try {
            check(plan, into.target(), into.place());
        } catch (IOException e) {
            throw broken(e);
        }
        if (into.place() == Place.DROPPED) {
            TargetDatabase.recreate(
                    into.target(), options.asking(content.catalog()), into.begins());
        }
        RestoreOptions once = options.withStart(RestoreOptions.Start.ONCE);
        try (RestoreProgressBar bar =
                new RestoreProgressBar(progress, clock, clock.instant(), into.begins())) {
            return new Restore(into.target(), once, bar, clock).run(plan, content);
        }
    }

    private FoldedDatabase fold(RestorePlan plan) throws IOException {
        DiskRoom.lookBeforeFold(plan, options.foldBytes(), temporary).ifPresent(progress::say);
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task = progress.start("fold", plan.changes(), Progress.Unit.ROWS)) {
            return Fold.run(
                    archive,
                    plan,
                    options.withoutRows(),
                    options.foldBytes(),
                    temporary,
                    read -> task.advance(read - seen.getAndSet(read)));
        }
    }

    /** What would end the restore midway is better known while the old database is still there. */
    void checkFiles(FoldedDatabase folded) throws IOException {
        List<FileRef> files =
                folded.tables().stream().flatMap(table -> table.files().stream()).toList();
        long bytes = files.stream().mapToLong(FileRef::bytes).sum();
        try (Progress.Task task = progress.start("files", bytes, Progress.Unit.BYTES)) {
            for (FileRef file : files) {
                archive.checkSize(file);
                task.advance(file.bytes());
            }
        }
    }

    /** To drop the captured database itself is never what somebody wants who restores. */
    void refuseTheSource(Database target) {
        refuseTheSource(target, "Restore into another database, and switch the application over.");
    }

    /** Nor to put invented rows in its place, or among its own. */
    public void refuseMasksInTheSource(Database target) {
        refuseTheSource(
                target, "Masked rows are never for production. Restore into another database.");
    }

    private void refuseTheSource(Database target, String hint) {
        try {
            if (isTheSource(target)) {
                throw TidemarkException.refused(
                        "the target "
                                + target.url()
                                + " is the database that this archive captures",
                        hint);
            }
        } catch (SQLException e) {
            throw TidemarkException.refused(
                    "cannot tell whether the target %s is the captured database itself: %s"
                            .formatted(target.url(), TidemarkException.reason(e)),
                    "Let the target's user call pg_control_system(), or restore into a database of another name.",
                    e);
        }
    }

    /** Also true where the user may not ask. */
    public boolean mayBeTheSource(Database target) {
        try {
            return isTheSource(target);
        } catch (SQLException e) {
            return true;
        }
    }

    private boolean isTheSource(Database target) throws SQLException {
        ArchiveIdentity identity = archive.identity();
        if (!target.url().database().equals(identity.database())) {
            return false;
        }
        Database anyDatabase =
                new Database(
                        target.role(), target.url().withDatabase("postgres"), target.password());
        try (Connection connection = anyDatabase.connect();
                PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT system_identifier::text FROM pg_control_system()");
                ResultSet row = query.executeQuery()) {
            row.next();
            String there = row.getString(1); // a source that moved to another cluster has two
            return there.equals(identity.systemId()) || there.equals(archive.systemId());
        }
    }

    TidemarkException broken(IOException e) {
        return TidemarkException.failed(
                "reading the archive "
                        + archive.url()
                        + " broke off: "
                        + TidemarkException.reason(e),
                "Check that the archive can be reached and that temporary-directory has room, and run the restore again.",
                e);
    }
}

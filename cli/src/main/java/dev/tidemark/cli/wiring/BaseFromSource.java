package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archiver.base.BaseBuilder;
import dev.tidemark.archiver.base.FoldedBase;
import dev.tidemark.archiver.base.SourcedBase;
import dev.tidemark.archiver.base.TableBaseCommitter;
import dev.tidemark.capture.prepare.InitLock;
import dev.tidemark.capture.prepare.SourceCheck;
import dev.tidemark.capture.prepare.TableParts;
import dev.tidemark.capture.source.SlotGuard;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Takes bases of tables from the source beside capture and archiver, whether the archive knows the
 * rows or not: what it has of a table before counts no more for any later moment.
 */
public final class BaseFromSource {
    private static final String AGAIN = "The archive is as it was. Run the command again.";
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Without anything new in the archive, beside what a quiet source takes. */
    private static final Duration STILL_MAX = Duration.ofMinutes(10);

    private static final int ATTEMPTS_MAX = 3;

    private final Parts parts;
    private final Progress progress;
    private final int jobs;
    private final LedgerPen pen;

    /**
     * For one run.
     *
     * @param jobs parts of tables that are copied side by side
     * @param pen notes it in the archive's ledger, from when it begins to copy
     */
    public BaseFromSource(Parts parts, Progress progress, int jobs, LedgerPen pen) {
        this.parts = parts;
        this.progress = progress;
        this.jobs = jobs;
        this.pen = pen;
    }

    /**
     * What was published.
     *
     * @param position the tables are as of there
     * @param time no commit in them is later
     * @param tables their names
     * @param rows that were copied
     * @param bytes that were written
     * @param whole the base of all tables that was made of them, if all were asked for
     */
    public record Result(
            Position position,
            Instant time,
            List<String> tables,
            long rows,
            long bytes,
            Optional<FoldedBase.Made> whole) {
        public Result {
            tables = List.copyOf(tables);
        }

        private OptionalLong written() {
            return OptionalLong.of(bytes + whole.map(FoldedBase.Made::bytes).orElse(0L));
        }
    }

    /**
     * Takes bases of single tables.
     *
     * @param names {@code schema.table}, or the table alone where that is clear
     * @throws TidemarkException when one is not captured, no capture is at work, or another base is
     *     being taken
     */
    public Result ofTables(List<String> names) throws InterruptedException {
        return run(
                archive -> {
                    List<Table> tables = find(archive, names);
                    List<Long> ids = tables.stream().map(Table::id).toList();
                    return noted(
                            archive,
                            run ->
                                    run.take(
                                            session -> TableParts.ofPrepared(session, ids),
                                            tables));
                });
    }

    /**
     * Takes bases of all tables and makes one of them that restores begin with: it needs nothing of
     * what the archive has from before.
     *
     * @throws TidemarkException as above, or when the source does not tell all changes
     */
    public Result ofAll() throws InterruptedException {
        return run(
                archive -> {
                    refuseUnprepared();
                    return noted(
                            archive,
                            run -> run.whole(run.take(TableParts::ofAllPrepared, List.of())));
                });
    }

    private interface Taking {
        Result by(Run run) throws IOException, InterruptedException;
    }

    private Result noted(Archive archive, Taking taking) throws IOException, InterruptedException {
        Run run = new Run(archive);
        return pen.noting(archive, LedgerEntry.Kind.BASE, () -> taking.by(run), Result::written);
    }

    private void refuseUnprepared() {
        SourcePreparation.refuse(
                parts.source(), SourceCheck.prepared(parts.source(), parts.preparation()));
    }

    /** Is there a capture that tells of what comes after a base? */
    public boolean isCapturing() {
        return new SlotGuard(parts.source(), parts.names().slot())
                .find()
                .flatMap(SlotGuard.Slot::activePid)
                .isPresent();
    }

    private interface Work {
        Result run(Archive archive) throws IOException, InterruptedException;
    }

    private Result run(Work work) throws InterruptedException {
        try (Archive archive = parts.archive();
                InitLock lock = turn()) {
            archive.checkSigning();
            if (!isCapturing()) {
                throw TidemarkException.refused(
                        "no capture streams from the slot '%s', so that the archive would not get to the base"
                                .formatted(parts.names().slot()),
                        "Start the services with 'tidemark run', and run this again.");
            }
            return work.run(archive);
        } catch (SQLException e) {
            throw TemporarySnapshot.closed("base", e);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot take the base: " + TidemarkException.reason(e),
                    "Check archive.url, the rights there, and that the storage is up. " + AGAIN,
                    e);
        }
    }

    private InitLock turn() {
        return InitLock.tryForTables(parts.source(), parts.names())
                .orElseThrow(
                        () ->
                                TidemarkException.refused(
                                        "another base of tables of this source is being taken",
                                        "It is that of another 'tidemark base --from-source', or capture takes one of its own after"
                                                + " a command that rewrote a large table. Wait for it, and run this again."));
    }

    private static List<Table> find(Archive archive, List<String> names) throws IOException {
        FileRef catalog =
                archive.state()
                        .catalog()
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "the archive " + archive.url() + " holds no base",
                                                "Run 'tidemark init': it takes the first one."));
        List<Table> all = Fold.catalog(archive, catalog).tables();
        List<Table> found = new ArrayList<>();
        for (String name : names) {
            Table table = find(all, name);
            if (!found.contains(table)) {
                found.add(table);
            }
        }
        return found;
    }

    private static Table find(List<Table> all, String name) {
        List<Table> named =
                all.stream()
                        .filter(one -> one.displayName().equals(name) || one.name().equals(name))
                        .toList();
        if (named.isEmpty()) {
            throw TidemarkException.refused(
                    "the archive knows no table '" + name + "'",
                    "Name it as schema.table, without quotes. One that was made just now is known as soon as it is archived.");
        }
        if (named.size() > 1) {
            throw TidemarkException.usage(
                    "'" + name + "' is the name of several tables",
                    "Say which: %s."
                            .formatted(
                                    String.join(
                                            ", ",
                                            named.stream().map(Table::displayName).toList())));
        }
        if (!named.getFirst().holdsRows()) {
            throw TidemarkException.refused(
                    "table %s is not captured: it holds no rows of its own"
                            .formatted(named.getFirst().displayName()),
                    "Of a partitioned table name the partitions; an unlogged table is captured without rows.");
        }
        return named.getFirst();
    }

    /** The work in an archive. */
    private final class Run {
        private final Archive archive;

        Run(Archive archive) {
            this.archive = archive;
        }

        /** Copies, waits, and publishes. */
        Result take(TableBaseCopy.Choice choice, List<Table> asked)
                throws IOException, InterruptedException {
            try (TemporaryFolder temporary = parts.temporary("base")) {
                TableBaseCommitter committer =
                        TableBaseCommitter.ofAny(archive, temporary.path(), parts.clock());
                BaseBuilder base = BaseBuilder.ofTables(archive, temporary.path(), parts.clock());
                TableBaseCommitter.Copied copied =
                        new TableBaseCopy(parts, archive, jobs, progress)
                                .run(committer, base, choice);
                progress.say(
                        "Copied as of %s. Waiting until the archive holds what is before that."
                                .formatted(copied.position()));
                await(
                        () -> archive.state().newest().map(newest -> newest.span().to()),
                        () -> isReached(copied.position()),
                        copied.position());
                List<Table> published = committer.publish(copied);
                refuseThrownAway(asked, published);
                return result(copied, published);
            }
        }

        private boolean isReached(Position position) {
            return !archive.state().newest().orElseThrow().span().to().isBefore(position);
        }

        private Result result(TableBaseCommitter.Copied copied, List<Table> published) {
            List<Long> ids = published.stream().map(Table::id).toList();
            List<FileRef> files =
                    copied.files().stream().filter(file -> ids.contains(file.table())).toList();
            return new Result(
                    copied.position(),
                    copied.latestCommit(),
                    published.stream().map(Table::displayName).sorted().toList(),
                    files.stream().mapToLong(FileRef::rows).sum(),
                    files.stream().mapToLong(FileRef::bytes).sum(),
                    Optional.empty());
        }

        private static void refuseThrownAway(List<Table> asked, List<Table> published) {
            List<Long> ids = published.stream().map(Table::id).toList();
            List<String> left =
                    asked.stream()
                            .filter(table -> !ids.contains(table.id()))
                            .map(Table::displayName)
                            .toList();
            if (!left.isEmpty()) {
                throw TidemarkException.failed(
                        "the new base of %s does not fit the archive, and was thrown away"
                                .formatted(left),
                        "The table is gone, is not published, or its columns were changed meanwhile. Those of other"
                                + " tables count. Run the command again.");
            }
        }

        Result whole(Result tables) throws IOException, InterruptedException {
            if (tables.tables().isEmpty()) {
                throw TidemarkException.failed(
                        "the copy of no table fits the archive, and all was thrown away",
                        "Their columns were changed meanwhile, or there are none. Run the command again.");
            }
            progress.say(
                    "Waiting until the archive is told that the schema was looked at since: capture looks every %s."
                            .formatted(
                                    Figures.duration(
                                            parts.configuration().capture().catalogInterval())));
            await(
                    () -> archive.state().newest().flatMap(Manifest::look),
                    () -> SourcedBase.isReady(archive.state(), tables.position()),
                    tables.position());
            refuseUnprepared(); // it may have been changed just before the copy
            FoldedBase.Made made = madeOf(tables);
            return new Result(
                    tables.position(),
                    tables.time(),
                    tables.tables(),
                    tables.rows(),
                    tables.bytes(),
                    Optional.of(made));
        }

        /** The copy stands: who made a base or merged meanwhile does not cost another one. */
        private FoldedBase.Made madeOf(Result tables) throws IOException {
            for (int attempt = 1; ; attempt++) {
                try (TemporaryFolder temporary = parts.temporary("base");
                        Progress.Task task =
                                progress.start("base", Progress.UNKNOWN, Progress.Unit.ROWS)) {
                    return new SourcedBase(archive, temporary.path(), parts.clock())
                            .run(tables.position(), jobs, new Rows(task));
                } catch (TidemarkException e) {
                    if (attempt == ATTEMPTS_MAX || e.kind() != TidemarkException.Kind.FAILED) {
                        throw e;
                    }
                }
            }
        }

        /**
         * Waits.
         *
         * @param sign what moves as long as the services work
         */
        private void await(Supplier<Optional<?>> sign, Supplier<Boolean> isThere, Position position)
                throws IOException, InterruptedException {
            Duration limit =
                    STILL_MAX
                            .plus(parts.segmentLimits().idleAgeMax())
                            .plus(parts.configuration().capture().catalogInterval());
            archive.refresh();
            Optional<?> seen = sign.get();
            long since = System.nanoTime();
            while (!isThere.get()) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                archive.refresh();
                if (!sign.get().equals(seen)) {
                    seen = sign.get();
                    since = System.nanoTime();
                }
                if (System.nanoTime() - since > limit.toNanos()) {
                    throw TidemarkException.failed(
                            "the copy is as of %s, and the archive has not moved for %d min on the way there"
                                    .formatted(position, limit.toMinutes()),
                            "Look why capture or archiver do not go on: 'tidemark info' says how far they are. Then run the"
                                    + " command again.");
                }
            }
        }
    }

    private record Rows(Progress.Task task) implements FoldedBase.Progress {
        @Override
        public void read(long changes) {}

        @Override
        public void wrote(long rows) {
            task.advance(rows);
        }
    }
}

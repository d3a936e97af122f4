package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archiver.base.BaseBuilder;
import dev.tidemark.archiver.base.TableBaseCommitter;
import dev.tidemark.capture.Capture;
import dev.tidemark.capture.prepare.InitLock;
import dev.tidemark.capture.prepare.TableParts;
import dev.tidemark.cli.metrics.ServiceState;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service that takes a new base of each table whose rows the archive does not know any more: a
 * command rewrote them, and they were too large for the source's log. It works beside the capture
 * that has the source's stream, and reads as its role.
 *
 * <p>Runs in its caller's thread until that is interrupted. Nothing counts before it is published;
 * what broke off is begun again from a new snapshot.
 */
final class TableBases {
    private static final Logger log = LoggerFactory.getLogger(TableBases.class);

    /** While the archive is behind a schema change: a window is longer by this at most. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Else: for what another capture or the archiver noticed; each costs a request. */
    private static final Duration LOOK_ANYWAY = Duration.ofSeconds(30);

    /** After a failure: a table that is copied in vain should not be copied again at once. */
    private static final Duration PAUSE_FIRST = Duration.ofSeconds(2);

    private static final Duration PAUSE_MAX = Duration.ofMinutes(15);

    /** A service that runs beside the source's own work should not take all of its disks. */
    private static final int JOBS = 2;

    private final Parts parts;
    private final Capture capture;
    private final ServiceState state;
    private Optional<FileRef> seen = Optional.empty(); // a catalog in which all is known

    /**
     * For the source and the archive of the configuration.
     *
     * @param capture of this process; while it stands by, another one works
     * @param state is told when it fails without ending
     */
    TableBases(Parts parts, Capture capture, ServiceState state) {
        this.parts = parts;
        this.capture = capture;
        this.state = state;
    }

    /**
     * Looks for such tables until this thread is interrupted. What goes wrong is logged and tried
     * again: capture has to go on whatever this one meets.
     */
    void run() throws IOException, InterruptedException {
        seen = Optional.empty();
        try (Archive archive = parts.archive()) {
            long next = System.nanoTime();
            Duration pause = PAUSE_FIRST;
            while (true) {
                if (!capture.isStreaming()) {
                    state.running(); // what failed here is another process' work now
                }
                boolean isDue = System.nanoTime() - next >= 0;
                if (capture.isStreaming() && (isDue || (!isFailing(pause) && isBehind(archive)))) {
                    boolean isDone = lookedSafely(archive, pause);
                    next = System.nanoTime() + (isDone ? LOOK_ANYWAY : pause).toNanos();
                    pause = isDone ? PAUSE_FIRST : longer(pause);
                }
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
        } catch (TidemarkException e) {
            throw TidemarkException.failed(String.valueOf(e.getMessage()), e.hint(), e);
        }
    }

    private static boolean isFailing(Duration pause) {
        return !pause.equals(PAUSE_FIRST);
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
    }

    private boolean lookedSafely(Archive archive, Duration pause) throws InterruptedException {
        try {
            look(archive);
            state.running();
            return true;
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a base was taken");
            }
            state.retrying();
            log.error(
                    "table-bases: {}; trying again in {} s. HINT: {}",
                    e instanceof IOException broken
                            ? TidemarkException.messageOf(broken)
                            : e.getMessage(),
                    pause.toSeconds(),
                    e instanceof TidemarkException said
                            ? said.hint()
                            : "The table stays unknown until then; capture goes on.");
            log.debug("the failure was", e);
            return false;
        }
    }

    /** Has the archive yet to be told of a schema change that was captured? */
    private boolean isBehind(Archive archive) {
        return archive.state()
                .newest()
                .map(newest -> newest.span().to().isBefore(capture.progress().schemaChanged()))
                .orElse(true);
    }

    private void look(Archive archive) throws IOException, InterruptedException {
        List<Table> unknown = unknown(archive);
        while (!unknown.isEmpty() && take(archive, unknown)) {
            unknown = unknown(archive); // one that was rewritten meanwhile is the next one's
        }
    }

    private List<Table> unknown(Archive archive) throws IOException {
        archive.refresh();
        Optional<FileRef> newest = archive.state().catalog();
        if (newest.isEmpty() || newest.equals(seen)) {
            return List.of();
        }
        List<Table> unknown = unknown(archive, newest.get());
        seen = unknown.isEmpty() ? newest : Optional.empty();
        return unknown;
    }

    private static List<Table> unknown(Archive archive, FileRef catalog) throws IOException {
        return Fold.catalog(archive, catalog).tables().stream()
                .filter(table -> table.rewritten() && table.holdsRows())
                .toList();
    }

    /** Was it this service's turn? */
    private boolean take(Archive archive, List<Table> unknown)
            throws IOException, InterruptedException {
        Optional<InitLock> turn = InitLock.tryForTables(parts.source(), parts.names());
        if (turn.isEmpty()) {
            log.info(
                    "a new base of {} waits for one that somebody else takes: a command rewrote the rows",
                    names(unknown));
            return false;
        }
        try (InitLock lock = turn.get();
                TemporaryFolder temporary = parts.temporary("table-bases")) {
            log.info("taking a new base of {}: a command rewrote the rows", names(unknown));
            var committer = new TableBaseCommitter(archive, temporary.path(), parts.clock());
            BaseBuilder base = BaseBuilder.ofTables(archive, temporary.path(), parts.clock());
            List<Long> ids = unknown.stream().map(Table::id).toList();
            TableBaseCommitter.Copied copied =
                    new TableBaseCopy(parts, archive, JOBS, Progress.SILENT)
                            .run(committer, base, session -> TableParts.ofPrepared(session, ids));
            log.info(
                    "copied {} as of {}; waiting for the archive to reach that",
                    names(copied.tables()),
                    copied.position());
            while (!committer.isReached(copied.position())) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
            List<Table> published = committer.publish(copied);
            log.info("published a base of {} as of {}", names(published), copied.position());
            refuseIfThrownAway(archive, unknown, published);
            return true;
        } catch (SQLException e) {
            throw TemporarySnapshot.closed("base", e);
        }
    }

    /** To begin again at once would copy large tables again and again. */
    private static void refuseIfThrownAway(
            Archive archive, List<Table> asked, List<Table> published) throws IOException {
        List<Long> done = published.stream().map(Table::id).toList();
        List<Long> wanted =
                asked.stream().map(Table::id).filter(table -> !done.contains(table)).toList();
        List<Table> left =
                unknown(archive, archive.state().catalog().orElseThrow()).stream()
                        .filter(table -> wanted.contains(table.id()))
                        .toList();
        if (!left.isEmpty()) {
            throw TidemarkException.failed(
                    "the new base of %s does not fit the archive".formatted(names(left)),
                    "Their columns were changed meanwhile, or the archive has yet to be told how.");
        }
    }

    private static List<String> names(List<Table> tables) {
        return tables.stream().map(Table::displayName).toList();
    }
}

package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.cli.CatalogOracle;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.load.Restore;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreProgress;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.replay.load.TargetCheck;
import dev.tidemark.replay.load.Unfinished;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A restore that did not finish leaves its mark, and no such database is taken for a whole one. */
@ExtendWith(RestoreServer.Shared.class)
final class BrokenOffRestoreIT {
    private final RestoreServer server;

    BrokenOffRestoreIT(RestoreServer server) {
        this.server = server;
    }

    @Test
    void aValueThatTheTypeRefusesFailsNamingTableAndLeavesTheMark() throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, SampleSource.SCHEMA);
        Map<Long, List<List<Value>>> broken = SampleSource.baseRows(source);
        broken.put(
                RestoreServer.table(source, "log").id(),
                List.of(List.of(Value.text("not a number"), Value.text("line"))));
        HandmadeArchive archive = SampleSource.archive(server, source, "broken", broken);
        HandmadeArchive.Folded folded = archive.foldLatest();
        Database target = server.newDatabase();

        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> RestoreServer.restore(target, folded, RestoreServer.SILENT));

        assertThat(thrown)
                .hasMessage(
                        "cannot restore into %s: rows of app.log: invalid input syntax for type bigint: \"not a number\""
                                .formatted(target));
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.FAILED);
        assertThat(thrown.hint())
                .isEqualTo(
                        "The database is not complete and marked so. Remove the cause, then go on with --resume, or restore"
                                + " again with --replace --confirm.");
        assertMarked(target, "to latest", "0/3E8");
    }

    @Test
    void aDatabaseWithTheMarkOfABrokenOffRestoreIsRefused() throws Exception {
        HandmadeArchive.Folded folded =
                SampleSource.foldedWithChanges(server, server.newDatabase());
        Database target = server.newDatabase();
        interruptedIn(RestorePhase.ROWS, target, folded);

        RestoreServer.assertRefused(
                target,
                SampleSource.foldedWithChanges(server, server.newDatabase()),
                target
                        + " holds a restore that did not finish: to latest (cut 0/7D0), begun at 2026-11-20T12:00:00Z",
                "Its contents are not complete. Go on with --resume, or restore again with --replace --confirm, or"
                        + " choose another database. One with masks, scripts or chosen rows, or of a part, begins anew.");
    }

    @Test
    void aRestoreThatBreaksOffAtEveryStepGoesOnAndLoadsNoTableTwice() throws Exception {
        Database source = server.newDatabase();
        HandmadeArchive archive = SampleSource.archiveWithChanges(server, source);
        Database atOnce = server.newDatabase();
        RestoreServer.restore(atOnce, archive.foldLatest(), RestoreServer.SILENT);
        Database target = server.newDatabase();
        Map<String, String> files = new HashMap<>();
        int broken = 0;

        Optional<RestoreReport> report = Optional.empty();
        while (report.isEmpty()) {
            broken++;
            report = brokenOffAt(broken, target, archive.foldLatest());
            for (Map.Entry<String, String> loaded : loaded(target, archive).entrySet()) {
                assertThat(files.merge(loaded.getKey(), loaded.getValue(), (old, now) -> old))
                        .as("the file of %s, which each load makes anew", loaded.getKey())
                        .isEqualTo(loaded.getValue());
            }
        }

        assertThat(files).as("tables that were loaded by a run that broke off").hasSize(6);
        assertThat(broken).isGreaterThan(20);
        assertThat(report.get().rows()).isEqualTo(15);
        assertThat(report.get().leftOut()).isEmpty();
        try (Connection there = target.connect();
                Connection once = atOnce.connect()) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                assertThat(fileOf(there, file.getKey())).isEqualTo(file.getValue());
            }
            for (CatalogOracle.Question question : CatalogOracle.ALL) {
                assertThat(CatalogOracle.answers(there, question))
                        .as(question.kind())
                        .isEqualTo(CatalogOracle.answers(once, question));
            }
            for (Table table : RestoreServer.read(once).tables()) {
                assertThat(RowsChecksum.ofTable(there, table))
                        .isEqualTo(RowsChecksum.ofTable(once, table));
            }
        }
    }

    /** All sessions of a run are ended at its n-th step; nothing is returned then. */
    private Optional<RestoreReport> brokenOffAt(
            int step, Database target, HandmadeArchive.Folded folded) throws Exception {
        AtomicInteger steps = new AtomicInteger();
        String end =
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '%s'"
                        .formatted(target.url().database());
        RestoreProgress ending =
                (phase, done, total) -> {
                    if (steps.incrementAndGet() == step) {
                        try (Connection other = server.database("postgres").connect()) {
                            RestoreServer.rows(other, end);
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                };
        try {
            return Optional.of(
                    RestoreServer.restore(
                            target,
                            folded,
                            RestoreOptions.of(2).withStart(RestoreOptions.Start.UNFINISHED),
                            ending));
        } catch (TidemarkException e) {
            assertThat(e.kind()).isEqualTo(TidemarkException.Kind.FAILED);
            return Optional.empty();
        }
    }

    /** The tables that a target says are loaded, each with the file that it is in. */
    private static Map<String, String> loaded(Database target, HandmadeArchive archive)
            throws Exception {
        Map<String, String> files = new HashMap<>();
        try (Connection there = target.connect()) {
            if (RestoreServer.rows(there, "SELECT to_regclass('tidemark_restore.loaded')")
                    .contains("[null]")) {
                return files;
            }
            List<String> ids = RestoreServer.rows(there, "SELECT id FROM tidemark_restore.loaded");
            for (Table table : archive.foldLatest().database().catalog().tables()) {
                if (ids.contains("[" + table.id() + "]")) {
                    files.put(table.displayName(), fileOf(there, table.displayName()));
                }
            }
        }
        return files;
    }

    private static String fileOf(Connection there, String table) throws SQLException {
        return RestoreServer.rows(there, "SELECT pg_relation_filenode('" + table + "')").getFirst();
    }

    @Test
    void onlyTheSameRestoreGoesOn() throws Exception {
        HandmadeArchive archive = SampleSource.archiveWithChanges(server, server.newDatabase());
        Database target = server.newDatabase();
        interruptedIn(RestorePhase.ROWS, target, archive.foldLatest());
        Database otherSource = server.newDatabase();
        RestoreServer.run(otherSource, SampleSource.SCHEMA);
        HandmadeArchive other = SampleSource.archive(server, otherSource, "another");
        RestoreOptions goingOn = RestoreOptions.of(2).withStart(RestoreOptions.Start.UNFINISHED);

        assertRefused(
                target,
                other.foldLatest(),
                goingOn,
                "%s holds a restore that did not finish and has the cut 0/7D0, and this one has 0/3E8",
                "Give --to 0/7D0 to go on with it, or restore again with --replace --confirm.");
        assertRefused(
                target,
                archive.foldLatest(),
                goingOn.withDeciding(Set.of("names are masked")),
                "%s holds another restore that did not finish: of another archive or schema, or with other options",
                "Give the options that it began with; only --jobs, --memory, --priority, --report and --json may be"
                        + " others. Or restore again with --replace --confirm, as always after one with masks, scripts or"
                        + " chosen rows, of a part, or of a drill.");
        RestoreServer.run(
                server.database("postgres"), List.of("CREATE ROLE another_user SUPERUSER LOGIN"));
        assertRefused(
                server.database("another_user", target.url().database()),
                archive.foldLatest(),
                goingOn,
                "%s holds a restore that the user "
                        + server.superuser()
                        + " began, to whom all in it belongs, and this one is run by another_user",
                "Go on as that user: owners and rights are worked out from whose the objects are. Or restore again with"
                        + " --replace --confirm.");
        assertThat(
                        RestoreServer.restore(
                                        target,
                                        archive.foldLatest(),
                                        goingOn.withFirst(Set.of("deal")))
                                .rows())
                .isEqualTo(15);
    }

    @Test
    void aRestoreOfTheLatestGoesOnWhileTheArchiveGrowsAndTakesTheNewerSampleOfSequences()
            throws Exception {
        Database source = server.newDatabase();
        HandmadeArchive archive = SampleSource.archiveWithChanges(server, source);
        Database target = server.newDatabase();
        interruptedIn(RestorePhase.RIGHTS, target, archive.foldLatest());
        archive.laterSegment(
                List.of(
                        HandmadeArchive.change(
                                0,
                                new Entry.Sequences(
                                        """
                                        {"at": "0/BB8", "sequences": [{"id": %d, "last": 5, "called": true},
                                         {"id": %d, "last": 77, "called": true}]}"""
                                                .formatted(
                                                        sequence(source, "person_id_seq"),
                                                        sequence(source, "young_k_seq"))))));

        RestoreServer.restore(
                target,
                archive.fold(new Moment.AtPosition(new Position(2000))),
                RestoreOptions.of(2).withStart(RestoreOptions.Start.UNFINISHED));

        try (Connection there = target.connect()) {
            assertThat(
                            RestoreServer.rows(
                                    there,
                                    "SELECT p.last_value, y.last_value FROM app.person_id_seq p, app.young_k_seq y"))
                    .as("what the rows have at least, and what the sample says")
                    .containsExactly("[33, 77]");
        }
    }

    private static long sequence(Database source, String name) throws SQLException {
        return RestoreServer.read(source).objects().stream()
                .filter(object -> object.sequence().isPresent() && object.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void noneGoesOnWithWhatIsNotADatabaseAsItWas() throws Exception {
        HandmadeArchive archive = SampleSource.archiveWithChanges(server, server.newDatabase());
        Database target = server.newDatabase();
        RestoreOptions once = RestoreOptions.of(2).withStart(RestoreOptions.Start.ONCE);
        Thread runner = Thread.currentThread();
        assertThatThrownBy(
                        () ->
                                RestoreServer.restore(
                                        target,
                                        archive.foldLatest(),
                                        once,
                                        (phase, done, total) -> runner.interrupt()))
                .isInstanceOf(InterruptedException.class);

        assertRefused(
                target,
                archive.foldLatest(),
                RestoreOptions.of(2).withStart(RestoreOptions.Start.UNFINISHED),
                "%s holds another restore that did not finish: of another archive or schema, or with other options",
                "Give the options that it began with; only --jobs, --memory, --priority, --report and --json may be"
                        + " others. Or restore again with --replace --confirm, as always after one with masks, scripts or"
                        + " chosen rows, of a part, or of a drill.");
    }

    @Test
    void twoRunsCannotFillADatabaseAtOnce() throws Exception {
        HandmadeArchive archive = SampleSource.archiveWithChanges(server, server.newDatabase());
        HandmadeArchive.Folded second = archive.foldLatest();
        Database target = server.newDatabase();
        AtomicReference<TidemarkException> refused = new AtomicReference<>();
        AtomicReference<TidemarkException> lookedAt = new AtomicReference<>();
        AtomicBoolean isFirst = new AtomicBoolean(true);
        AtomicReference<String> locked = new AtomicReference<>();
        RestoreProgress starting =
                (phase, done, total) -> {
                    if (phase == RestorePhase.ROWS && isFirst.getAndSet(false)) {
                        locked.set(
                                process(
                                        target,
                                        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 1"));
                        lookedAt.set(
                                catchThrowableOfType(
                                        TidemarkException.class,
                                        () -> TargetCheck.ofDatabase(target, second.base())));
                        refused.set(
                                catchThrowableOfType(
                                        TidemarkException.class,
                                        () ->
                                                RestoreServer.restore(
                                                        target,
                                                        second,
                                                        RestoreOptions.of(2)
                                                                .withStart(
                                                                        RestoreOptions.Start
                                                                                .UNFINISHED))));
                    }
                };

        RestoreReport report = RestoreServer.restore(target, archive.foldLatest(), starting);

        assertThat(report.rows()).isEqualTo(15);
        assertThat(refused.get())
                .hasMessage(
                        "%s is being filled by another restore: process %s of the server"
                                .formatted(target, locked.get()));
        assertThat(lookedAt.get())
                .as("before the long work")
                .hasMessage(refused.get().getMessage());
        assertThat(refused.get().kind()).isEqualTo(TidemarkException.Kind.REFUSED);
    }

    @Test
    void whoDoesNotKnowThatTheRestoreHadEndedIsTold() throws Exception {
        HandmadeArchive archive = SampleSource.archiveWithChanges(server, server.newDatabase());
        HandmadeArchive.Folded folded = archive.foldLatest();
        Database target = server.newDatabase();
        new Restore(target, RestoreOptions.of(2), RestoreServer.SILENT, Clock.systemUTC())
                .recording(RestoreRecord.of(archive.archive(), folded.plan()))
                .run(folded.plan(), Content.of(folded.database()));

        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> Unfinished.refuseFinished(target, archive.archive(), folded.plan()));

        assertThat(thrown)
                .hasMessage(
                        "%s holds a restore that has finished: it is as the source was at 0/7D0"
                                .formatted(target));
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
    }

    @Test
    void whatIsStillAtWorkOfAKilledRunIsNamed() throws Exception {
        HandmadeArchive archive = SampleSource.archiveWithChanges(server, server.newDatabase());
        Database target = server.newDatabase();
        interruptedIn(RestorePhase.ROWS, target, archive.foldLatest());
        try (Connection left = target.connect()) {
            RestoreServer.rows(left, "SELECT pg_advisory_lock_shared(1953064037, 2)::text");
            String pid = RestoreServer.rows(left, "SELECT pg_backend_pid()").getFirst();

            assertRefused(
                    target,
                    archive.foldLatest(),
                    RestoreOptions.of(2).withStart(RestoreOptions.Start.UNFINISHED),
                    "%s still has sessions at work of a restore that was cut off: process "
                            + pid.substring(1, pid.length() - 1)
                            + " of the server",
                    "They end when their statement does. Wait for that, or end them with pg_terminate_backend, then run the"
                            + " same command again. Nothing was changed by this run.");
        }
    }

    @Test
    void whatWasDeclinedIsTriedAgainAndEveryTableIsReadBackAgain() throws Exception {
        HandmadeArchive archive = SampleSource.archiveWithChanges(server, server.newDatabase());
        Database target = server.newDatabase();
        Thread runner = Thread.currentThread();
        RestoreProgress inTheWay =
                (phase, done, total) -> {
                    if (phase == RestorePhase.SCHEMA && done == total) {
                        process(target, "CREATE TABLE app.person_name ()");
                    } else if (phase == RestorePhase.RIGHTS) {
                        process(target, "DROP TABLE app.person_name");
                        runner.interrupt();
                    }
                };
        assertThatThrownBy(() -> RestoreServer.restore(target, archive.foldLatest(), inTheWay))
                .isInstanceOf(InterruptedException.class);
        RestoreOptions goingOn = RestoreOptions.of(2).withStart(RestoreOptions.Start.UNFINISHED);
        RestoreProgress changing =
                (phase, done, total) -> {
                    if (phase == RestorePhase.ROWS) {
                        process(target, "DELETE FROM app.log");
                    }
                };

        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () ->
                                RestoreServer.restore(
                                        target, archive.foldLatest(), goingOn, changing));

        assertThat(thrown)
                .hasMessageContaining(
                        "check of app.log: the restored table app.log has 0 rows with");
        try (Connection there = target.connect()) {
            assertThat(RestoreServer.rows(there, "SELECT 'app.person_name'::regclass::text"))
                    .as("the index that was declined at first")
                    .containsExactly("[app.person_name]");
        }
    }

    /** What a statement answers, or how many rows it changed. */
    private static String process(Database target, String statement) {
        try (Connection other = target.connect();
                Statement run = other.createStatement()) {
            if (!run.execute(statement)) {
                return String.valueOf(run.getUpdateCount());
            }
            try (ResultSet row = run.getResultSet()) {
                row.next();
                return row.getString(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(
            Database target,
            HandmadeArchive.Folded folded,
            RestoreOptions options,
            String message,
            String hint) {
        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> RestoreServer.restore(target, folded, options));
        assertThat(thrown).hasMessage(message.formatted(target));
        assertThat(thrown.hint()).isEqualTo(hint);
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
    }

    @Test
    void anInterruptInAnyPhaseLeavesTheMark() throws Exception {
        for (RestorePhase phase : RestorePhase.values()) {
            HandmadeArchive.Folded folded =
                    SampleSource.foldedWithChanges(server, server.newDatabase());
            Database target = server.newDatabase();

            interruptedIn(phase, target, folded);

            assertMarked(target, "to latest", "0/7D0");
        }
    }

    private static void interruptedIn(
            RestorePhase when, Database target, HandmadeArchive.Folded folded) {
        Thread runner = Thread.currentThread();
        AtomicBoolean isFirst = new AtomicBoolean(true); // progress comes from several threads
        RestoreProgress interrupting =
                (phase, done, total) -> {
                    if (phase == when && isFirst.getAndSet(false)) {
                        runner.interrupt();
                    }
                };
        assertThatThrownBy(() -> RestoreServer.restore(target, folded, interrupting))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    private static void assertMarked(Database target, String moment, String cut)
            throws SQLException {
        try (Connection there = target.connect()) {
            assertThat(
                            RestoreServer.rows(
                                    there, "SELECT moment, cut FROM tidemark_restore.unfinished"))
                    .containsExactly("[" + moment + ", " + cut + "]");
        }
    }
}

package dev.tidemark.replay.rewind;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.fold.RowsMove;
import dev.tidemark.replay.load.DatabaseRecord;
import dev.tidemark.replay.load.RecordedTable;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.replay.load.SqlStates;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One move of one database in one session, that is done or undone as a whole. Used once. */
final class Move {
    private final MoveSession session;
    private final Connection connection;
    private final DatabaseRecord record;
    private final Course course;
    private final RewindOptions options;
    private final ForeignChanges foreign;

    private final List<RewindReport.MovedTable> report = new ArrayList<>();
    private final List<RecordedTable> written = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** Tables that others changed, which may be lost. */
    private final Set<Long> overwritten = new HashSet<>();

    Move(MoveSession session, DatabaseRecord record, Course course, RewindOptions options) {
        this.session = session;
        this.connection = session.connection();
        this.record = record;
        this.course = course;
        this.options = options;
        this.foreign = new ForeignChanges(session.target(), record, course.catalog().tables());
    }

    /**
     * Moves it.
     *
     * @param doubted tables whose rows did not fit in an attempt before this
     * @throws NotAsLeftException with nothing changed, when others' changes show midway
     */
    RewindReport run(Reading reading, Set<Long> doubted) throws SQLException, IOException {
        foreign.checkShapes(connection);
        Map<Long, String> wholes = wholes(doubted);
        MoveRows rows = MoveRows.read(reading, course, wholes);
        connection.setAutoCommit(false);
        lock(rows.tables());
        checkLocked(rows);
        move(rows);
        if (options.views() == RewindOptions.Views.REFRESHED && isChanged()) {
            notes.addAll(MaterializedViews.refresh(connection));
        }
        RestoreRecord whole = RestoreRecord.of(reading.archive(), course.plan());
        DatabaseRecord.write(connection, whole, written);
        MoveSession.checkGoesOn();
        connection.commit();
        report.sort(comparing(RewindReport.MovedTable::name));
        return new RewindReport(record.whole(), whole, report, notes);
    }

    private boolean isChanged() {
        return report.stream().anyMatch(table -> table.taken() + table.put() > 0);
    }

    /** Why tables are to be loaded whole. */
    private Map<Long, String> wholes(Set<Long> doubted) throws SQLException, IOException {
        Map<Long, String> wholes = new HashMap<>(course.net().wholes());
        wholes.keySet().retainAll(record.tables().keySet());
        Set<Long> read = new HashSet<>(doubted);
        if (options.reports() == RewindOptions.Reports.AWAITED) {
            Set<Long> uncounted = foreign.uncounted(connection, record.tables().keySet());
            if (foreign.isQuicklyRead(uncounted)) { // else those that move, once they are locked
                read.addAll(uncounted);
            }
        }
        List<Table> changed = foreign.find(connection, read, Set.of());
        if (!changed.isEmpty() && options.foreign() == RewindOptions.Foreign.REFUSE) {
            throw foreign.refusal(changed);
        }
        for (Table table : changed) {
            overwritten.add(table.id());
            wholes.put(table.id(), "others changed it");
        }
        doubted.forEach(id -> wholes.putIfAbsent(id, "its rows did not fit the changes"));
        for (Table table : course.net().tables()) {
            if (table.stored().isEmpty()) {
                wholes.put(table.id(), "it has no columns");
            }
        }
        return wholes;
    }

    /** From here on nobody else moves the database, or changes rows of what is touched. */
    private void lock(Set<Long> touched) throws SQLException {
        DatabaseRecord.lock(connection, session.target());
        RestoreRecord now = DatabaseRecord.read(connection, session.target()).whole();
        if (!now.equals(record.whole())) {
            throw TidemarkException.refused(
                    "%s was moved to %s by another rewind or follow"
                            .formatted(session.target(), now.position()),
                    "Run the command again if it should go on from there.");
        }
        String names =
                record.tables().values().stream()
                        .filter(table -> touched.contains(table.id()))
                        .map(table -> "ONLY " + table.name())
                        .sorted()
                        .collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            locking(
                    names.replace("ONLY ", ""),
                    () -> session.execute("LOCK TABLE " + names + " IN SHARE ROW EXCLUSIVE MODE"));
        }
    }

    private interface Statements {
        void run() throws SQLException;
    }

    private void locking(String tables, Statements statements) throws SQLException {
        try {
            statements.run();
        } catch (SQLException e) {
            if (SqlStates.isLocked(e)) {
                throw LockedOutException.of(session, tables, e);
            }
            throw e;
        }
    }

    /** What others changed up to the locks shows now, also in tables of which all rows go. */
    private void checkLocked(MoveRows rows) throws SQLException, IOException {
        foreign.checkShapes(connection);
        Set<Long> uncounted = Set.of();
        if (options.reports() == RewindOptions.Reports.AWAITED) {
            Set<Long> moving = rows.tables();
            moving.removeAll(overwritten);
            uncounted = foreign.uncounted(connection, moving);
            if (!foreign.isQuicklyRead(uncounted)) {
                notes.add(OpenReports.look(connection).note());
            }
        }
        List<Table> changed = foreign.find(connection, uncounted, overwritten);
        if (!changed.isEmpty()) {
            throw new NotAsLeftException(
                    changed.stream().map(Table::id).collect(Collectors.toSet()),
                    foreign.changing(changed));
        }
    }

    private void move(MoveRows rows) throws SQLException, IOException {
        Set<Long> touched = rows.tables();
        List<RecordedTable> moving =
                record.tables().values().stream()
                        .filter(table -> touched.contains(table.id()))
                        .toList();
        UnvalidatedChecks checks =
                UnvalidatedChecks.of(
                        connection, moving.stream().map(RecordedTable::relation).toList());
        locking(checks.names(), checks::drop);
        for (RecordedTable table : moving) {
            written.add(moved(table, rows));
        }
        checks.add();
        if (!checks.constraints().isEmpty()) {
            foreign.checkShapes(connection);
        }
        for (RecordedTable table : record.tables().values()) {
            if (!touched.contains(table.id()) && foreign.recounted().contains(table.id())) {
                written.add(table.with(table.checksum(), foreign.counts(table.id())));
            }
        }
        new SequenceMove(session, course.catalog()).run(touched);
    }

    private RecordedTable moved(RecordedTable recorded, MoveRows rows)
            throws SQLException, IOException {
        MoveSession.checkGoesOn();
        Table table = table(recorded.id());
        AlwaysTriggers triggers = AlwaysTriggers.disable(connection, recorded.name());
        TableMove.Moved done = moved(table, recorded.checksum(), rows);
        triggers.enable(connection);
        if (options.check() == RewindOptions.Check.WHOLE_TABLES) {
            check(table, done.now());
        }
        report.add(
                new RewindReport.MovedTable(
                        table.displayName(),
                        done.taken().rows(),
                        done.put().rows(),
                        rows.wholes().getOrDefault(table.id(), ""),
                        done.now()));
        return recorded.with(done.now(), foreign.counts(table.id()));
    }

    private TableMove.Moved moved(Table table, RowsChecksum before, MoveRows rows)
            throws SQLException, IOException {
        TableMove move = new TableMove(connection, table);
        RowsMove differing = rows.differing().get(table.id());
        if (differing == null) {
            return move.reload(rows.there(table.id()));
        }
        try {
            return move.move(differing, before);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw notAsLeft(table, TidemarkException.reason(e), e);
        } catch (SQLException e) {
            throw unlessTaken(table, e, e);
        } catch (RowsInto.CopyFailedException e) { // in the midst of a large one
            throw unlessTaken(table, e.failure(), e);
        }
    }

    private <E extends Exception> E unlessTaken(Table table, SQLException failure, E thrown) {
        if (SqlStates.is(failure, "23505")) { // unique_violation
            throw notAsLeft(table, SqlStates.reason(failure), thrown);
        }
        return thrown;
    }

    private NotAsLeftException notAsLeft(Table table, String reason, Throwable cause) {
        return new NotAsLeftException(
                Set.of(table.id()),
                TidemarkException.refused(
                        "%s is being changed by others: rows of %s are not as Tidemark left them: %s"
                                .formatted(session.target(), table.displayName(), reason),
                        "End the sessions that work in it: pg_stat_activity names them. Nothing was changed.",
                        cause));
    }

    private void check(Table table, RowsChecksum wanted) throws SQLException {
        RowsChecksum there = RowsChecksum.ofTable(connection, table);
        if (!there.equals(wanted)) {
            throw new NotAsLeftException(
                    Set.of(table.id()),
                    TidemarkException.failed(
                            "the table %s has %s, and should have %s"
                                    .formatted(table.displayName(), there, wanted),
                            "Nothing was changed. Restore the moment with 'tidemark restore --replace --confirm', and please"
                                    + " report this."));
        }
    }

    private Table table(long id) {
        return course.catalog().tables().stream()
                .filter(table -> table.id() == id)
                .findFirst()
                .orElseThrow();
    }
}

package dev.tidemark.replay.rewind;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.RowsMove;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.load.DatabaseRecord;
import dev.tidemark.replay.load.RecordedTable;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.replay.load.SchemaPlan;
import dev.tidemark.replay.load.SqlStates;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Moves a database that was restored from an archive to another moment, forwards or backwards, by
 * one transaction that changes the rows which differ and the record of where it is. After a
 * failure, an interrupt or a kill the database is where it was, or where it should be. Others can
 * read it meanwhile. For one thread.
 */
public final class Rewind {
    /** Neither triggers nor rules act. */
    private static final String REPLICA = "SET session_replication_role = replica";

    private static final List<String> SESSION =
            List.of(
                    REPLICA,
                    "SET event_triggers = off",
                    "SET lock_timeout = '10s'"); // others' transactions are to be short

    private final Archive archive;
    private final Path temporary;
    private final Database target;
    private final RewindOptions options;
    private final LongConsumer progress;

    /**
     * Moves one database.
     *
     * @param temporary a folder for files while they are read
     * @param progress hears how many changes were read, again and again
     */
    public Rewind(
            Archive archive,
            Path temporary,
            Database target,
            RewindOptions options,
            LongConsumer progress) {
        this.archive = archive;
        this.temporary = temporary;
        this.target = target;
        this.options = options;
        this.progress = progress;
    }

    /** Where a step led to. */
    public sealed interface Outcome {}

    /** The database is where it should be. */
    public record Moved(RewindReport report) implements Outcome {}

    /**
     * A change of the schema is in the way, and nothing was done.
     *
     * @param first the first transaction with one, if it is known
     */
    public record Blocked(
            Optional<dev.tidemark.archive.parquet.TransactionRecord> first,
            TidemarkException refusal)
            implements Outcome {}

    /**
     * Where a database is.
     *
     * @throws TidemarkException when it was not restored by Tidemark, or is of another source
     */
    public static RestoreRecord where(Archive archive, Database target) {
        try (Connection connection = target.connect()) {
            RestoreRecord whole = DatabaseRecord.read(connection, target).whole();
            whole.checkIsOf(archive, target);
            return whole;
        } catch (SQLException e) {
            throw failed(target, SqlStates.reason(e), e);
        }
    }

    /**
     * Drops the record of where a database is.
     *
     * @return where it was
     */
    public static RestoreRecord promote(Archive archive, Database target) {
        try (Connection connection = target.connect()) {
            RestoreRecord whole = DatabaseRecord.read(connection, target).whole();
            whole.checkIsOf(archive, target);
            connection.setAutoCommit(false);
            DatabaseRecord.lock(connection, target);
            DatabaseRecord.drop(connection);
            connection.commit();
            return whole;
        } catch (SQLException e) {
            throw failed(target, SqlStates.reason(e), e);
        }
    }

    /**
     * Brings the database to a plan's cut.
     *
     * @throws TidemarkException (refused) with nothing changed, when there is no way or others
     *     changed the database; (failed) with nothing changed, or all when the commit's answer was
     *     lost
     */
    public Outcome run(RestorePlan plan) throws IOException {
        try (Connection connection = session()) {
            DatabaseRecord record = DatabaseRecord.read(connection, target);
            record.whole().checkIsOf(archive, target);
            return switch (Course.find(archive, record.whole(), plan, temporary, progress)) {
                case Barrier barrier -> new Blocked(barrier.first(), barrier.refusal());
                case Course course -> new Moved(new Move(connection, record, course).run());
            };
        } catch (SQLException e) {
            throw failed(target, SqlStates.reason(e), e);
        } catch (RowsInto.CopyFailedException e) {
            throw failed(target, SqlStates.reason(e.failure()), e);
        }
    }

    private Connection session() throws SQLException {
        Connection connection = target.connect();
        List<String> settings = new ArrayList<>(SchemaPlan.SESSION);
        settings.addAll(SESSION);
        for (String setting : settings) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(setting);
            } catch (SQLException e) {
                if (!SqlStates.isNotAllowed(e)) {
                    throw e;
                }
                if (setting.equals(REPLICA)) {
                    connection.close();
                    throw TidemarkException.refused(
                            "the user of %s may not set session_replication_role".formatted(target),
                            "Without it triggers and foreign keys would act on the rows that move. Be a superuser, or let one"
                                    + " run GRANT SET ON PARAMETER session_replication_role TO the user.");
                }
            }
        }
        return connection;
    }

    private static TidemarkException failed(Database target, String reason, Throwable cause) {
        return TidemarkException.failed(
                "cannot move %s: %s".formatted(target, reason),
                "The database is where it was, or where it should be if the commit's answer was lost. Remove the cause,"
                        + " and run the command again.",
                cause);
    }

    /** One move of one database in one session. */
    private final class Move {
        private final Connection connection;
        private final DatabaseRecord record;
        private final Course course;
        private final ForeignChanges foreign;
        private final Map<Long, String> wholes;
        private final Map<Long, TableRows> rowsThere = new HashMap<>();

        Move(Connection connection, DatabaseRecord record, Course course) {
            this.connection = connection;
            this.record = record;
            this.course = course;
            this.foreign = new ForeignChanges(target, record, course.catalog().tables());
            this.wholes = new HashMap<>(course.net().wholes());
            wholes.keySet().retainAll(record.tables().keySet());
        }

        RewindReport run() throws SQLException, IOException {
            if (options.reports() == RewindOptions.Reports.AWAITED) {
                ForeignChanges.awaitReports(connection);
            }
            foreign.checkShapes(connection);
            List<Table> changed = foreign.find(connection, Set.of());
            if (!changed.isEmpty() && options.foreign() == RewindOptions.Foreign.REFUSE) {
                throw foreign.refusal(changed);
            }
            changed.forEach(table -> wholes.put(table.id(), "others changed it"));
            for (Table table : course.net().tables()) {
                if (table.stored().isEmpty()) {
                    wholes.put(table.id(), "it has no columns");
                }
            }
            Map<Long, RowsMove> moves = moves();
            fold(moves);
            return move(moves);
        }

        private Map<Long, RowsMove> moves() {
            Map<Long, RowsMove> moves = new HashMap<>();
            for (Table table : course.net().tables()) {
                if (!wholes.containsKey(table.id())) {
                    moves.put(table.id(), course.move(table));
                }
            }
            return moves;
        }

        /** Tables that changes do not lead to the moment are read from the archive as of then. */
        private void fold(Map<Long, RowsMove> moves) throws IOException {
            Set<Long> wanted = new HashSet<>(wholes.keySet());
            moves.values().stream()
                    .filter(RowsMove::isLookingUp)
                    .forEach(move -> wanted.add(move.table().id()));
            boolean isUncertain =
                    course.net().isDoubtful()
                            || course.catalog().tables().stream()
                                    .anyMatch(table -> table.rewritten() && table.holdsRows());
            if (wanted.isEmpty() && !isUncertain) {
                return;
            }
            FoldedDatabase there = folded(wanted);
            there.tables().forEach(rows -> rowsThere.put(rows.table().id(), rows));
            List<String> unknown =
                    there.withoutRows().stream().map(Table::displayName).sorted().toList();
            if (!unknown.isEmpty()) {
                throw TidemarkException.refused(
                        "rows of %s are not known at %s"
                                .formatted(
                                        String.join(", ", unknown), course.plan().cut().position()),
                        "Choose another moment: 'tidemark restore --dry-run' names those around.");
            }
            for (RowsMove move : moves.values()) {
                if (move.isLookingUp()) {
                    move.lookUp(there(move.table().id()));
                }
            }
        }

        private FoldedDatabase folded(Set<Long> wanted) throws IOException {
            Catalog base = Fold.catalog(archive, course.plan().base().catalogThere());
            Set<Long> leftAlone = new HashSet<>();
            base.tables().forEach(table -> leftAlone.add(table.id()));
            course.catalog().tables().forEach(table -> leftAlone.add(table.id()));
            leftAlone.removeAll(wanted);
            return Fold.runKnown(
                    archive, course.plan(), leftAlone, Fold.memory(), temporary, progress);
        }

        private TableRows there(long table) {
            return Objects.requireNonNull(rowsThere.get(table));
        }

        private RewindReport move(Map<Long, RowsMove> moves) throws SQLException, IOException {
            connection.setAutoCommit(false);
            DatabaseRecord.lock(connection, target);
            DatabaseRecord now = DatabaseRecord.read(connection, target);
            if (!now.whole().equals(record.whole())) {
                throw TidemarkException.refused(
                        "%s was moved to %s by another rewind or follow"
                                .formatted(target, now.whole().position()),
                        "Run the command again if it should go on from there.");
            }
            Set<Long> touched = new HashSet<>(moves.keySet());
            touched.addAll(wholes.keySet());
            lock(touched);
            foreign.checkShapes(connection);
            List<Table> changed = foreign.find(connection, wholes.keySet());
            if (!changed.isEmpty()) {
                throw foreign.refusal(changed);
            }
            List<RewindReport.MovedTable> report = new ArrayList<>();
            List<RecordedTable> written = new ArrayList<>();
            for (RecordedTable recorded : record.tables().values()) {
                if (touched.contains(recorded.id())) {
                    written.add(moved(recorded, moves, report));
                } else if (foreign.recounted().contains(recorded.id())) {
                    written.add(recorded.with(recorded.checksum(), foreign.counts(recorded.id())));
                }
            }
            new SequenceMove(connection, course.catalog()).run();
            RestoreRecord whole = RestoreRecord.of(archive, course.plan());
            DatabaseRecord.write(connection, whole, written);
            checkGoesOn();
            connection.commit();
            report.sort(comparing(RewindReport.MovedTable::name));
            return new RewindReport(record.whole(), whole, report);
        }

        private void lock(Set<Long> touched) throws SQLException {
            String names =
                    record.tables().values().stream()
                            .filter(table -> touched.contains(table.id()))
                            .map(table -> "ONLY " + table.name())
                            .sorted()
                            .collect(Collectors.joining(", "));
            if (names.isEmpty()) {
                return;
            }
            try {
                execute("LOCK TABLE " + names + " IN SHARE ROW EXCLUSIVE MODE");
            } catch (SQLException e) {
                if (!SqlStates.isLocked(e)) {
                    throw e;
                }
                throw TidemarkException.refused(
                        "%s is being changed by others: cannot lock %s within 10 s"
                                .formatted(target, names.replace("ONLY ", "")),
                        "End their transactions: pg_stat_activity and pg_locks name them. Nothing was changed.",
                        e);
            }
        }

        private RecordedTable moved(
                RecordedTable recorded,
                Map<Long, RowsMove> moves,
                List<RewindReport.MovedTable> report)
                throws SQLException, IOException {
            Table table = table(recorded.id());
            AlwaysTriggers triggers = AlwaysTriggers.disable(connection, recorded.name());
            TableMove.Moved done = moved(table, recorded.checksum(), moves);
            triggers.enable(connection);
            if (options.check() == RewindOptions.Check.WHOLE_TABLES) {
                check(table, done.now());
            }
            report.add(
                    new RewindReport.MovedTable(
                            table.displayName(),
                            done.taken().rows(),
                            done.put().rows(),
                            wholes.getOrDefault(table.id(), ""),
                            done.now()));
            return recorded.with(done.now(), foreign.counts(table.id()));
        }

        private TableMove.Moved moved(Table table, RowsChecksum before, Map<Long, RowsMove> moves)
                throws SQLException, IOException {
            TableMove move = new TableMove(connection, table);
            RowsMove rows = moves.get(table.id());
            if (rows == null) {
                return move.reload(there(table.id()));
            }
            try {
                return move.move(rows, before);
            } catch (IllegalStateException | IllegalArgumentException e) {
                throw notAsLeft(table, TidemarkException.reason(e), e);
            } catch (SQLException e) {
                if (SqlStates.is(e, "23505")) { // unique_violation
                    throw notAsLeft(table, SqlStates.reason(e), e);
                }
                throw e;
            }
        }

        private TidemarkException notAsLeft(Table table, String reason, Throwable cause) {
            return TidemarkException.refused(
                    "%s was changed by others: rows of %s are not as Tidemark left them: %s"
                            .formatted(target, table.displayName(), reason),
                    "Run the command again in some seconds: the server did not tell of that change yet. Nothing was"
                            + " changed.",
                    cause);
        }

        private void check(Table table, RowsChecksum wanted) throws SQLException {
            RowsChecksum there = RowsChecksum.ofTable(connection, table);
            if (!there.equals(wanted)) {
                throw TidemarkException.failed(
                        "the table %s has %s, and should have %s"
                                .formatted(table.displayName(), there, wanted),
                        "Nothing was changed. Run it with --overwrite-changes, which loads tables that others changed"
                                + " anew.");
            }
        }

        private Table table(long id) {
            return course.catalog().tables().stream()
                    .filter(table -> table.id() == id)
                    .findFirst()
                    .orElseThrow();
        }

        private void execute(String text) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(text);
            }
        }

        private static void checkGoesOn() throws InterruptedIOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while the database was moved");
            }
        }
    }
}

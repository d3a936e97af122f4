package dev.tidemark.replay.load;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.content.Content;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Brings rows alone back, into tables that are there: in one session and one transaction, which
 * keeps other writers of these tables waiting, so that after a failure, an interrupt or a kill
 * nothing has changed. Triggers and rules of the tables do not act; foreign keys are checked
 * afterwards. For one thread; each object restores once.
 */
public final class RowsRestore {
    /** Who waits for a lock lets all who come later wait too: a living application stands still. */
    private static final String LOCK_MAX = "10s";

    /** What is to become of rows that are there. */
    public enum Before {
        /** Then the restore is refused. */
        REQUIRE_EMPTY,
        /** They are deleted. */
        DELETE
    }

    private static final String HINT_ROLE =
            "Restore as a superuser, or let one GRANT SET ON PARAMETER session_replication_role to the user: triggers"
                    + " must not act on rows that come back.";

    /** Says which partitions are left alone: their tables come, and they do not. */
    public interface Others {
        boolean has(String schema, String name);
    }

    /** What rows are to come into. */
    public record Into(Database target, Before before, Others others) {}

    private final Database target;
    private final Before before;
    private final Others others;
    private final RestoreProgress progress;
    private final Clock clock;

    private final Map<Long, TableLoad.Loaded> loaded = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<RestorePhase, Duration> durations = new EnumMap<>(RestorePhase.class);
    private boolean isEnding;

    /** A restore into tables that are there. */
    public RowsRestore(Into into, RestoreProgress progress, Clock clock) {
        this.target = into.target();
        this.before = into.before();
        this.others = into.others();
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * Checks before the long work what {@link #run} checks again.
     *
     * @param catalog with the tables under the names that they have in the target
     * @throws TidemarkException (refused) naming all that is in the way
     */
    public static void check(Into into, Catalog catalog) {
        try (Connection connection = into.target().connect()) {
            Sessions.execute(connection, "SET search_path = pg_catalog");
            ExistingTables.check(
                    into.target(),
                    connection,
                    new ExistingTables.Receiving(
                            catalog.tables().stream().filter(Table::holdsRows).toList(),
                            NewerPartitions.of(connection, catalog, into.others())),
                    into.before());
        } catch (SQLException e) {
            throw TargetCheck.unreadable(into.target(), e);
        }
    }

    /**
     * Does it.
     *
     * @param content used up by this
     * @throws TidemarkException with nothing changed, unless it says that this is not known
     * @throws InterruptedException with nothing changed
     */
    public RestoreReport run(RestorePlan plan, Content content) throws InterruptedException {
        List<Table> tables = content.tables().stream().map(TableRows::table).toList();
        if (tables.isEmpty()) {
            throw TidemarkException.refused(
                    "there are no rows to bring back", "Choose tables that hold rows.");
        }
        try (Sessions sessions = new Sessions(target, 1, SchemaPlan.SESSION)) {
            sessions.run(List.of(session -> transaction(session, content, tables)));
        } catch (ExecutionException e) {
            throw failed(e);
        }
        return report(plan, content);
    }

    private void transaction(Connection session, Content content, List<Table> tables)
            throws SQLException, IOException {
        try {
            Sessions.execute(session, "SET session_replication_role = replica");
        } catch (SQLException e) {
            throw TidemarkException.refused(
                    "the user may not let triggers rest: " + SqlStates.reason(e), HINT_ROLE);
        }
        Sessions.execute(session, "SET lock_timeout = '" + LOCK_MAX + "'");
        session.setAutoCommit(false);
        List<NewerPartitions.Newer> newer = locked(session, content.catalog(), tables);
        ExistingTables.check(target, session, new ExistingTables.Receiving(tables, newer), before);
        progress.begins(List.of());
        phase(RestorePhase.ROWS, () -> rows(session, content.tables(), newer));
        phase(RestorePhase.CHECK, () -> check(session, tables, newer));
        for (Table table : tables) {
            TableLoad.catchUpSequences(session, table); // last: it is not undone
        }
        isEnding = true;
        session.commit();
        isEnding = false;
        session.setAutoCommit(true);
    }

    /** Keeps writers waiting, and whoever would add a partition. */
    private List<NewerPartitions.Newer> locked(
            Connection session, Catalog catalog, List<Table> tables) throws SQLException {
        for (Table root : NewerPartitions.roots(catalog)) {
            if (ExistingTables.isPartitioned(session, root)) {
                lock(session, Quoted.name(root.schema(), root.name()));
            }
        }
        for (Table table : tables.stream().sorted(comparing(Table::id)).toList()) {
            lock(session, Quoted.name(table.schema(), table.name()));
        }
        List<NewerPartitions.Newer> newer = NewerPartitions.of(session, catalog, others);
        for (NewerPartitions.Newer one : newer) {
            lock(session, one.quoted());
        }
        return newer;
    }

    /** Readers go on; the table may have gone since it was looked at. */
    private static void lock(Connection session, String table) throws SQLException {
        Sessions.execute(
                session, "LOCK TABLE ONLY %s IN SHARE ROW EXCLUSIVE MODE".formatted(table));
    }

    private interface Phase {
        void run() throws SQLException, IOException;
    }

    private void phase(RestorePhase phase, Phase work) throws SQLException, IOException {
        Instant start = clock.instant();
        work.run();
        durations.merge(phase, Duration.between(start, clock.instant()), Duration::plus);
    }

    private void rows(Connection session, List<TableRows> tables, List<NewerPartitions.Newer> newer)
            throws SQLException, IOException {
        if (before == Before.DELETE) {
            for (TableRows source : tables) {
                Table table = source.table();
                Sessions.execute(
                        session, "DELETE FROM ONLY " + Quoted.name(table.schema(), table.name()));
            }
            for (NewerPartitions.Newer one : newer) {
                Sessions.execute(session, "DELETE FROM ONLY " + one.quoted());
                warnings.add(
                        one.displayName()
                                + " came after the moment: it was emptied with its table");
            }
        }
        AtomicLong done = new AtomicLong();
        for (TableRows source : tables) {
            loaded.put(
                    source.table().id(),
                    TableLoad.beside(
                            session,
                            source,
                            rows ->
                                    progress.at(
                                            RestorePhase.ROWS, done.addAndGet(rows), done.get())));
        }
    }

    private void check(Connection session, List<Table> tables, List<NewerPartitions.Newer> newer)
            throws SQLException, IOException {
        for (Table table : tables) {
            RowsChecksum there = RowsChecksum.ofTable(session, table);
            if (!there.equals(of(table).checksum())) {
                throw TidemarkException.failed(
                        "the restored table %s has %s, and the archive's rows are %s"
                                .formatted(table.displayName(), there, of(table).checksum()),
                        "A trigger of the table may act always. Disable it meanwhile.");
            }
        }
        List<String> names =
                Stream.concat(
                                tables.stream()
                                        .map(table -> Quoted.name(table.schema(), table.name())),
                                newer.stream().map(NewerPartitions.Newer::quoted))
                        .toList();
        warnings.addAll(ForeignKeyCheck.run(session, names));
    }

    private TableLoad.Loaded of(Table table) {
        TableLoad.Loaded of = loaded.get(table.id());
        if (of == null) {
            throw new IllegalStateException(table.displayName() + " was not loaded");
        }
        return of;
    }

    private TidemarkException failed(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof TidemarkException said
                && said.kind() == TidemarkException.Kind.REFUSED) {
            return said;
        }
        String reason =
                cause instanceof SQLException said
                        ? SqlStates.reason(said)
                        : TidemarkException.reason(cause == null ? e : cause);
        String hint = cause instanceof TidemarkException said ? said.hint() + " " : "";
        return TidemarkException.failed(
                "cannot bring rows back into %s: %s".formatted(target, reason),
                hint
                        + (isEnding
                                ? "It is not known whether the restore took effect: either all rows are there or the"
                                        + " tables are as they were. Look into them."
                                : "No table was changed. Remove the cause, then restore again."),
                e);
    }

    private RestoreReport report(RestorePlan plan, Content content) {
        return new RestoreReport(
                plan.target().toString(),
                plan.cut().position(),
                plan.cut()
                        .last()
                        .map(TransactionRecord::commitTime)
                        .orElse(plan.base().span().lastCommit()),
                plan.cut().next(),
                content.tables().stream()
                        .map(TableRows::table)
                        .map(
                                table ->
                                        new RestoreReport.RestoredTable(
                                                table.displayName(), of(table).checksum()))
                        .sorted(comparing(RestoreReport.RestoredTable::name))
                        .toList(),
                List.of(),
                content.withoutRows().stream().map(Table::displayName).sorted().toList(),
                warnings,
                durations,
                loaded.values().stream().mapToLong(TableLoad.Loaded::bytes).sum());
    }
}

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

    private final Database target;
    private final Before before;
    private final RestoreProgress progress;
    private final Clock clock;

    private final Map<Long, TableLoad.Loaded> loaded = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<RestorePhase, Duration> durations = new EnumMap<>(RestorePhase.class);
    private boolean isEnding;

    /** A restore into tables that are there. */
    public RowsRestore(Database target, Before before, RestoreProgress progress, Clock clock) {
        this.target = target;
        this.before = before;
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * Checks before the long work what {@link #run} checks again.
     *
     * @param catalog with the tables under the names that they have in the target
     * @throws TidemarkException (refused) naming all that is in the way
     */
    public static void check(Database target, Catalog catalog, Before before) {
        try (Connection connection = target.connect()) {
            Sessions.execute(connection, "SET search_path = pg_catalog");
            ExistingTables.check(
                    target,
                    connection,
                    catalog.tables().stream().filter(Table::holdsRows).toList(),
                    before);
        } catch (SQLException e) {
            throw TargetCheck.unreadable(target, e);
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
        for (Table table : tables.stream().sorted(comparing(Table::id)).toList()) {
            lock(session, table);
        }
        ExistingTables.check(target, session, tables, before);
        phase(RestorePhase.ROWS, () -> rows(session, content.tables()));
        phase(RestorePhase.CHECK, () -> check(session, tables));
        for (Table table : tables) {
            TableLoad.catchUpSequences(session, table); // last: it is not undone
        }
        isEnding = true;
        session.commit();
        isEnding = false;
        session.setAutoCommit(true);
    }

    /** Readers go on; the table may have gone since it was looked at. */
    private void lock(Connection session, Table table) throws SQLException {
        Sessions.execute(
                session,
                "LOCK TABLE ONLY %s IN SHARE ROW EXCLUSIVE MODE"
                        .formatted(Quoted.name(table.schema(), table.name())));
    }

    private interface Phase {
        void run() throws SQLException, IOException;
    }

    private void phase(RestorePhase phase, Phase work) throws SQLException, IOException {
        Instant start = clock.instant();
        work.run();
        durations.merge(phase, Duration.between(start, clock.instant()), Duration::plus);
    }

    private void rows(Connection session, List<TableRows> tables) throws SQLException, IOException {
        if (before == Before.DELETE) {
            for (TableRows source : tables) {
                Table table = source.table();
                Sessions.execute(
                        session, "DELETE FROM ONLY " + Quoted.name(table.schema(), table.name()));
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

    private void check(Connection session, List<Table> tables) throws SQLException, IOException {
        for (Table table : tables) {
            RowsChecksum there = RowsChecksum.ofTable(session, table);
            if (!there.equals(of(table).checksum())) {
                throw TidemarkException.failed(
                        "the restored table %s has %s, and the archive's rows are %s"
                                .formatted(table.displayName(), there, of(table).checksum()),
                        "A trigger of the table may act always. Disable it meanwhile.");
            }
        }
        warnings.addAll(ForeignKeyCheck.run(session, tables));
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

package dev.tidemark.replay.load;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.groupingBy;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.FileRef;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

/**
 * Fills an empty database with what an archive says it held at a cut, and reads every row back.
 *
 * <p>The first thing in the database and the last to go is a {@link RestoreMark}: after a failure
 * or an interrupt it is still there, and such a database is refused as a target. For one thread;
 * each object restores once.
 */
public final class Restore {
    /** At least this much of a table's size is guessed for each of its changes. */
    private static final long CHANGE_BYTES = 50;

    private static final List<String> SESSION =
            List.of(
                    "SET synchronous_commit = off", // the mark's end makes all of it durable
                    "SET session_replication_role = replica", // neither triggers nor rules act
                    "SET event_triggers = off");

    private final Database target;
    private final RestoreOptions options;
    private final RestoreProgress progress;
    private final Clock clock;

    private final Map<Long, TableLoad.Loaded> loaded = new ConcurrentHashMap<>();
    private final Map<RestorePhase, Duration> durations = new EnumMap<>(RestorePhase.class);

    /** A restore into an empty database. */
    public Restore(Database target, RestoreOptions options, RestoreProgress progress, Clock clock) {
        this.target = target;
        this.options = options;
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * Checks the target, loads and checks again.
     *
     * @param plan what was folded
     * @param content used up by this
     * @throws TidemarkException (refused) with nothing changed, when the target is not fit for it;
     *     (failed) with the mark in place
     * @throws InterruptedException with the mark in place, after all sessions were cut off
     */
    public RestoreReport run(RestorePlan plan, Content content) throws InterruptedException {
        Catalog catalog = content.catalog();
        List<String> warnings = new ArrayList<>(TargetCheck.ofDatabase(target, catalog));
        SchemaPlan schema = SchemaPlan.of(catalog);
        SchemaRun run = new SchemaRun(catalog);
        try (Sessions sessions = new Sessions(target, options.jobs(), settings())) {
            one(sessions, "the restore's mark", RestoreMark.of(plan, clock.instant())::set);
            phase(RestorePhase.SCHEMA, () -> beforeRows(sessions, schema, run));
            List<TableRows> plain = new ArrayList<>(content.tables());
            plain.removeIf(source -> schema.naming().contains(source.table().id()));
            List<TableRows> naming = new ArrayList<>(content.tables());
            naming.removeAll(plain);
            phase(RestorePhase.ROWS, () -> rows(sessions, plan, run, plain));
            phase(RestorePhase.CONSTRAINTS, () -> afterRows(sessions, run, schema.afterRows()));
            if (!naming.isEmpty()) {
                phase(RestorePhase.ROWS, () -> rows(sessions, plan, run, naming));
            }
            phase(RestorePhase.CONSTRAINTS, () -> afterRows(sessions, run, schema.afterAllRows()));
            one(sessions, "owned sequences", new OwnedSequences(catalog, run)::catchUp);
            phase(RestorePhase.CHECK, () -> check(sessions, catalog, content.tables()));
            RightsRun rights = new RightsRun(catalog, options.rights(), run, progress);
            phase(RestorePhase.RIGHTS, () -> one(sessions, "owners and rights", rights::run));
            List<String> last = new ArrayList<>(schema.last());
            last.addAll(rights.last());
            one(sessions, "the restore's mark", session -> RestoreMark.drop(session, run, last));
        }
        warnings.addAll(run.warnings());
        return report(plan, content, run.leftOut(), warnings);
    }

    private static List<String> settings() {
        List<String> settings = new ArrayList<>(SchemaPlan.SESSION);
        settings.addAll(SESSION);
        return settings;
    }

    private interface Phase {
        void run() throws InterruptedException;
    }

    private void phase(RestorePhase phase, Phase work) throws InterruptedException {
        Instant start = clock.instant();
        work.run();
        durations.merge(phase, Duration.between(start, clock.instant()), Duration::plus);
    }

    private void beforeRows(Sessions sessions, SchemaPlan schema, SchemaRun run)
            throws InterruptedException {
        one(sessions, "roles", run::createRoles);
        int total = schema.beforeRows().size();
        int done = 0;
        for (String statement : schema.beforeRows()) {
            progress.at(RestorePhase.SCHEMA, done++, total);
            one(sessions, run.describe(statement), session -> run.needed(session, statement));
        }
        progress.at(RestorePhase.SCHEMA, total, total);
        one(sessions, "access methods", run::nameOtherAccessMethods);
    }

    private void afterRows(Sessions sessions, SchemaRun run, List<List<String>> batches)
            throws InterruptedException {
        int total = batches.stream().mapToInt(List::size).sum();
        int done = 0;
        for (List<String> batch : batches) {
            progress.at(RestorePhase.CONSTRAINTS, done, total);
            statements(sessions, run, batch);
            done += batch.size();
        }
        progress.at(RestorePhase.CONSTRAINTS, total, total);
    }

    private void statements(Sessions sessions, SchemaRun run, List<String> batch)
            throws InterruptedException {
        List<Sessions.Work> works = new ArrayList<>();
        for (String statement : batch) {
            works.add(named(run.describe(statement), session -> run.run(session, statement)));
        }
        all(sessions, works);
    }

    private void rows(Sessions sessions, RestorePlan plan, SchemaRun run, List<TableRows> tables)
            throws InterruptedException {
        Map<Long, List<FileRef>> files =
                plan.baseFiles().stream().collect(groupingBy(FileRef::table));
        long total = tables.stream().mapToLong(source -> sum(files, source, FileRef::rows)).sum();
        AtomicLong done = new AtomicLong();
        progress.at(RestorePhase.ROWS, 0, total);
        List<TableRows> largestFirst =
                tables.stream()
                        .sorted(
                                comparingLong((TableRows source) -> bytesGuess(files, source))
                                        .reversed())
                        .toList();
        List<Sessions.Work> works = new ArrayList<>();
        for (TableRows source : largestFirst) {
            works.add(
                    named(
                            "rows of " + source.table().displayName(),
                            session ->
                                    load(
                                            session,
                                            run,
                                            source,
                                            rows ->
                                                    progress.at(
                                                            RestorePhase.ROWS,
                                                            done.addAndGet(rows),
                                                            total))));
        }
        all(sessions, works);
    }

    /** Extensions' tables are those of the target, which may have others, and other owners. */
    private void load(Connection session, SchemaRun run, TableRows source, LongConsumer rowsSent)
            throws SQLException, IOException {
        Table table = source.table();
        try {
            loaded.put(table.id(), TableLoad.run(session, source, rowsSent));
        } catch (SQLException e) {
            if (table.extension().isEmpty() || !SqlStates.isDeclined(e)) {
                throw e;
            }
            session.rollback();
            session.setAutoCommit(true);
            run.leaveOut("rows of " + table.displayName() + ": " + SqlStates.reason(e));
        }
    }

    private boolean isLoaded(Table table) {
        return table.extension().isEmpty() || loaded.containsKey(table.id());
    }

    private static long bytesGuess(Map<Long, List<FileRef>> files, TableRows source) {
        return sum(files, source, FileRef::bytes) + source.changes() * CHANGE_BYTES;
    }

    private static long sum(
            Map<Long, List<FileRef>> files, TableRows source, ToLongFunction<FileRef> what) {
        return files.getOrDefault(source.table().id(), List.of()).stream().mapToLong(what).sum();
    }

    /** Reads every table back, and gathers what the query planner wants to know. */
    private void check(Sessions sessions, Catalog catalog, List<TableRows> tables)
            throws InterruptedException {
        long total = loaded.values().stream().mapToLong(of -> of.checksum().rows()).sum();
        AtomicLong done = new AtomicLong();
        progress.at(RestorePhase.CHECK, 0, total);
        List<Sessions.Work> works = new ArrayList<>();
        tables.stream()
                .map(TableRows::table)
                .filter(this::isLoaded)
                .sorted(comparing((Table table) -> of(table).bytes()).reversed())
                .forEach(
                        table ->
                                works.add(
                                        named(
                                                "check of " + table.displayName(),
                                                session -> {
                                                    check(session, table);
                                                    progress.at(
                                                            RestorePhase.CHECK,
                                                            done.addAndGet(
                                                                    of(table).checksum().rows()),
                                                            total);
                                                })));
        all(sessions, works);
        all(
                sessions,
                catalog.tables().stream().filter(Restore::isTree).map(this::analyze).toList());
    }

    private static boolean isTree(Table table) {
        return table.kind().equals("p") && table.parents().isEmpty();
    }

    private Sessions.Work analyze(Table table) {
        return named(
                "statistics of " + table.displayName(),
                session ->
                        Sessions.execute(
                                session, "ANALYZE " + Quoted.name(table.schema(), table.name())));
    }

    private void check(Connection session, Table table) throws SQLException, IOException {
        RowsChecksum there = RowsChecksum.ofTable(session, table);
        if (!there.equals(of(table).checksum())) {
            throw TidemarkException.failed(
                    "the restored table %s has %s, and the archive's rows are %s"
                            .formatted(table.displayName(), there, of(table).checksum()),
                    "Something changed the rows while they were loaded, for example another session. Please report"
                            + " this if there was none.");
        }
        analyze(table).run(session);
    }

    private TableLoad.Loaded of(Table table) {
        TableLoad.Loaded of = loaded.get(table.id());
        if (of == null) {
            throw new IllegalStateException(table.displayName() + " was not loaded");
        }
        return of;
    }

    private void one(Sessions sessions, String what, Sessions.Work work)
            throws InterruptedException {
        all(sessions, List.of(named(what, work)));
    }

    private void all(Sessions sessions, List<Sessions.Work> works) throws InterruptedException {
        try {
            sessions.run(works);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TidemarkException said
                    ? said
                    : failed("the restore", TidemarkException.reason(e), "", e);
        }
    }

    /** A work whose failure says what it was. */
    private Sessions.Work named(String what, Sessions.Work work) {
        return session -> {
            try {
                work.run(session);
            } catch (SQLException e) {
                throw failed(what, SqlStates.reason(e), "", e);
            } catch (IOException e) {
                throw failed(what, TidemarkException.reason(e), "", e);
            } catch (TidemarkException e) {
                throw failed(what, String.valueOf(e.getMessage()), e.hint() + " ", e);
            }
        };
    }

    private TidemarkException failed(String what, String reason, String hint, Throwable cause) {
        return TidemarkException.failed(
                "cannot restore into %s: %s: %s".formatted(target, what, reason),
                hint
                        + "The database is not complete and marked so. Remove the cause, then restore again with"
                        + " --replace --confirm.",
                cause);
    }

    private RestoreReport report(
            RestorePlan plan, Content content, List<String> leftOut, List<String> warnings) {
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
                        .filter(this::isLoaded)
                        .map(
                                table ->
                                        new RestoreReport.RestoredTable(
                                                table.displayName(), of(table).checksum()))
                        .sorted(comparing(RestoreReport.RestoredTable::name))
                        .toList(),
                leftOut,
                content.withoutRows().stream().map(Table::displayName).sorted().toList(),
                warnings,
                durations,
                loaded.values().stream().mapToLong(TableLoad.Loaded::bytes).sum());
    }
}

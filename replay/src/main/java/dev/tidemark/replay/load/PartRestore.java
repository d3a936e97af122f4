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
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings a part of a database back beside what is in another one, which may be in use: in one
 * session and one transaction, so that after a failure, an interrupt or a kill nothing of it is
 * there. No object that is there is altered or locked against its users. Event triggers act as they
 * do for anybody, since a capture of the database may live on them. For one thread; each object
 * restores once.
 */
public final class PartRestore {
    private final Database target;
    private final RestoreOptions options;
    private final RestoreProgress progress;
    private final Clock clock;

    private final Map<Long, TableLoad.Loaded> loaded = new HashMap<>();
    private final Map<RestorePhase, Duration> durations = new EnumMap<>(RestorePhase.class);
    private boolean isEnding;

    /** A restore beside others. */
    public PartRestore(
            Database target, RestoreOptions options, RestoreProgress progress, Clock clock) {
        this.target = target;
        this.options = options;
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * Checks before the long work what {@link #run} checks again.
     *
     * @param part the catalog of what is to come
     * @param implied references of objects that it needs, and nobody asked for
     * @param there the database's catalog
     * @throws TidemarkException (refused) when some of it is there
     */
    public static void check(Database target, Catalog part, Set<String> implied, Catalog there) {
        TargetCheck.ofOthersDatabase(target, part);
        NeedsThere.of(target, part, implied, there);
    }

    /**
     * Does it.
     *
     * @param content used up by this
     * @throws TidemarkException with nothing changed, unless it says that this is not known
     * @throws InterruptedException with nothing changed
     */
    public RestoreReport run(RestorePlan plan, Content content, Set<String> implied, Catalog there)
            throws InterruptedException {
        List<String> warnings =
                new ArrayList<>(TargetCheck.ofOthersDatabase(target, content.catalog()));
        NeedsThere needs = NeedsThere.of(target, content.catalog(), implied, there);
        refuseExtensions(content);
        warnings.addAll(needs.used());
        progress.begins(List.of());
        SchemaRun run = new SchemaRun(needs.catalog());
        try (Sessions sessions = new Sessions(target, 1, SchemaPlan.SESSION)) {
            sessions.run(List.of(session -> transaction(session, needs.catalog(), content, run)));
        } catch (ExecutionException e) {
            throw failed(e);
        }
        warnings.addAll(run.warnings());
        return report(plan, content, run.leftOut(), warnings);
    }

    /** Their rows come into tables that the extension makes, which takes a right of its own. */
    private void refuseExtensions(Content content) {
        content.tables().stream()
                .map(TableRows::table)
                .filter(table -> table.extension().isPresent())
                .findFirst()
                .ifPresent(
                        table -> {
                            throw TidemarkException.refused(
                                    "table %s is one of the extension %s"
                                            .formatted(
                                                    table.displayName(),
                                                    table.extension().orElseThrow()),
                                    "Its rows come back into an empty database only.");
                        });
    }

    private void transaction(Connection session, Catalog catalog, Content content, SchemaRun run)
            throws SQLException, IOException {
        SchemaPlan schema = SchemaPlan.of(catalog);
        session.setAutoCommit(false);
        phase(RestorePhase.SCHEMA, () -> beforeRows(session, schema, run));
        List<TableRows> naming = new ArrayList<>(content.tables());
        naming.removeIf(source -> !schema.naming().contains(source.table().id()));
        List<TableRows> plain = new ArrayList<>(content.tables());
        plain.removeAll(naming);
        phase(RestorePhase.ROWS, () -> rows(session, plain));
        phase(RestorePhase.CONSTRAINTS, () -> afterRows(session, run, schema.afterRows()));
        phase(RestorePhase.ROWS, () -> rows(session, naming));
        phase(RestorePhase.CONSTRAINTS, () -> afterRows(session, run, schema.afterAllRows()));
        new OwnedSequences(catalog, run).catchUp(session);
        phase(RestorePhase.CHECK, () -> check(session, content.tables()));
        RightsRun rights = new RightsRun(catalog, options.rights(), run, progress);
        phase(RestorePhase.RIGHTS, () -> rights.run(session));
        afterRows(session, run, List.of(schema.last(), rights.last()));
        isEnding = true;
        session.commit();
        isEnding = false;
        session.setAutoCommit(true);
    }

    private interface Phase {
        void run() throws SQLException, IOException;
    }

    private void phase(RestorePhase phase, Phase work) throws SQLException, IOException {
        Instant start = clock.instant();
        work.run();
        durations.merge(phase, Duration.between(start, clock.instant()), Duration::plus);
    }

    private void beforeRows(Connection session, SchemaPlan schema, SchemaRun run)
            throws SQLException {
        int total = schema.beforeRows().size();
        int done = 0;
        for (String statement : schema.beforeRows()) {
            progress.at(RestorePhase.SCHEMA, done++, total);
            run.needed(session, statement);
        }
        run.nameOtherStorage(session);
    }

    private void rows(Connection session, List<TableRows> tables) throws SQLException, IOException {
        AtomicLong done = new AtomicLong();
        for (TableRows source : tables) {
            loaded.put(
                    source.table().id(),
                    TableLoad.within(
                            session,
                            source,
                            rows ->
                                    progress.at(
                                            RestorePhase.ROWS, done.addAndGet(rows), done.get())));
        }
    }

    private void afterRows(Connection session, SchemaRun run, List<List<String>> batches)
            throws SQLException {
        int total = batches.stream().mapToInt(List::size).sum();
        int done = 0;
        for (List<String> batch : batches) {
            for (String statement : batch) {
                progress.at(RestorePhase.CONSTRAINTS, done++, total);
                run.run(session, statement);
            }
        }
    }

    private void check(Connection session, List<TableRows> tables)
            throws SQLException, IOException {
        for (TableRows source : tables) {
            Table table = source.table();
            RowsChecksum there = RowsChecksum.ofTable(session, table);
            if (!there.equals(of(table).checksum())) {
                throw TidemarkException.failed(
                        "the restored table %s has %s, and the archive's rows are %s"
                                .formatted(table.displayName(), there, of(table).checksum()),
                        "An event trigger of the database may have changed the table. Please report this if there is"
                                + " none.");
            }
            Sessions.execute(session, "ANALYZE " + Quoted.name(table.schema(), table.name()));
        }
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
                "cannot restore into %s: %s".formatted(target, reason),
                hint
                        + (isEnding
                                ? "It is not known whether the restore took effect: either all of it is there or"
                                        + " nothing. Look for its tables."
                                : "Nothing was changed in the database. Remove the cause, then restore again."),
                e);
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

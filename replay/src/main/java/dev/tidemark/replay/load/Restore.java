package dev.tidemark.replay.load;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.script.UserScript;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Fills an empty database with what an archive says it held at a cut, and reads every row back.
 *
 * <p>The first thing in the database and the last to go is a {@link RestoreMark}: after a failure
 * or an interrupt it is still there, and such a database is refused as a target, unless the same
 * restore is to go on: what is {@link Finished} is not done again then. For one thread; each object
 * restores once.
 */
public final class Restore {
    private static final List<String> SESSION =
            List.of(
                    // What a role or a database sets for applications is not meant for a restore.
                    "SET statement_timeout = 0",
                    "SET lock_timeout = 0",
                    "SET idle_in_transaction_session_timeout = 0",
                    "SET idle_session_timeout = 0",
                    "SET transaction_timeout = 0",
                    RestoreLock.SHARE,
                    "SET synchronous_commit = off", // the mark's end makes all of it durable
                    "SET session_replication_role = replica", // neither triggers nor rules act
                    "SET event_triggers = off");

    private final Database target;
    private final RestoreOptions options;
    private final RestoreProgress progress;
    private final Clock clock;

    private Optional<RestoreRecord> record = Optional.empty();
    private final Reasons reasons;
    private final Map<RestorePhase, Duration> durations = new EnumMap<>(RestorePhase.class);

    /** A restore into an empty database, or into one of which the options let it go on. */
    public Restore(Database target, RestoreOptions options, RestoreProgress progress, Clock clock) {
        this.target = target;
        this.options = options;
        this.progress = progress;
        this.clock = clock;
        this.reasons = new Reasons(target, options);
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
        try (RestoreLock lock = RestoreLock.take(target)) {
            return locked(plan, content);
        }
    }

    private RestoreReport locked(RestorePlan plan, Content content) throws InterruptedException {
        Catalog catalog = content.catalog();
        String identity = RestoreIdentity.of(plan, content, options);
        Unfinished before = Unfinished.in(target, plan, identity, options);
        List<String> warnings = new ArrayList<>(before.check(target, options.asking(catalog)));
        progress.begins(warnings);
        SchemaRun run = new SchemaRun(catalog, before.finished());
        TableWork tables = new TableWork(reasons, run, before.finished(), progress, options.jobs());
        Set<Long> naming = NamingTables.of(catalog);
        SchemaPlan schema = SchemaPlan.of(catalog, first(content, naming, run));
        try (Sessions sessions = new Sessions(target, options.jobs(), settings())) {
            if (before.isThere()) {
                progress.goingOn(before.finished().tables().size(), content.tables().size());
            } else {
                RestoreMark mark = RestoreMark.of(plan, clock.instant());
                one(sessions, "the restore's mark", session -> mark.set(session, identity));
            }
            build(sessions, new Job(plan, content, schema, run, tables));
            RightsRun rights = new RightsRun(catalog, options.rights(), run, progress);
            one(sessions, "row security", rights::enableRowSecurity);
            for (UserScript script : options.scripts()) { // before the user may lose his rights
                one(sessions, "the script " + script.name(), script::run);
            }
            phase(RestorePhase.RIGHTS, () -> one(sessions, "owners and rights", rights::run));
            List<String> last = new ArrayList<>(schema.last());
            last.addAll(rights.last());
            Optional<RestoreMark.NewRecord> kept = kept(content, tables, run);
            one(
                    sessions,
                    "the restore's mark",
                    session -> RestoreMark.drop(session, run, kept, last));
        }
        warnings.addAll(run.warnings());
        return report(plan, content, tables, run.leftOut(), warnings);
    }

    private record Job(
            RestorePlan plan,
            Content content,
            SchemaPlan schema,
            SchemaRun run,
            TableWork tables) {}

    /** All but the rights. */
    private void build(Sessions sessions, Job job) throws InterruptedException {
        SchemaPlan schema = job.schema();
        phase(RestorePhase.SCHEMA, () -> beforeRows(sessions, schema, job.run()));
        List<TableRows> plain = new ArrayList<>(job.content().tables());
        plain.removeIf(source -> schema.naming().contains(source.table().id()));
        List<TableRows> naming = new ArrayList<>(job.content().tables());
        naming.removeAll(plain);
        phase(RestorePhase.ROWS, () -> rows(sessions, job, plain));
        phase(RestorePhase.CONSTRAINTS, () -> afterRows(sessions, job.run(), schema.afterRows()));
        if (!naming.isEmpty()) {
            phase(RestorePhase.ROWS, () -> rows(sessions, job, naming));
        }
        phase(
                RestorePhase.CONSTRAINTS,
                () -> afterRows(sessions, job.run(), schema.afterAllRows()));
        Catalog catalog = job.content().catalog();
        one(sessions, "owned sequences", new OwnedSequences(catalog, job.run())::catchUp);
        phase(
                RestorePhase.CHECK,
                () -> {
                    all(sessions, job.tables().checks(job.content().tables()));
                    all(sessions, job.tables().statistics(catalog.tables()));
                    one(sessions, "a note of the check", TableWork::noteChecked);
                });
    }

    private void rows(Sessions sessions, Job job, List<TableRows> tables)
            throws InterruptedException {
        all(sessions, job.tables().loads(job.plan(), tables, job.schema().early(), sessions));
    }

    /** Those that are wanted first, but what has to wait for the rest of the schema. */
    private Set<Long> first(Content content, Set<Long> naming, SchemaRun run) {
        Set<Long> first = new HashSet<>();
        for (Table table : FirstTables.named(options.first(), content)) {
            if (naming.contains(table.id())) {
                run.warn(
                        "the table %s could not come first: its rows may name objects of the database"
                                .formatted(table.displayName()));
            } else {
                first.add(table.id());
            }
        }
        return first;
    }

    /**
     * Leaves a record of what the database is, in the transaction that makes it usable, if all of
     * it is as in the archive.
     */
    public Restore recording(RestoreRecord whole) {
        record = Optional.of(whole);
        return this;
    }

    private Optional<RestoreMark.NewRecord> kept(Content content, TableWork tables, SchemaRun run) {
        Map<Table, RowsChecksum> checksums = new HashMap<>();
        for (TableRows rows : content.tables()) {
            if (!tables.isLoaded(rows.table())) {
                return Optional.empty();
            }
            checksums.put(rows.table(), tables.of(rows.table()).checksum());
        }
        return content.withoutRows().isEmpty() && run.leftOut().isEmpty()
                ? record.map(whole -> new RestoreMark.NewRecord(whole, checksums))
                : Optional.empty();
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
        one(sessions, "ways of storage", run::nameOtherStorage);
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
            works.add(
                    reasons.naming(
                            run.describe(statement), session -> run.run(session, statement)));
        }
        all(sessions, works);
    }

    private void one(Sessions sessions, String what, Sessions.Work work)
            throws InterruptedException {
        all(sessions, List.of(reasons.naming(what, work)));
    }

    private void all(Sessions sessions, List<Sessions.Work> works) throws InterruptedException {
        try {
            sessions.run(works);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TidemarkException said
                    ? said
                    : reasons.failed("the restore", TidemarkException.reason(e), "", e);
        }
    }

    private RestoreReport report(
            RestorePlan plan,
            Content content,
            TableWork tables,
            List<String> leftOut,
            List<String> warnings) {
        return new RestoreReport(
                plan.target().toString(),
                plan.cut().position(),
                RestoreReport.commitTime(plan),
                plan.cut().next(),
                content.tables().stream()
                        .map(TableRows::table)
                        .filter(tables::isLoaded)
                        .map(
                                table ->
                                        new RestoreReport.RestoredTable(
                                                table.displayName(), tables.of(table).checksum()))
                        .sorted(comparing(RestoreReport.RestoredTable::name))
                        .toList(),
                leftOut,
                content.withoutRows().stream().map(Table::displayName).sorted().toList(),
                warnings,
                durations,
                tables.bytes());
    }
}

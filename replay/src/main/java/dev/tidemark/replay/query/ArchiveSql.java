package dev.tidemark.replay.query;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.fold.UntoldChanges;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.duckdb.LockedDuckDb;
import dev.tidemark.replay.history.Claims;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Answers questions in SQL about one moment of an archive, and about what happened up to then. Of
 * the archive it reads what a question names; what it read it keeps on local disk for the next
 * question. Each question has a DuckDB of its own, in which nothing but these files can be read.
 * For one thread; {@link #cancel} may be called by another.
 */
public final class ArchiveSql {
    /**
     * What is asked about.
     *
     * @param asOf the moment of the tables
     * @param since where histories begin; empty for all that the archive holds
     * @param until where they end
     * @param timeZone by which days of an instant are told
     * @param claims whom rows name that were changed
     */
    public record Asking(
            Target asOf, Optional<Target> since, Target until, String timeZone, Claims claims) {}

    private final Archive archive;
    private final Asking asking;
    private final Path folder;
    private final Consumer<String> warnings;
    private final RestorePlan plan;
    private final SourceTables tables;
    private final RowFiles rows;
    private final Past past;
    private final Map<Long, Set<Integer>> asText = new HashMap<>();
    private final Set<String> said = new HashSet<>();
    private Optional<Untold> untold = Optional.empty();
    private volatile Optional<Course> course = Optional.empty();
    private boolean isAlone; // then rows come in the same order each time, also where none is asked

    private ArchiveSql(
            Archive archive,
            Asking asking,
            Path folder,
            Consumer<String> warnings,
            RestorePlan plan)
            throws IOException {
        this.archive = archive;
        this.asking = asking;
        this.folder = folder;
        this.warnings = warnings;
        this.plan = plan;
        this.tables = SourceTables.of(CatalogWalk.at(archive, plan, folder));
        FetchedFiles fetched = FetchedFiles.in(archive, folder);
        this.rows = RowFiles.in(archive, plan, fetched, folder);
        HistoryWalk.Reading reading =
                new HistoryWalk.Reading(
                        archive, fetched, folder.resolve("history"), asking.claims());
        this.past = new Past(reading, asking, plan, folder);
    }

    /**
     * Finds the moment.
     *
     * @param folder of its own, on local disk; the caller deletes it
     * @param warnings hears what a person should know of an answer, each once
     * @throws TidemarkException when the moment is not in the archive
     */
    public static ArchiveSql open(
            Archive archive, Asking asking, Path folder, Consumer<String> warnings)
            throws IOException {
        RestorePlan plan = new Planner(archive, folder).plan(asking.asOf());
        return new ArchiveSql(archive, asking, folder, warnings, plan);
    }

    /**
     * Answers a question.
     *
     * @throws TidemarkException (usage) when the SQL is wrong; (refused) when it does more than to
     *     ask, names what is not there, or is past the limits
     */
    public Answer ask(String sql, Limits limits) throws IOException {
        return ask(sql, limits, Optional.empty());
    }

    private Answer ask(String sql, Limits limits, Optional<Path> file) throws IOException {
        try (Course begun = Course.start(limits.time())) {
            course = Optional.of(begun);
            return ask(new Asked(sql, limits, begun, new ArrayList<>(), file));
        } finally {
            course = Optional.empty();
        }
    }

    /**
     * Writes an answer as Parquet, with DuckDB's types.
     *
     * @param sql of ours, since nothing is locked for it
     * @param file where nothing is yet
     */
    void write(String sql, Path file, Limits limits) throws IOException {
        Answer unused = ask(sql, limits, Optional.of(file));
    }

    SourceTables tables() {
        return tables;
    }

    RestorePlan plan() {
        return plan;
    }

    /**
     * Answers a question whose answer is to be the same whenever it is asked.
     *
     * @throws TidemarkException as {@link #ask} does, and (refused) when the answer depends on more
     *     than the archive
     */
    public Answer askTwice(String sql, Limits limits) throws IOException {
        isAlone = true;
        Answer answer = ask(sql, limits);
        if (!ask(sql, limits).equals(answer)) {
            throw PresentTime.refusal();
        }
        return answer;
    }

    /** Ends the question that is being answered, if any. */
    public void cancel() {
        course.ifPresent(Course::cancel);
    }

    /** Names that a question may use, of tables. */
    public List<String> tableNames() {
        return tables.names();
    }

    /** The same, of columns, each once. */
    public List<String> columnNames() {
        return tables.columnNames();
    }

    /**
     * A question on its way.
     *
     * @param read the tables that it turned out to read
     * @param file for the answer, if it is to be one
     */
    private record Asked(
            String sql, Limits limits, Course going, List<SourceTable> read, Optional<Path> file) {}

    private Answer ask(Asked asked) throws IOException {
        try {
            return answered(asked);
        } catch (SQLException e) {
            if (asked.going().isEnded()) {
                throw asked.going().ended();
            }
            if (!DuckDbErrors.isConversion(e) || !narrow(asked)) {
                throw DuckDbErrors.of(e);
            }
        }
        try {
            return answered(asked);
        } catch (SQLException e) {
            throw asked.going().isEnded() ? asked.going().ended() : DuckDbErrors.of(e);
        }
    }

    private Answer answered(Asked asked) throws IOException, SQLException {
        try (LockedDuckDb duckDb = open(asked.limits(), LockedDuckDb.Rows.AS_FETCHED)) {
            return answered(duckDb, asked);
        } catch (SQLException e) {
            asked.going().check();
            if (!Answers.isBrokenOff(e)) {
                throw e;
            }
        }
        try (LockedDuckDb duckDb = open(asked.limits(), LockedDuckDb.Rows.AS_A_WHOLE)) {
            return answered(duckDb, asked);
        }
    }

    private Answer answered(LockedDuckDb duckDb, Asked asked) throws IOException, SQLException {
        Question question = Parser.parse(duckDb.session(), asked.sql());
        if (isAlone && question.asksForNow()) {
            throw PresentTime.refusal();
        }
        List<Reference> references = question.read(tables);
        List<Reference> described = question.described(tables);
        prepare(references, asked.going()::check);
        QuestionViews views = new QuestionViews(duckDb, this::narrowed);
        boolean isNames =
                question.asksForNames()
                        || references.stream().anyMatch(Reference.Names.class::isInstance);
        if (isNames) {
            views.addNames(tables.all());
        }
        for (Reference reference : described) {
            views.addColumns(reference);
        }
        for (Reference reference : references) {
            add(views, reference, asked);
        }
        views.addShortNames();
        if (asked.file().isPresent()) {
            return Answers.into(
                    asked.file().get(), duckDb.session(), question.sql(), asked.going());
        }
        duckDb.lock();
        return Answers.of(
                duckDb.session(), question.sql(), asked.limits().rowsMax(), asked.going());
    }

    private LockedDuckDb open(Limits limits, LockedDuckDb.Rows how) throws SQLException {
        LockedDuckDb opened =
                LockedDuckDb.open(
                        folder,
                        new LockedDuckDb.Limits(limits.memoryBytes(), limits.spillBytes()),
                        asking.timeZone(),
                        how);
        if (isAlone) {
            opened.run("SET threads = 1");
        }
        return opened;
    }

    /** Reads what the archive holds of what a question names. */
    private void prepare(List<Reference> references, Runnable goesOn) throws IOException {
        Set<Long> holders = new HashSet<>();
        Set<String> names = new HashSet<>();
        List<SourceTable> told = new ArrayList<>();
        for (Reference reference : references) {
            switch (reference) {
                case Reference.Rows of -> {
                    of.table().otherName().ifPresent(this::warn);
                    for (Table holder : of.table().holders()) {
                        holders.add(holder.id());
                        names.add(holder.displayName());
                    }
                }
                case Reference.History of -> {
                    of.table().otherName().ifPresent(this::warn);
                    if (!told.contains(of.table())) {
                        told.add(of.table());
                    }
                }
                case Reference.Transactions of -> sayHoles();
                case Reference.Names of -> {}
            }
        }
        if (!holders.isEmpty()) {
            requireKnown(names);
            rows.make(holders, goesOn);
        }
        if (!told.isEmpty()) {
            sayHoles();
            past.histories().make(told, goesOn);
            for (SourceTable table : told) {
                sayWhatIsToldOf(table);
            }
        }
    }

    private void sayWhatIsToldOf(SourceTable table) throws IOException {
        Set<Integer> others = past.histories().of(table).otherTypes();
        Set<Integer> known = asText.computeIfAbsent(table.table().id(), any -> new HashSet<>());
        List<SourceColumn> changed =
                table.columns().stream()
                        .filter(column -> others.contains(column.column().id()))
                        .filter(column -> known.add(column.column().id()))
                        .toList();
        if (!changed.isEmpty()) {
            warn(
                    "of %s these columns are text, since they had values of another type in that time: %s"
                            .formatted(table.displayName(), names(changed)));
        }
        if (table.holders().size() > 1 || !table.holders().contains(table.table())) {
            warn(
                    "the history of %s is that of the partitions and heirs that it has at the moment: others that it had before are not in it"
                            .formatted(table.displayName()));
        }
    }

    private static String names(List<SourceColumn> columns) {
        return String.join(", ", columns.stream().map(SourceColumn::name).toList());
    }

    private void requireKnown(Set<String> names) throws IOException {
        if (untold.isEmpty()) {
            untold = Optional.of(UntoldChanges.at(archive, plan, folder));
        }
        Untold part = untold.get().ofPart(names);
        part.requireTables();
        part.uncertain().forEach(this::warn);
        part.note().ifPresent(this::warn);
    }

    private void warn(String warning) {
        if (said.add(warning)) {
            warnings.accept(warning);
        }
    }

    private void sayHoles() throws IOException {
        past.cuts().holes().forEach(this::warn);
    }

    private void add(QuestionViews views, Reference reference, Asked asked)
            throws IOException, SQLException {
        switch (reference) {
            case Reference.Rows of -> {
                asked.read().add(of.table());
                views.addRows(of, rows);
            }
            case Reference.History of -> {
                asked.read().add(of.table());
                views.addHistory(of, past.histories().of(of.table()));
            }
            case Reference.Transactions of ->
                    views.addTransactions(past.transactions().query(asked.going()::check));
            case Reference.Names of -> {}
        }
    }

    private SourceTable narrowed(SourceTable table) {
        return table.withText(asText.getOrDefault(table.table().id(), Set.of()));
    }

    /**
     * Of which columns some value is none of DuckDB's type? They are text from here on.
     *
     * @return are there any?
     */
    private boolean narrow(Asked asked) throws IOException {
        boolean isAny = false;
        try (LockedDuckDb duckDb = open(asked.limits(), LockedDuckDb.Rows.AS_A_WHOLE)) {
            Misfits misfits = new Misfits(duckDb, rows, past.known());
            for (SourceTable table : asked.read()) {
                SourceTable now = narrowed(table);
                List<SourceColumn> unfit = misfits.of(now);
                if (!unfit.isEmpty()) {
                    isAny = true;
                    Set<Integer> ids =
                            asText.computeIfAbsent(table.table().id(), any -> new HashSet<>());
                    unfit.forEach(column -> ids.add(column.column().id()));
                    warn(
                            "of %s these columns are text, since DuckDB's type cannot hold some value: %s"
                                    .formatted(table.displayName(), names(unfit)));
                }
            }
        } catch (SQLException e) {
            throw DuckDbErrors.of(e);
        }
        return isAny;
    }
}

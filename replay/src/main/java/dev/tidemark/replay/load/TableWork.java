package dev.tidemark.replay.load;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.groupingBy;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

/**
 * What is done to single tables of a restore: their rows are loaded and read back, once each,
 * whichever run does it. Its works may run side by side.
 */
final class TableWork {
    /** At least this much of a table's size is guessed for each of its changes. */
    private static final long CHANGE_BYTES = 50;

    /** Below this a table is loaded before more sessions would have begun. */
    private static final long SHARED_ROWS_MIN = 200_000;

    /** One thread reads a table's rows, and makes lines no faster than this many sessions take. */
    private static final int SENDERS_MAX = 3;

    /** What is noted when all tables were read back. */
    static final String CHECKED = "all tables were read back";

    private final Reasons reasons;
    private final SchemaRun run;
    private final boolean isCheckedBefore;
    private final RestoreProgress progress;
    private final int jobs;
    private final Map<Long, TableLoad.Loaded> loaded = new ConcurrentHashMap<>();
    private final Set<Long> checked = ConcurrentHashMap.newKeySet();

    /**
     * @param jobs how many sessions there are
     */
    TableWork(
            Reasons reasons, SchemaRun run, Finished finished, RestoreProgress progress, int jobs) {
        this.jobs = jobs;
        this.reasons = reasons;
        this.run = run;
        this.progress = progress;
        this.isCheckedBefore = finished.has(CHECKED);
        loaded.putAll(finished.tables());
    }

    /**
     * Loads tables, the largest first, but those that are wanted before the others. One that is a
     * large part of all is loaded in several sessions.
     *
     * @param sessions what it borrows more of
     */
    List<Sessions.Work> loads(
            RestorePlan plan, List<TableRows> tables, EarlySteps early, Sessions sessions) {
        Map<Long, List<FileRef>> files =
                plan.baseFiles().stream().collect(groupingBy(FileRef::table));
        Rows rows =
                new Rows(
                        RestorePhase.ROWS,
                        tables.stream().mapToLong(of -> sum(files, of, FileRef::rows)).sum());
        List<TableRows> largestFirst =
                tables.stream()
                        .sorted(
                                comparingLong((TableRows source) -> bytesGuess(files, source))
                                        .reversed())
                        .toList();
        long all = tables.stream().mapToLong(source -> rowsGuess(files, source)).sum();
        List<Sessions.Work> works = new ArrayList<>(first(largestFirst, early, rows));
        for (TableRows source : largestFirst) {
            if (!early.tables().contains(source.table().id()) && !isThere(source, rows)) {
                works.add(
                        reasons.naming(
                                "rows of " + source.table().displayName(),
                                session -> {
                                    int wanted = sessions(files, source, all);
                                    List<Connection> lent =
                                            wanted == 1 || sparesLog(session)
                                                    ? List.of()
                                                    : sessions.lend(wanted - 1);
                                    load(session, lent, source, rows);
                                    sessions.takeBack(lent);
                                }));
            }
        }
        return works;
    }

    /** Of all tables of a phase, how many rows were sent or read. */
    private final class Rows implements LongConsumer {
        private final RestorePhase phase;
        private final long total;
        private final AtomicLong done = new AtomicLong();

        Rows(RestorePhase phase, long total) {
            this.phase = phase;
            this.total = total;
            accept(0);
        }

        @Override
        public void accept(long more) {
            progress.at(phase, done.addAndGet(more), total);
        }
    }

    /** Were its rows loaded by a run that broke off? */
    private boolean isThere(TableRows source, Rows rows) {
        TableLoad.Loaded there = loaded.get(source.table().id());
        if (there != null) {
            rows.accept(there.checksum().rows());
        }
        return there != null;
    }

    /** Each of them goes the whole way in one session; what needs several follows the last. */
    private List<Sessions.Work> first(List<TableRows> tables, EarlySteps early, Rows rows) {
        List<TableRows> first =
                tables.stream().filter(of -> early.tables().contains(of.table().id())).toList();
        AtomicInteger waiting = new AtomicInteger(first.size());
        List<Sessions.Work> works = new ArrayList<>();
        for (TableRows source : first) {
            Table table = source.table();
            works.add(
                    reasons.naming(
                            "the table %s, which is wanted first".formatted(table.displayName()),
                            session -> {
                                if (!isThere(source, rows)) {
                                    load(session, List.of(), source, rows);
                                }
                                run(session, early.ofTables().getOrDefault(table.id(), List.of()));
                                if (isLoaded(table)) {
                                    check(session, table);
                                    progress.readable(table);
                                }
                                if (waiting.decrementAndGet() == 0) {
                                    run(session, early.among());
                                }
                            }));
        }
        return works;
    }

    private void run(Connection session, List<String> statements) throws SQLException {
        for (String statement : statements) {
            run.run(session, statement);
        }
    }

    /** Extensions' tables are those of the target, which may have others, and other owners. */
    private void load(
            Connection session, List<Connection> more, TableRows source, LongConsumer rowsSent)
            throws SQLException, IOException {
        Table table = source.table();
        try {
            loaded.put(table.id(), TableLoad.run(session, more, source, rowsSent));
        } catch (SQLException e) {
            if (table.extension().isEmpty() || !SqlStates.isDeclined(e)) {
                throw e;
            }
            session.rollback();
            session.setAutoCommit(true);
            run.leaveOut("rows of " + table.displayName() + ": " + SqlStates.reason(e));
        }
    }

    /** Only the rows of an extension's table may be missing. */
    boolean isLoaded(Table table) {
        return table.extension().isEmpty() || loaded.containsKey(table.id());
    }

    TableLoad.Loaded of(Table table) {
        TableLoad.Loaded of = loaded.get(table.id());
        if (of == null) {
            throw new IllegalStateException(table.displayName() + " was not loaded");
        }
        return of;
    }

    /** Sent as rows, by all runs. */
    long bytes() {
        return loaded.values().stream().mapToLong(TableLoad.Loaded::bytes).sum();
    }

    private static long bytesGuess(Map<Long, List<FileRef>> files, TableRows source) {
        return sum(files, source, FileRef::bytes) + source.changes() * CHANGE_BYTES;
    }

    private static long rowsGuess(Map<Long, List<FileRef>> files, TableRows source) {
        return sum(files, source, FileRef::rows) + source.changes();
    }

    /** How many sessions load a table, by its part of all rows. */
    private int sessions(Map<Long, List<FileRef>> files, TableRows source, long all) {
        long rows = rowsGuess(files, source);
        if (rows < SHARED_ROWS_MIN || source.table().extension().isPresent()) {
            return 1;
        }
        return Math.clamp(Math.round((double) jobs * rows / all), 1, SENDERS_MAX);
    }

    /** Does the server log no rows of a table that their transaction emptied? */
    private static boolean sparesLog(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SHOW wal_level")) {
            row.next();
            return row.getString(1).equals("minimal");
        }
    }

    private static long sum(
            Map<Long, List<FileRef>> files, TableRows source, ToLongFunction<FileRef> what) {
        return files.getOrDefault(source.table().id(), List.of()).stream().mapToLong(what).sum();
    }

    /**
     * Reads every table back that this run did not yet, and gathers what the query planner wants to
     * know.
     */
    List<Sessions.Work> checks(List<TableRows> tables) {
        List<Table> unchecked =
                tables.stream()
                        .map(TableRows::table)
                        .filter(this::isLoaded)
                        .filter(table -> !checked.contains(table.id()))
                        .sorted(comparing((Table table) -> of(table).bytes()).reversed())
                        .toList();
        Rows rows =
                new Rows(
                        RestorePhase.CHECK,
                        unchecked.stream().mapToLong(table -> of(table).checksum().rows()).sum());
        List<Sessions.Work> works = new ArrayList<>();
        for (Table table : unchecked) {
            // First, since it is the only one that cannot be done in parts.
            works.add(
                    reasons.naming(
                            "statistics of " + table.displayName(),
                            readable(session -> analyze(session, table))));
            for (Sessions.Work part : new TableCheck(table, of(table), jobs).works(rows)) {
                works.add(reasons.naming("check of " + table.displayName(), readable(part)));
            }
        }
        return works;
    }

    /** Notes that all tables were read back, before others than the user may own them. */
    static void noteChecked(Connection session) throws SQLException {
        Sessions.execute(session, Finished.note(CHECKED));
    }

    /**
     * A run that broke off amid the rights may have read all tables back, and given away the right
     * to: then that has to do.
     */
    private Sessions.Work readable(Sessions.Work part) {
        return session -> {
            try {
                part.run(session);
            } catch (SQLException e) {
                if (!isCheckedBefore || !SqlStates.isNotAllowed(e)) {
                    throw e;
                }
            }
        };
    }

    /** At once, in one session. */
    private void check(Connection session, Table table) throws SQLException, IOException {
        List<Sessions.Work> works =
                new ArrayList<>(new TableCheck(table, of(table), 1).works(rows -> {}));
        works.add(one -> analyze(one, table));
        for (Sessions.Work work : works) {
            readable(work).run(session);
        }
        checked.add(table.id());
    }

    private static void analyze(Connection session, Table table) throws SQLException {
        Sessions.execute(session, "ANALYZE " + Quoted.name(table.schema(), table.name()));
    }

    /** What the query planner wants to know of partitioned tables. */
    List<Sessions.Work> statistics(List<Table> tables) {
        return tables.stream()
                .filter(table -> table.kind().equals("p") && table.parents().isEmpty())
                .map(
                        table ->
                                reasons.naming(
                                        "statistics of " + table.displayName(),
                                        readable(session -> analyze(session, table))))
                .toList();
    }
}

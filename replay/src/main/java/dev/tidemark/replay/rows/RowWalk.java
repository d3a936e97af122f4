package dev.tidemark.replay.rows;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.replay.duckdb.LimitedDuckDb;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Follows a choice through the rows of a database: first down from parents to children, round by
 * round, then up from all of these to their parents. What it needs is on local disk; in memory is
 * eight bytes for each chosen row. For one thread.
 */
public final class RowWalk {
    private final RowChoice choice;
    private final Path temporary;
    private final LongConsumer progress;

    /**
     * Prepares it.
     *
     * @param temporary a folder of its own on local disk, which must stay as long as the rows that
     *     come of it are read
     * @param progress hears how many more rows were looked at
     */
    public RowWalk(RowChoice choice, Path temporary, LongConsumer progress) {
        this.choice = choice;
        this.temporary = temporary;
        this.progress = progress;
    }

    /**
     * Follows it.
     *
     * @param sources the tables that are needed; used up by this
     * @throws TidemarkException (refused) when more rows would come than were asked for
     */
    public Chosen run(List<TableRows> sources) throws IOException {
        return choice.references().isEmpty() ? alone(sources) : followed(sources);
    }

    /** Rows that nothing leads from need not be joined. */
    private Chosen alone(List<TableRows> sources) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        List<Chosen.ChosenTable> tables = new ArrayList<>();
        for (TableRows source : sources) {
            Table table = source.table();
            Condition condition = choice.start().get(table.id());
            if (condition != null) {
                Path file = Stage.rows(temporary, table.id());
                long rows = write(source, condition, file, counts);
                if (rows > 0) {
                    long[] places = LongStream.range(0, rows).toArray();
                    tables.add(
                            new Chosen.ChosenTable(
                                    new ChosenRows(table, file, places), rows, true));
                }
            }
        }
        checkCount(counts);
        return chosen(tables);
    }

    private long write(TableRows source, Condition condition, Path file, Map<String, Long> counts)
            throws IOException {
        BaseWriter writer = BaseWriter.create(file, source.table());
        boolean isDone = false;
        try {
            source.rows(
                    row -> {
                        progress.accept(1);
                        if (condition.chooses(row)) {
                            counts.merge(source.table().displayName(), 1L, Long::sum);
                            if (writer.rows() < choice.request().rowsMax()) {
                                writer.add(row);
                            }
                        }
                    });
            isDone = true;
        } finally {
            if (!isDone) {
                writer.discard();
            }
        }
        writer.close();
        return writer.rows();
    }

    private Chosen followed(List<TableRows> sources) throws IOException {
        Path file = temporary.resolve("rows.duckdb");
        try (LimitedDuckDb duckDb = LimitedDuckDb.create(file, temporary)) {
            Stage stage = new Stage(duckDb, choice, temporary, progress);
            stage.fill(sources);
            checkCount(duckDb);
            follow(duckDb, stage);
            return chosen(duckDb);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(temporary.resolve("rows.duckdb.wal"));
        }
    }

    private void follow(LimitedDuckDb duckDb, Stage stage) throws IOException {
        OptionalInt depth =
                choice.request()
                        .related()
                        .map(RowRequest.Related::depth)
                        .orElse(OptionalInt.empty());
        int round = 0;
        for (boolean isMore = true; isMore && (depth.isEmpty() || round < depth.getAsInt()); ) {
            round++;
            isMore = round(duckDb, stage, Direction.DOWN, round, "= " + (round - 1));
        }
        String from = "<= " + round; // then only what the round before found
        for (boolean isMore = true; isMore; from = "= " + round) {
            round++;
            isMore = round(duckDb, stage, Direction.UP, round, from);
        }
    }

    private enum Direction {
        DOWN,
        UP
    }

    /** Takes one step from the rows of some rounds; were there any? */
    private boolean round(
            LimitedDuckDb duckDb, Stage stage, Direction direction, int round, String from)
            throws IOException {
        long found = 0;
        for (Reference reference : choice.references()) {
            boolean isDown = direction == Direction.DOWN;
            Endpoint start = isDown ? reference.parent() : reference.child();
            Endpoint end = isDown ? reference.child() : reference.parent();
            found +=
                    duckDb.update(
                            """
                            INSERT INTO %1$s
                            SELECT DISTINCT %2$d, e.n, %3$d
                              FROM %1$s c
                              JOIN %4$s s ON s.n = c.n
                              JOIN %5$s e ON e.%6$s = s.%7$s
                             WHERE c.t = %8$d AND c.round %9$s
                               AND NOT EXISTS (SELECT 1 FROM %1$s o WHERE o.t = %2$d AND o.n = e.n)
                            """
                                    .formatted(
                                            Stage.CHOSEN,
                                            end.table(),
                                            round,
                                            Stage.keys(start.table()),
                                            Stage.keys(end.table()),
                                            stage.column(end),
                                            stage.column(start),
                                            start.table(),
                                            from));
        }
        checkCount(duckDb);
        return found > 0;
    }

    private void checkCount(LimitedDuckDb duckDb) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        counts(duckDb).forEach((id, rows) -> counts.put(choice.table(id).displayName(), rows));
        checkCount(counts);
    }

    private void checkCount(Map<String, Long> counts) {
        long rows = counts.values().stream().mapToLong(Long::longValue).sum();
        if (rows > choice.request().rowsMax()) {
            throw TidemarkException.refused(
                    "%d rows or more belong to what was asked for: %s"
                            .formatted(
                                    rows,
                                    counts.entrySet().stream()
                                            .map(count -> count.getKey() + " " + count.getValue())
                                            .collect(Collectors.joining(", "))),
                    "At most %d are brought back. Choose fewer rows, go fewer steps with --depth, or raise --rows-max."
                            .formatted(choice.request().rowsMax()));
        }
    }

    private static Map<Long, Long> counts(LimitedDuckDb duckDb) throws IOException {
        Map<Long, Long> counts = new TreeMap<>();
        try (Statement statement = duckDb.session().createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT t, count(*) FROM %s GROUP BY t".formatted(Stage.CHOSEN))) {
            while (rows.next()) {
                counts.put(rows.getLong(1), rows.getLong(2));
            }
            return counts;
        } catch (SQLException e) {
            throw LimitedDuckDb.failed(e);
        }
    }

    private Chosen chosen(LimitedDuckDb duckDb) throws IOException {
        List<Chosen.ChosenTable> tables = new ArrayList<>();
        for (var count : counts(duckDb).entrySet()) {
            long id = count.getKey();
            tables.add(
                    new Chosen.ChosenTable(
                            new ChosenRows(
                                    choice.table(id),
                                    Stage.rows(temporary, id),
                                    places(duckDb, id, Math.toIntExact(count.getValue()))),
                            count.getValue(),
                            choice.start().containsKey(id)));
        }
        return chosen(tables);
    }

    private static Chosen chosen(List<Chosen.ChosenTable> tables) {
        tables.sort(Comparator.comparing(one -> one.table().displayName()));
        return new Chosen(tables);
    }

    private static long[] places(LimitedDuckDb duckDb, long table, int rows) throws IOException {
        long[] places = new long[rows];
        try (Statement statement = duckDb.session().createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT n FROM %s WHERE t = %d ORDER BY n"
                                        .formatted(Stage.CHOSEN, table))) {
            for (int i = 0; row.next(); i++) {
                places[i] = row.getLong(1);
            }
            return places;
        } catch (SQLException e) {
            throw LimitedDuckDb.failed(e);
        }
    }
}

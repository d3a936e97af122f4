package dev.tidemark.replay.rows;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.replay.duckdb.LimitedDuckDb;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Rows on local disk, where they can be joined: each table's rows as PostgreSQL's texts in a file
 * of their own, and what names them, or is named, by their places in that file in a DuckDB table.
 * For one thread.
 */
final class Stage {
    /** The places of rows that are chosen: {@code t} the table's id, {@code n} the place. */
    static final String CHOSEN = LimitedDuckDb.FILE + ".chosen";

    private final LimitedDuckDb duckDb;
    private final RowChoice choice;
    private final Path temporary;
    private final LongConsumer progress;

    Stage(LimitedDuckDb duckDb, RowChoice choice, Path temporary, LongConsumer progress) {
        this.duckDb = duckDb;
        this.choice = choice;
        this.temporary = temporary;
        this.progress = progress;
    }

    /** The DuckDB table of a table. */
    static String keys(long table) {
        return LimitedDuckDb.FILE + ".keys_" + table;
    }

    /** The file of a table's rows. */
    static Path rows(Path temporary, long table) {
        return temporary.resolve("rows-" + table + ".parquet");
    }

    /** The sides of references that a table is, each once. */
    List<Endpoint> endpoints(long table) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Reference reference : choice.references()) {
            for (Endpoint one : List.of(reference.child(), reference.parent())) {
                if (one.table() == table && !endpoints.contains(one)) {
                    endpoints.add(one);
                }
            }
        }
        return endpoints;
    }

    /** The column of a side in its table's DuckDB table. */
    String column(Endpoint endpoint) {
        return "e" + endpoints(endpoint.table()).indexOf(endpoint);
    }

    /** Takes the rows that are needed, and chooses those of the condition. */
    void fill(List<TableRows> sources) throws IOException {
        duckDb.run("CREATE TABLE %s (t BIGINT, n BIGINT, round INTEGER)".formatted(CHOSEN));
        for (TableRows source : sources) {
            if (choice.needed().contains(source.table().id())) {
                fill(source);
            }
        }
    }

    private void fill(TableRows source) throws IOException {
        Table table = source.table();
        List<Endpoint> endpoints = endpoints(table.id());
        StringBuilder columns = new StringBuilder();
        for (int i = 0; i < endpoints.size(); i++) {
            columns.append(", e").append(i).append(" VARCHAR");
        }
        duckDb.run("CREATE TABLE %s (n BIGINT%s)".formatted(keys(table.id()), columns));
        BaseWriter writer = BaseWriter.create(rows(temporary, table.id()), table);
        boolean isDone = false;
        try (Appenders to = new Appenders(duckDb, table.id())) {
            source.rows(row -> take(row, writer, endpoints, to));
            isDone = true;
        } catch (SQLException e) {
            throw LimitedDuckDb.failed(e);
        } finally {
            if (!isDone) {
                writer.discard();
            }
        }
        writer.close();
    }

    private void take(List<Value> row, BaseWriter writer, List<Endpoint> endpoints, Appenders to)
            throws IOException {
        Condition start = choice.start().get(to.table);
        boolean isStart = start != null && start.chooses(row);
        long place = writer.rows();
        writer.add(row);
        to.add(place, endpoints.stream().map(one -> one.key(row)).toList(), isStart);
        progress.accept(1);
    }

    /** Into the tables of DuckDB. */
    private static final class Appenders implements AutoCloseable {
        private final long table;
        private final DuckDBAppender keys;
        private final DuckDBAppender chosen;

        Appenders(LimitedDuckDb duckDb, long table) throws SQLException {
            this.table = table;
            DuckDBConnection session = duckDb.session().unwrap(DuckDBConnection.class);
            keys = session.createAppender(LimitedDuckDb.FILE, "main", "keys_" + table);
            chosen = session.createAppender(LimitedDuckDb.FILE, "main", "chosen");
        }

        void add(long place, List<Optional<String>> fields, boolean isStart) throws IOException {
            try {
                keys.beginRow();
                keys.append(place);
                for (Optional<String> field : fields) {
                    if (field.isPresent()) {
                        keys.append(field.get());
                    } else {
                        keys.appendNull();
                    }
                }
                keys.endRow();
                if (isStart) {
                    chosen.beginRow();
                    chosen.append(table);
                    chosen.append(place);
                    chosen.append(0);
                    chosen.endRow();
                }
            } catch (SQLException e) {
                throw LimitedDuckDb.failed(e);
            }
        }

        @Override
        public void close() throws SQLException {
            try (DuckDBAppender first = keys;
                    DuckDBAppender second = chosen) {
                second.flush();
                first.flush();
            }
        }
    }
}

package dev.tidemark.replay.query;

import dev.tidemark.replay.duckdb.LimitedDuckDb;
import dev.tidemark.replay.duckdb.LockedDuckDb;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Puts what a question names into a DuckDB, before that is locked. For one thread. */
final class QuestionViews {
    private static final String OWN = "main";

    private final LockedDuckDb duckDb;
    private final UnaryOperator<SourceTable> narrowed;
    private final Set<String> schemas = new HashSet<>();
    private final Map<String, String> shortNames = new LinkedHashMap<>(); // and what they stand for
    private boolean hasHistory;

    /**
     * @param narrowed a table with the types that its columns have in SQL
     */
    QuestionViews(LockedDuckDb duckDb, UnaryOperator<SourceTable> narrowed) {
        this.duckDb = duckDb;
        this.narrowed = narrowed;
    }

    /** What is only described; what is read is to be added after it. */
    void addColumns(Reference reference) throws SQLException {
        switch (reference) {
            case Reference.Rows rows -> addRows(rows, Views.noRows(narrowed.apply(rows.table())));
            case Reference.History history ->
                    addHistory(
                            history,
                            new HistoryColumns(narrowed.apply(history.table())).noChanges());
            case Reference.Transactions of -> addTransactions(TransactionFiles.NONE);
            case Reference.Names of -> {}
        }
    }

    void addRows(Reference.Rows rows, RowFiles files) throws SQLException {
        addRows(rows, Views.rows(narrowed.apply(rows.table()), files));
    }

    private void addRows(Reference.Rows rows, String query) throws SQLException {
        SourceTable table = rows.table();
        String path = table.path();
        schema(LimitedDuckDb.name(table.schema()));
        view(path, query);
        if (rows.isShort()) {
            shortNames.put(OWN + "." + LimitedDuckDb.name(table.name()), path);
        }
    }

    void addHistory(Reference.History history, Histories.Made files) throws SQLException {
        addHistory(history, Views.history(narrowed.apply(history.table()), files));
    }

    private void addHistory(Reference.History history, String query) throws SQLException {
        SourceTable table = history.table();
        String path = historyPath(table);
        view(path, query);
        if (history.isShort()) {
            shortNames.put(
                    SourceTables.HISTORY + "." + OWN + "." + LimitedDuckDb.name(table.name()),
                    path);
        }
    }

    private String historyPath(SourceTable table) throws SQLException {
        if (!hasHistory) {
            duckDb.run("ATTACH ':memory:' AS " + SourceTables.HISTORY);
            hasHistory = true;
        }
        schema(SourceTables.HISTORY + "." + LimitedDuckDb.name(table.schema()));
        return SourceTables.HISTORY + "." + table.path();
    }

    void addTransactions(String query) throws SQLException {
        view(OWN + "." + SourceTables.TRANSACTIONS, query);
    }

    /** All tables, to be listed and described; without rows. */
    void addNames(List<SourceTable> tables) throws SQLException {
        for (SourceTable one : tables) {
            SourceTable table = narrowed.apply(one);
            schema(LimitedDuckDb.name(table.schema()));
            duckDb.run("CREATE VIEW %s AS %s".formatted(table.path(), Views.noRows(table)));
        }
        duckDb.run(
                "CREATE VIEW %s.%s AS %s"
                        .formatted(OWN, SourceTables.TRANSACTIONS, TransactionFiles.NONE));
    }

    /** Names without a schema, beside what they stand for. */
    void addShortNames() throws SQLException {
        for (var name : shortNames.entrySet()) {
            view(name.getKey(), "FROM " + name.getValue());
        }
    }

    private void schema(String path) throws SQLException {
        if (schemas.add(path)) {
            duckDb.run("CREATE SCHEMA IF NOT EXISTS " + path);
        }
    }

    private void view(String path, String query) throws SQLException {
        duckDb.run("CREATE OR REPLACE VIEW %s AS %s".formatted(path, query));
    }
}

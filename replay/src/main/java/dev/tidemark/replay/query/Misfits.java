package dev.tidemark.replay.query;

import dev.tidemark.replay.duckdb.LockedDuckDb;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Finds columns with a text that is no value of the type that they would have. */
final class Misfits {
    private final LockedDuckDb duckDb;
    private final RowFiles rows;
    private final Optional<Histories> histories;

    Misfits(LockedDuckDb duckDb, RowFiles rows, Optional<Histories> histories) {
        this.duckDb = duckDb;
        this.rows = rows;
        this.histories = histories;
    }

    /** Those of a table, in all files that were made of it. */
    List<SourceColumn> of(SourceTable table) throws SQLException {
        TreeSet<Integer> places = new TreeSet<>();
        for (Table holder : table.holders()) {
            List<List<String>> checks = new ArrayList<>();
            for (SourceColumn column : table.columns()) {
                checks.add(check(column, SourceTable.in(holder, column)));
            }
            places.addAll(find(rows.of(holder.id()).stream().map(RowFile::path).toList(), checks));
        }
        Optional<Histories.Made> made = histories.flatMap(all -> all.find(table));
        if (made.isPresent()) {
            places.addAll(find(List.of(made.get().changes()), new HistoryColumns(table).misfits()));
            for (BaseRows base : made.get().bases()) {
                List<List<String>> checks = new ArrayList<>();
                for (SourceColumn column : table.columns()) {
                    checks.add(check(column, base.in(column)));
                }
                places.addAll(find(base.files(), checks));
            }
        }
        return places.stream().map(table.columns()::get).toList();
    }

    private static List<String> check(SourceColumn column, Optional<Column> stored) {
        return column.type().isText() || stored.isEmpty()
                ? List.of()
                : List.of(column.type().misfit(Views.stored(stored.get())));
    }

    /** The places of checks that are true somewhere. */
    private List<Integer> find(List<Path> files, List<List<String>> checks) throws SQLException {
        List<Integer> asked = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            if (!checks.get(i).isEmpty()) {
                asked.add(i);
                fields.add(
                        "coalesce(bool_or(%s), false)"
                                .formatted(String.join(" OR ", checks.get(i))));
            }
        }
        List<Integer> found = new ArrayList<>();
        if (files.isEmpty() || fields.isEmpty()) {
            return found;
        }
        String sql = "SELECT %s FROM %s".formatted(String.join(", ", fields), Views.read(files));
        try (Statement statement = duckDb.session().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            for (int i = 0; i < asked.size(); i++) {
                if (row.getBoolean(i + 1)) {
                    found.add(asked.get(i));
                }
            }
        }
        return found;
    }
}

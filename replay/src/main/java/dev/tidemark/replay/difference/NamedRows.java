package dev.tidemark.replay.difference;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.replay.rows.InsertScript.Naming;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows that updates let go of, or come to, by foreign keys; and the rows that these name. They have
 * to be there while the updates are made. Keeps what names them in memory. For one thread.
 */
final class NamedRows {
    private final List<Naming> namings;
    private final NamingFields fields = new NamingFields();
    private final Map<Naming, Set<List<Value>>> named = new HashMap<>();

    NamedRows(List<Naming> namings) {
        this.namings = List.copyOf(namings);
    }

    /** An update: what it has on the one side that it has not on the other is named. */
    void update(Table table, List<Value> row, List<Value> other) {
        for (Naming naming : namings) {
            if (naming.child() == table.id()) {
                List<Value> values = fields.of(table, naming.columns(), row);
                if (!values.equals(fields.of(table, naming.columns(), other))) {
                    name(naming, values);
                }
            }
        }
    }

    /** Is anything more named since? NULL names nothing. */
    private boolean name(Naming naming, List<Value> values) {
        return !values.contains(Value.Mark.NULL)
                && named.computeIfAbsent(naming, any -> new HashSet<>()).add(values);
    }

    /**
     * What is named names others in its turn.
     *
     * @param childrenFirst rows of tables; those of a group name each other
     */
    void spread(List<List<TableRows>> childrenFirst) throws IOException {
        for (List<TableRows> group : childrenFirst) {
            boolean isMore = true;
            while (isMore) {
                isMore = false;
                for (TableRows table : group) {
                    isMore |= spread(table);
                }
                isMore &= isOfItself(group);
            }
        }
    }

    private boolean isOfItself(List<TableRows> group) {
        List<Long> ids = group.stream().map(rows -> rows.table().id()).toList();
        return namings.stream()
                .anyMatch(one -> ids.contains(one.child()) && ids.contains(one.parent()));
    }

    private boolean spread(TableRows rows) throws IOException {
        Table table = rows.table();
        List<Naming> further = namings.stream().filter(one -> one.child() == table.id()).toList();
        if (further.isEmpty() || !isAnyNamed(table)) {
            return false;
        }
        List<Naming> more = new ArrayList<>();
        rows.rows(
                row -> {
                    if (isNamed(table, row)) {
                        for (Naming naming : further) {
                            if (name(naming, fields.of(table, naming.columns(), row))) {
                                more.add(naming);
                            }
                        }
                    }
                });
        return !more.isEmpty();
    }

    private boolean isAnyNamed(Table table) {
        return named.keySet().stream().anyMatch(one -> one.parent() == table.id());
    }

    /** Is a row of a table one of them? */
    boolean isNamed(Table table, List<Value> row) {
        return named.entrySet().stream()
                .filter(one -> one.getKey().parent() == table.id())
                .anyMatch(
                        one ->
                                one.getValue()
                                        .contains(
                                                fields.of(
                                                        table, one.getKey().parentColumns(), row)));
    }
}

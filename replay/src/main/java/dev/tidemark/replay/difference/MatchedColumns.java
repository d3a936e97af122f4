package dev.tidemark.replay.difference;

import dev.tidemark.archive.merge.KeyOrder;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * In which columns the rows of a table are compared: those that both moments have, and those that
 * only the later one has. A column that was dropped on the way is a difference of the schema, and
 * not of each row.
 *
 * @param key places in {@code columns} of those that name a row at both; empty when there are none
 */
record MatchedColumns(List<ColumnPair> columns, List<Integer> key) {
    /** Which of the two moments is the later one. */
    enum Later {
        FROM,
        TO
    }

    /** By what a column of one is known in the other. */
    enum Match {
        /** The source's own number, of one cluster. */
        NUMBER,
        /** Its name: of another cluster. */
        NAME;

        OptionalInt place(Column column, List<Column> others) {
            return IntStream.range(0, others.size())
                    .filter(i -> isSame(column, others.get(i)))
                    .findFirst();
        }

        private boolean isSame(Column one, Column other) {
            return switch (this) {
                case NUMBER -> one.id() == other.id();
                case NAME -> one.name().equals(other.name());
            };
        }
    }

    MatchedColumns {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /** Those of a table. */
    static MatchedColumns of(TablePair pair, Match match, Later later) {
        Table from = pair.from().or(pair::to).orElseThrow();
        Table to = pair.table();
        List<Column> stored = from.stored();
        List<ColumnPair> columns = new ArrayList<>();
        for (int i = 0; i < to.stored().size(); i++) {
            Column column = to.stored().get(i);
            OptionalInt place = match.place(column, stored);
            if (place.isPresent() || later == Later.TO) {
                columns.add(
                        new ColumnPair(
                                column, place.orElse(ColumnPair.NOWHERE), i, missing(column)));
            }
        }
        for (int i = 0; i < stored.size(); i++) {
            boolean isGone = match.place(stored.get(i), to.stored()).isEmpty();
            if (isGone && later == Later.FROM) {
                Column column = stored.get(i);
                columns.add(new ColumnPair(column, i, ColumnPair.NOWHERE, missing(column)));
            }
        }
        return new MatchedColumns(columns, key(columns, from, to));
    }

    private static Value missing(Column column) {
        return column.missing().map(Value::text).orElse(Value.Mark.NULL);
    }

    /** Only where the same columns name a row at both. */
    private static List<Integer> key(List<ColumnPair> columns, Table from, Table to) {
        List<Integer> key = new ArrayList<>();
        for (int id : to.key()) {
            IntStream.range(0, columns.size())
                    .filter(i -> columns.get(i).mayBeOfKey() && columns.get(i).column().id() == id)
                    .forEach(key::add);
        }
        List<Integer> keyThere =
                key.stream()
                        .map(place -> from.stored().get(columns.get(place).from()).id())
                        .sorted()
                        .toList();
        boolean isSame =
                key.size() == to.key().size()
                        && keyThere.equals(from.key().stream().sorted().toList());
        return isSame ? key : List.of();
    }

    List<Column> all() {
        return columns.stream().map(ColumnPair::column).toList();
    }

    /** A row of the first moment, in these columns. */
    List<Value> ofFrom(List<Value> row) {
        return columns.stream().map(column -> column.ofFrom(row)).toList();
    }

    /** A row of the second moment, in these columns. */
    List<Value> ofTo(List<Value> row) {
        return columns.stream().map(column -> column.ofTo(row)).toList();
    }

    /** The key of a row that is in these columns. */
    List<Value> keyOf(List<Value> row) {
        return key.stream().map(row::get).toList();
    }

    /** How rows are ordered by it; empty without a key. */
    Optional<KeyOrder> order() {
        return key.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        KeyOrder.of(
                                key.stream().map(place -> columns.get(place).column()).toList()));
    }
}

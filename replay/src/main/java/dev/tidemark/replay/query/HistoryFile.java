package dev.tidemark.replay.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes what happened to the rows of one table, in commit order, as {@link HistoryColumns} has it.
 * For one thread.
 */
final class HistoryFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The transaction of a change, and who acts in it. */
    record By(TransactionRecord transaction, Actor actor) {}

    private static final Value KEY_KNOWN = Value.text("key");
    private static final Value ALL_KNOWN = Value.text("full");

    private final List<SourceColumn> columns;
    private final BaseWriter file;
    private final Map<Table, int[]> places = new HashMap<>();
    private final Set<Integer> otherTypes = new HashSet<>();
    private long number;

    private HistoryFile(SourceTable table, BaseWriter file) {
        this.columns = table.columns();
        this.file = file;
    }

    /** Starts one, which must not exist. */
    static HistoryFile create(Path path, SourceTable table) throws IOException {
        return new HistoryFile(table, BaseWriter.create(path, new HistoryColumns(table).file()));
    }

    /** For the rows of a base, which count as one. */
    long nextNumber() {
        return ++number;
    }

    /** The columns, by id, that had values of a type which theirs of the moment does not hold. */
    Set<Integer> otherTypes() {
        return Set.copyOf(otherTypes);
    }

    /** Hears of rows in a version of the table that are not written here. */
    void sees(Table holder, Map<Integer, Integer> ids) {
        int[] unused = places.computeIfAbsent(holder, any -> places(holder, ids));
    }

    /**
     * Takes a change of a row.
     *
     * @param holder the table in the change's version
     * @param ids of the holder's columns, by those of the table whose history it is
     */
    void add(By by, Entry.Row row, Table holder, Map<Integer, Integer> ids) throws IOException {
        int[] from = places.computeIfAbsent(holder, any -> places(holder, ids));
        List<Value> before = before(row, holder, from);
        List<Value> after =
                switch (row.operation()) {
                    case DELETE -> before;
                    case INSERT, REWRITE -> picked(row.after(), from);
                    case UPDATE -> completed(picked(row.after(), from), before);
                };
        String type = row.operation().name().toLowerCase(Locale.ROOT);
        write(by, type, known(row), after, before);
    }

    /** Takes that all rows went. */
    void addTruncate(By by) throws IOException {
        List<Value> nothing = Collections.nCopies(columns.size(), Value.Mark.NULL);
        write(by, "truncate", Value.Mark.NULL, nothing, nothing);
    }

    private int[] places(Table holder, Map<Integer, Integer> ids) {
        List<Integer> stored = holder.stored().stream().map(Column::id).toList();
        int[] from =
                columns.stream()
                        .mapToInt(
                                column ->
                                        stored.indexOf(ids.getOrDefault(column.column().id(), -1)))
                        .toArray();
        for (int i = 0; i < from.length; i++) {
            SourceColumn column = columns.get(i);
            if (from[i] >= 0 && !column.holds(holder.stored().get(from[i]).type())) {
                otherTypes.add(column.column().id());
            }
        }
        return from;
    }

    /** A column that was not there yet, or not any more, had no value. */
    private static List<Value> picked(List<Value> row, int[] from) {
        return Arrays.stream(from)
                .mapToObj(place -> place < 0 ? Value.Mark.NULL : row.get(place))
                .toList();
    }

    private static Value known(Entry.Row row) {
        boolean isNew = row.operation() != Operation.UPDATE && row.operation() != Operation.DELETE;
        if (isNew) {
            return Value.Mark.NULL;
        }
        return row.image() == BeforeImage.FULL ? ALL_KNOWN : KEY_KNOWN;
    }

    private List<Value> before(Entry.Row row, Table holder, int[] from) {
        if (row.image() != BeforeImage.NONE) {
            return picked(row.before(), from);
        }
        if (row.operation() != Operation.UPDATE) {
            return Collections.nCopies(columns.size(), Value.Mark.NULL);
        }
        // The source sends the row before when its key changes: here it did not.
        List<Value> key = new ArrayList<>();
        for (int place : from) {
            boolean isKey = place >= 0 && holder.key().contains(holder.stored().get(place).id());
            key.add(isKey ? row.after().get(place) : Value.Mark.UNKNOWN);
        }
        return key;
    }

    private static List<Value> completed(List<Value> after, List<Value> before) {
        List<Value> completed = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            completed.add(after.get(i) == Value.Mark.UNCHANGED ? before.get(i) : after.get(i));
        }
        return completed;
    }

    private void write(By by, String type, Value known, List<Value> after, List<Value> before)
            throws IOException {
        TransactionRecord transaction = by.transaction();
        List<Value> line = new ArrayList<>();
        line.add(Value.text(type));
        line.add(Value.text(transaction.commitTime().toString()));
        line.add(Value.text(transaction.position().toString()));
        line.add(Value.text(Long.toString(transaction.xid())));
        line.add(Value.text(by.actor().name().orElse(TransactionContext.UNKNOWN)));
        line.add(Value.text(by.actor().known().name().toLowerCase(Locale.ROOT)));
        line.add(Value.text(Long.toString(++number)));
        line.add(known);
        line.add(unknown(after));
        after.forEach(value -> line.add(stored(value)));
        before.forEach(value -> line.add(stored(value)));
        file.add(line);
    }

    private static Value stored(Value value) {
        return value instanceof Value.Mark ? Value.Mark.NULL : value;
    }

    private Value unknown(List<Value> after) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            if (!after.get(i).isKnown()) {
                names.add(columns.get(i).name());
            }
        }
        try {
            return Value.text(JSON.writeValueAsString(names));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("names are texts", e);
        }
    }

    Path close() throws IOException {
        return file.close();
    }

    /** Leaves no trace. */
    void discard() throws IOException {
        file.discard();
    }
}

package dev.tidemark.replay.history;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who set each field of a row last.
 *
 * @param table its name as of then
 * @param key as it was asked for
 * @param end what the row ended with, when it is gone: the fields are those that it had before
 * @param fields in the table's order; none when there was no such row
 * @param isOlder may there have been such a row that cannot be told with this key?
 * @param notes what a reader has to know to trust it
 */
public record Blame(
        String table,
        List<String> key,
        Optional<RowChange> end,
        List<BlamedField> fields,
        boolean isOlder,
        List<String> notes) {
    public Blame {
        key = List.copyOf(key);
        fields = List.copyOf(fields);
        notes = List.copyOf(notes);
    }

    /**
     * A field, and who set it.
     *
     * @param value empty for NULL, and when it is not known
     * @param set empty when it is as in the oldest base
     * @param before the time of that base
     * @param isSure is it known that the field was another one before? Without a full before-image
     *     it may have been the same
     */
    public record BlamedField(
            String column,
            Optional<String> value,
            boolean isKnown,
            Optional<Setter> set,
            Optional<Instant> before,
            boolean isSure) {}

    /**
     * What set a field.
     *
     * @param xid the source's id of the transaction; 0 for BASE
     */
    public record Setter(
            Instant time, Position position, long xid, Actor actor, String operation) {}

    /** Of the row at the end of its line. */
    static Blame of(LifeLine line, List<String> key) {
        List<LineEntry> entries = line.entries();
        Optional<Map<Integer, Value>> row = line.row();
        List<Column> columns = line.table().stored();
        Optional<RowChange> end = Optional.empty();
        if (row.isEmpty() && !entries.isEmpty()) {
            LineEntry last = entries.getLast();
            end = Optional.of(RowHistory.change(last, Set.of(), Optional.empty()));
            entries = entries.subList(0, entries.size() - 1);
            row = last.before();
            columns = last.table().stored();
        }
        List<BlamedField> fields = new ArrayList<>();
        if (row.isPresent()) {
            for (Column column : columns) {
                Value value = row.get().getOrDefault(column.id(), Value.Mark.UNKNOWN);
                fields.add(field(column, value, entries, line.begin()));
            }
        }
        return new Blame(
                line.table().displayName(), key, end, fields, line.isOlder(), line.notes());
    }

    private static BlamedField field(
            Column column, Value value, List<LineEntry> entries, Optional<Instant> begin) {
        int newest = entries.isEmpty() ? 0 : entries.getLast().stretch();
        for (LineEntry entry : entries.reversed()) {
            Optional<LineEntry.Field> found =
                    entry.fields().stream()
                            .filter(field -> isSame(field.column(), entry, column, newest))
                            .findFirst();
            boolean isLost = entry.operation().equals("REWRITE") && entry.fields().isEmpty();
            if (found.isPresent() || entry.isBirth() || isLost) {
                boolean isSure =
                        entry.isBirth()
                                || found.filter(field -> field.before().isKnown()).isPresent();
                return of(column, value, Optional.of(setter(entry)), Optional.empty(), isSure);
            }
        }
        return of(column, value, Optional.empty(), begin, begin.isPresent());
    }

    /** Columns of another stretch may have other numbers: it may be another cluster's. */
    private static boolean isSame(Column one, LineEntry entry, Column column, int newest) {
        return entry.stretch() == newest
                ? one.id() == column.id()
                : one.name().equals(column.name());
    }

    private static BlamedField of(
            Column column,
            Value value,
            Optional<Setter> set,
            Optional<Instant> before,
            boolean isSure) {
        return new BlamedField(
                column.name(), Fields.text(value), value.isKnown(), set, before, isSure);
    }

    private static Setter setter(LineEntry entry) {
        return new Setter(
                entry.time(), entry.position(), entry.xid(), entry.actor(), entry.operation());
    }
}

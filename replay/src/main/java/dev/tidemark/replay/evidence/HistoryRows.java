package dev.tidemark.replay.evidence;

import dev.tidemark.replay.evidence.AnswerRows.Column;
import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.replay.history.History;
import dev.tidemark.replay.history.RowChange;
import dev.tidemark.replay.history.RowField;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;

/** A row's history as the rows of an answer: one for each field of each change. */
public final class HistoryRows {
    private static final List<Column> OF_ROW =
            List.of(new Column("table", RowMaker.TEXT), new Column("key", RowMaker.TEXT));
    private static final Column VALUE = new Column("value", RowMaker.TEXT);
    private static final List<Column> OF_VERSION =
            List.of(FieldColumns.FIELD, VALUE, Column.whatIs(VALUE));

    private HistoryRows() {}

    /** The fields that changed, before and after. A change without any is one row without field. */
    public static AnswerRows changes(History history) {
        return changes(history.changes(), history.isMore());
    }

    /** The same of changes of different rows. */
    public static AnswerRows changes(List<RowChange> changes, boolean isMore) {
        List<List<Value>> rows = new ArrayList<>();
        for (RowChange change : changes) {
            if (change.fields().isEmpty()) {
                rows.add(about(change).nothing(FieldColumns.ALL.size()).row());
            }
            for (ChangedField field : change.fields()) {
                rows.add(row(change, field));
            }
        }
        return new AnswerRows(columns(FieldColumns.ALL), rows, isMore);
    }

    /** The whole row after each change. */
    public static AnswerRows versions(History history) {
        List<List<Value>> rows = new ArrayList<>();
        for (RowChange change : history.changes()) {
            List<RowField> fields = change.row().orElse(List.of());
            if (fields.isEmpty()) {
                rows.add(about(change).nothing(OF_VERSION.size()).row());
            }
            for (RowField field : fields) {
                rows.add(
                        about(change)
                                .text(field.column())
                                .value(
                                        field.value(),
                                        field.isKnown() ? RowMaker.KNOWN : RowMaker.UNKNOWN)
                                .row());
            }
        }
        return new AnswerRows(columns(OF_VERSION), rows, history.isMore());
    }

    private static List<Value> row(RowChange change, ChangedField field) {
        RowMaker row = about(change);
        return (switch (change.operation()) {
                    case "INSERT" -> FieldColumns.ofNew(row, field);
                    case "DELETE" -> FieldColumns.ofGone(row, field);
                    default -> FieldColumns.of(row, field);
                })
                .row();
    }

    private static List<Column> columns(List<Column> last) {
        List<Column> columns = new ArrayList<>(ChangeFields.COLUMNS);
        columns.addAll(OF_ROW);
        columns.addAll(last);
        return columns;
    }

    private static RowMaker about(RowChange change) {
        RowMaker row = ChangeFields.actor(new RowMaker().time(change.time()), change.actor());
        return row.number(change.xid())
                .text(change.position().toString())
                .text(change.operation())
                .text(change.table())
                .text(String.join(",", change.key()));
    }

    /** Who acts in it, each once. */
    public static List<String> actors(List<RowChange> changes) {
        return changes.stream()
                .map(RowChange::actor)
                .map(ChangeFields::line)
                .distinct()
                .sorted()
                .toList();
    }
}

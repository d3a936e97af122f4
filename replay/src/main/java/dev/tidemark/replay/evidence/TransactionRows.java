package dev.tidemark.replay.evidence;

import dev.tidemark.replay.evidence.AnswerRows.Column;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.FieldChange;
import dev.tidemark.replay.history.RowVersion;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.replay.history.TransactionView;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A transaction as the rows of an answer: one for each field of each change, in order. */
public final class TransactionRows {
    private static final List<Column> COLUMNS =
            List.of(
                    new Column("number", RowMaker.NUMBER),
                    new Column("time", RowMaker.TIME),
                    new Column("xid", RowMaker.NUMBER),
                    new Column("position", RowMaker.TEXT),
                    new Column("table", RowMaker.TEXT),
                    new Column("key", RowMaker.TEXT),
                    new Column("operation", RowMaker.TEXT),
                    FieldColumns.FIELD,
                    FieldColumns.BEFORE,
                    Column.whatIs(FieldColumns.BEFORE),
                    FieldColumns.AFTER);

    private static final int OF_FIELD = 4; // the last of them

    private TransactionRows() {}

    public static AnswerRows of(TransactionView view) {
        List<List<Value>> rows = new ArrayList<>();
        for (int i = 0; i < view.changes().size(); i++) {
            RowVersion change = view.changes().get(i);
            if (change.fields().isEmpty()) {
                rows.add(about(i + 1L, change).nothing(OF_FIELD).row());
            }
            for (FieldChange field : change.fields()) {
                rows.add(
                        about(i + 1L, change)
                                .text(field.column())
                                .value(field.before(), before(change, field))
                                .text(field.after())
                                .row());
            }
        }
        return new AnswerRows(COLUMNS, rows, view.changes().size() < view.total());
    }

    private static String before(RowVersion change, FieldChange field) {
        if (change.operation().equals("INSERT")) {
            return RowMaker.ABSENT;
        }
        return field.beforeKnown() ? RowMaker.KNOWN : RowMaker.UNKNOWN;
    }

    private static RowMaker about(long number, RowVersion change) {
        return new RowMaker()
                .number(number)
                .time(change.time())
                .number(change.xid())
                .text(change.position().toString())
                .text(change.table())
                .text(change.key())
                .text(change.operation());
    }

    /** Who acts in it, and why. */
    public static List<String> actors(TransactionView view) {
        List<String> lines =
                new ArrayList<>(view.actors().stream().map(ChangeFields::line).toList());
        if (lines.isEmpty()) {
            lines.add(
                    ChangeFields.line(
                            new Actor(
                                    Optional.empty(),
                                    Actor.Known.UNKNOWN,
                                    Optional.empty(),
                                    view.context())));
        }
        view.context()
                .flatMap(TransactionContext::reason)
                .ifPresent(reason -> lines.add("for this reason, as they said: " + reason));
        return lines;
    }
}

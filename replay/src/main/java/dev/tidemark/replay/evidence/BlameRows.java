package dev.tidemark.replay.evidence;

import dev.tidemark.replay.evidence.AnswerRows.Column;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.Blame;
import dev.tidemark.replay.history.RowChange;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who set the fields of a row, as the rows of an answer: one for each field. */
public final class BlameRows {
    private BlameRows() {}

    public static AnswerRows of(Blame blame) {
        List<Column> columns = new ArrayList<>();
        Column value = new Column("value", RowMaker.TEXT);
        columns.add(FieldColumns.FIELD);
        columns.add(value);
        columns.add(Column.whatIs(value));
        columns.addAll(ChangeFields.COLUMNS);
        columns.add(new Column("before_base_of", RowMaker.TIME));
        columns.add(new Column("was_another_before", RowMaker.TRUTH));
        return new AnswerRows(columns, blame.fields().stream().map(BlameRows::row).toList(), false);
    }

    private static List<Value> row(Blame.BlamedField field) {
        Optional<Blame.Setter> set = field.set();
        RowMaker row =
                new RowMaker()
                        .text(field.column())
                        .value(field.value(), field.isKnown() ? RowMaker.KNOWN : RowMaker.UNKNOWN)
                        .time(set.map(Blame.Setter::time));
        Actor actor = set.map(Blame.Setter::actor).orElse(Actor.UNKNOWN);
        return ChangeFields.actor(row, actor)
                .text(set.map(one -> Long.toString(one.xid())))
                .text(set.map(one -> one.position().toString()))
                .text(set.map(Blame.Setter::operation))
                .time(field.before())
                .truth(field.isSure())
                .row();
    }

    /** Who acts in it, each once. */
    public static List<String> actors(Blame blame) {
        return Stream.concat(
                        blame.end().stream().map(RowChange::actor),
                        blame.fields().stream()
                                .flatMap(field -> field.set().stream())
                                .map(Blame.Setter::actor))
                .map(ChangeFields::line)
                .distinct()
                .sorted()
                .toList();
    }

    /** What has to be known of it: its own notes, and what ended the row. */
    public static List<String> notes(Blame blame) {
        List<String> notes = new ArrayList<>(blame.notes());
        blame.end()
                .ifPresent(
                        end ->
                                notes.add(
                                        "the row is gone: %s at %s by %s, xid %d (%s); the fields are those that it had before"
                                                .formatted(
                                                        end.operation(),
                                                        end.time(),
                                                        end.actor(),
                                                        end.xid(),
                                                        end.position())));
        return notes;
    }
}

package dev.tidemark.replay.evidence;

import dev.tidemark.replay.evidence.AnswerRows.Column;
import dev.tidemark.replay.history.ChangedField;
import java.util.List;
import java.util.Optional;

/** What rows say of a field that changed, or differs: its name, and what it was and is. */
final class FieldColumns {
    static final Column FIELD = new Column("field", RowMaker.TEXT);
    static final Column BEFORE = new Column("before", RowMaker.TEXT);
    static final Column AFTER = new Column("after", RowMaker.TEXT);

    /** With the path to a part of a document. */
    static final List<Column> ALL =
            List.of(
                    FIELD,
                    new Column("path", RowMaker.TEXT),
                    BEFORE,
                    Column.whatIs(BEFORE),
                    AFTER,
                    Column.whatIs(AFTER));

    private FieldColumns() {}

    /** Those of a field of a row that was there before, and is after. */
    static RowMaker of(RowMaker row, ChangedField field) {
        return of(row, field, isBefore(field), is(field, field.after()));
    }

    /** The same of one that was not. */
    static RowMaker ofNew(RowMaker row, ChangedField field) {
        return of(row, field, RowMaker.ABSENT, is(field, field.after()));
    }

    /** The same of one that is not any more. */
    static RowMaker ofGone(RowMaker row, ChangedField field) {
        return of(row, field, isBefore(field), RowMaker.ABSENT);
    }

    private static RowMaker of(RowMaker row, ChangedField field, String before, String after) {
        return row.text(field.column())
                .text(Optional.of(field.path()).filter(one -> !one.isEmpty()))
                .value(field.before(), before)
                .value(field.after(), after);
    }

    private static String isBefore(ChangedField field) {
        return field.beforeKnown() ? is(field, field.before()) : RowMaker.UNKNOWN;
    }

    /** A part of a document that is not there is not null, which JSON has as well. */
    private static String is(ChangedField field, Optional<String> value) {
        return value.isEmpty() && !field.path().isEmpty() ? RowMaker.ABSENT : RowMaker.KNOWN;
    }
}

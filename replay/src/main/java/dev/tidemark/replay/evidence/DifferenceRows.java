package dev.tidemark.replay.evidence;

import dev.tidemark.replay.difference.Difference;
import dev.tidemark.replay.difference.DifferingRow;
import dev.tidemark.replay.difference.DifferingTable;
import dev.tidemark.replay.evidence.AnswerRows.Column;
import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What differs between two moments as the rows of an answer: one for each field of each row. */
public final class DifferenceRows {
    private static final List<Column> OF_ROW =
            List.of(
                    new Column("table", RowMaker.TEXT),
                    new Column("key", RowMaker.TEXT),
                    new Column("name", RowMaker.TEXT),
                    new Column("operation", RowMaker.TEXT),
                    new Column("times", RowMaker.NUMBER));

    private DifferenceRows() {}

    /** The fields that differ. A row of which none does is one row without field. */
    public static AnswerRows of(Difference difference) {
        List<List<Value>> rows = new ArrayList<>();
        for (DifferingRow row : difference.rows()) {
            if (row.fields().isEmpty()) {
                rows.add(about(row).nothing(FieldColumns.ALL.size()).row());
            }
            for (ChangedField field : row.fields()) {
                rows.add(fields(row, field).row());
            }
        }
        List<Column> columns = new ArrayList<>(OF_ROW);
        columns.addAll(FieldColumns.ALL);
        return new AnswerRows(columns, rows, difference.isMore());
    }

    private static RowMaker fields(DifferingRow row, ChangedField field) {
        return switch (row.operation()) {
            case INSERT -> FieldColumns.ofNew(about(row), field);
            case DELETE -> FieldColumns.ofGone(about(row), field);
            case UPDATE, SOFT_DELETE, UNDELETE, AS_BEFORE -> FieldColumns.of(about(row), field);
        };
    }

    private static RowMaker about(DifferingRow row) {
        return new RowMaker()
                .text(row.table())
                .text(String.join(",", row.key()))
                .text(row.name())
                .text(row.operation().name().toLowerCase(Locale.ROOT))
                .number(row.times());
    }

    /** How much differs, a line for each table and each thing of the schema. */
    public static List<String> counts(Difference difference) {
        List<String> lines = new ArrayList<>();
        difference
                .schema()
                .forEach(
                        one ->
                                lines.add(
                                        "%s %s: %s"
                                                .formatted(one.kind(), one.name(), one.change())));
        for (DifferingTable table : difference.tables()) {
            lines.add(
                    "%s: %d rows inserted, %d updated, %d deleted, %d marked as deleted, %d no more"
                            .formatted(
                                    table.table(),
                                    table.inserted(),
                                    table.updated(),
                                    table.deleted(),
                                    table.softDeleted(),
                                    table.undeleted()));
        }
        return lines;
    }
}

package dev.tidemark.replay.query;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How changes of a table stand in a local file, all as texts, and how SQL sees them: the table's
 * columns after a change, and columns of ours about it. Immutable.
 */
record HistoryColumns(SourceTable table) {
    static final String CHANGE_TYPE = "_change_type";

    /** Ours. No column of a table has such a name in SQL. */
    static final List<String> NAMES =
            List.of(
                    CHANGE_TYPE,
                    "_commit_time",
                    "_position",
                    "_tx",
                    "_actor",
                    "_actor_known",
                    "_number",
                    "_before",
                    "_before_known",
                    "_unknown");

    /** Of a file's columns those about a change come first: type, time, …, unknown. */
    private static final int OWN = 9;

    private static final int KNOWN = 7; // what is known of the row before

    private static final int FIRST_ID = 1;

    /** A table whose rows are changes. */
    Table file() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < OWN + 2 * table.columns().size(); i++) {
            columns.add(Column.provisional(FIRST_ID + i, "c"));
        }
        return Table.provisional(0, "", "", columns);
    }

    private static String own(int place) {
        return "c" + (FIRST_ID + place);
    }

    private static String after(int column) {
        return own(OWN + column);
    }

    private String before(int column) {
        return own(OWN + table.columns().size() + column);
    }

    /** A query of such files. */
    String ofChanges(String files) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            SourceColumn column = table.columns().get(i);
            fields.add(column.type().value(after(i)) + " AS " + column.quoted());
        }
        List<String> values =
                List.of(
                        own(0),
                        "CAST(%s AS TIMESTAMPTZ)".formatted(own(1)),
                        own(2),
                        "CAST(%s AS BIGINT)".formatted(own(3)),
                        own(4),
                        own(5),
                        "CAST(%s AS BIGINT)".formatted(own(6)),
                        before(),
                        own(KNOWN),
                        "from_json(%s, '[\"VARCHAR\"]')".formatted(own(8)));
        for (int i = 0; i < NAMES.size(); i++) {
            fields.add(values.get(i) + " AS " + NAMES.get(i));
        }
        return "SELECT %s FROM %s".formatted(String.join(", ", fields), files);
    }

    /** The same of no file: which columns there are. */
    String noChanges() {
        String texts =
                file().columns().stream()
                        .map(column -> "CAST(NULL AS VARCHAR) AS " + Views.stored(column))
                        .collect(Collectors.joining(", "));
        return ofChanges("(SELECT %s) WHERE false".formatted(texts));
    }

    /** The row before, of which no field is where nothing was before. */
    private String before() {
        if (table.columns().isEmpty()) {
            return "NULL";
        }
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            SourceColumn column = table.columns().get(i);
            fields.add(column.quoted() + " := " + column.type().value(before(i)));
        }
        return "CASE WHEN %s IS NOT NULL THEN struct_pack(%s) END"
                .formatted(own(KNOWN), String.join(", ", fields));
    }

    /**
     * A query of a base's files with the columns of {@link #ofChanges}.
     *
     * @param base whose rows they are, in the files' version of the table
     */
    String ofBase(String files, BaseRows base) {
        List<String> fields = new ArrayList<>();
        for (SourceColumn column : table.columns()) {
            fields.add(base.field(column) + " AS " + column.quoted());
        }
        String struct =
                table.columns().stream()
                        .map(column -> column.quoted() + " " + column.type().name())
                        .collect(Collectors.joining(", ", "STRUCT(", ")"));
        List<String> values =
                List.of(
                        "'base'",
                        "CAST('%s' AS TIMESTAMPTZ)".formatted(base.time()),
                        "'%s'".formatted(base.position()),
                        "CAST(NULL AS BIGINT)",
                        "CAST(NULL AS VARCHAR)",
                        "CAST(NULL AS VARCHAR)",
                        "CAST(%d AS BIGINT)".formatted(base.number()),
                        table.columns().isEmpty() ? "NULL" : "CAST(NULL AS " + struct + ")",
                        "CAST(NULL AS VARCHAR)",
                        "CAST(NULL AS VARCHAR[])");
        for (int i = 0; i < NAMES.size(); i++) {
            fields.add(values.get(i) + " AS " + NAMES.get(i));
        }
        return "SELECT %s FROM %s".formatted(String.join(", ", fields), files);
    }

    /** Expressions that are true where a text is none of a column's type, by its place. */
    List<List<String>> misfits() {
        List<List<String>> misfits = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            ColumnType type = table.columns().get(i).type();
            misfits.add(
                    type.isText()
                            ? List.of()
                            : List.of(type.misfit(after(i)), type.misfit(before(i))));
        }
        return misfits;
    }
}

package dev.tidemark.replay.difference;

import dev.tidemark.replay.load.Quoted;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Conditions and assignments of a patch. A row counts as what it was expected to be when its texts
 * are those that the archive has.
 */
final class PatchText {
    /** Types of which equal values have equal texts. */
    private static final Pattern COMPARABLE =
            Pattern.compile(
                    "smallint|integer|bigint|oid|uuid|boolean|date|text|character varying.*|timestamp.*");

    private PatchText() {}

    static String name(Table table) {
        return Quoted.name(table.schema(), table.name());
    }

    /** That a row {@code t} has a key; by the key's own equality, so that its index is used. */
    static String isKey(MatchedColumns columns, List<Value> row) {
        List<String> fields = new ArrayList<>();
        for (int place : columns.key()) {
            Column column = columns.columns().get(place).column();
            fields.add("t.%s = %s".formatted(Quoted.name(column.name()), literal(row.get(place))));
        }
        return String.join(" AND ", fields);
    }

    /** That a row has the fields of another but for its key. */
    static List<String> hasRest(String alias, MatchedColumns columns, List<Value> row) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            if (!columns.key().contains(i)) {
                fields.add(has(alias, columns.columns().get(i).column(), row.get(i)));
            }
        }
        return fields;
    }

    /** That a field of a row has a value. */
    static String has(String alias, Column column, Value value) {
        String field = alias + "." + Quoted.name(column.name());
        if (value == Value.Mark.NULL) {
            return field + " IS NULL";
        }
        if (COMPARABLE.matcher(column.type()).matches()) {
            return field + " = " + literal(value);
        }
        // As the type's output function writes it, which not every cast to text does.
        String text = "pg_catalog.format('%%s', %s) = %s".formatted(field, literal(value));
        return value.bytes() > 0 ? text : text + " AND pg_catalog.num_nulls(" + field + ") = 0";
    }

    static String literal(Value value) {
        return value == Value.Mark.NULL ? "NULL" : Quoted.text(value.toString());
    }

    /** A quote that a text does not hold. */
    static String tag(String text) {
        String tag = "$tidemark$";
        for (int n = 1; text.contains(tag); n++) {
            tag = "$tidemark" + n + "$";
        }
        return tag;
    }
}

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
            Pattern.compile("smallint|integer|bigint|oid|uuid|boolean|date|timestamp.*");

    /** Types whose equality is that of a collation, which may take different texts for equal. */
    private static final Pattern TEXTS = Pattern.compile("text|character varying.*");

    /** It has no operators of its own: one that somebody made would come before those of text. */
    private static final Pattern VARYING = Pattern.compile("character varying(\\(\\d+\\))?");

    /** Names of things, which are written as the search path of the session has it. */
    private static final Pattern NAMES =
            Pattern.compile(
                    "reg(class|proc|procedure|oper|operator|type|role|namespace|config|dictionary|collation)(\\[\\])?");

    private PatchText() {}

    static String name(Table table) {
        return Quoted.name(table.schema(), table.name());
    }

    /** That a row {@code t} has a key; by the key's own equality, so that its index is used. */
    static String isKey(MatchedColumns columns, KeyOperators operators, List<Value> row) {
        List<String> fields = new ArrayList<>();
        for (int place : columns.key()) {
            Column column = columns.columns().get(place).column();
            fields.add(
                    "%s %s %s"
                            .formatted(
                                    asText("t." + Quoted.name(column.name()), column),
                                    operators.equality(column.type()),
                                    ofItsType(column, row.get(place))
                                            + operators.cast(column.type())));
        }
        return String.join(" AND ", fields);
    }

    private static String asText(String field, Column column) {
        return VARYING.matcher(column.type()).matches() ? field + "::pg_catalog.text" : field;
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
        boolean isComparable = COMPARABLE.matcher(column.type()).matches();
        boolean isText = TEXTS.matcher(column.type()).matches();
        if (value == Value.Mark.NULL) {
            // A row of NULLs IS NULL too, and is not the same.
            return isComparable || isText
                    ? field + " IS NULL"
                    : "pg_catalog.num_nulls(" + field + ") = 1";
        }
        if (isComparable) {
            return field + " = " + literal(value);
        }
        if (isText) {
            return asText(field, column) + " COLLATE \"C\" = " + literal(value);
        }
        if (NAMES.matcher(column.type()).matches()) {
            return field + " = " + ofItsType(column, value);
        }
        // As the type's output function writes it, which not every cast to text does.
        String text =
                "pg_catalog.format('%%s', %s) COLLATE \"C\" = %s".formatted(field, literal(value));
        return value.bytes() > 0 ? text : text + " AND pg_catalog.num_nulls(" + field + ") = 0";
    }

    /** What is compared with a name would else be read as a number. */
    private static String ofItsType(Column column, Value value) {
        return NAMES.matcher(column.type()).matches()
                ? literal(value) + "::pg_catalog." + column.type()
                : literal(value);
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

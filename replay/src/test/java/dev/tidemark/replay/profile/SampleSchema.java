package dev.tidemark.replay.profile;

import dev.tidemark.archive.Samples;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A schema written down in a few words: a line for each table, with its columns and types. */
record SampleSchema(Catalog catalog) {
    /**
     * Lines such as {@code crm.contacts: id bigint, name, deleted boolean}; what has no type is a
     * text, and the first column is the key.
     */
    static SampleSchema of(String lines) {
        List<Table> tables = new ArrayList<>();
        for (String line : lines.lines().filter(text -> !text.isBlank()).toList()) {
            int colon = line.indexOf(':');
            String[] name = line.substring(0, colon).strip().split("\\.", 2);
            List<Column> columns = columns(line.substring(colon + 1));
            tables.add(
                    Samples.table(tables.size() + 1L, name[1], List.of(1), columns)
                            .renamed(name[0], name[1], columns));
        }
        return new SampleSchema(Samples.catalog(tables.toArray(Table[]::new)));
    }

    private static List<Column> columns(String text) {
        List<Column> columns = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            String[] words = one.strip().split(" ", 2);
            columns.add(
                    Samples.column(
                            columns.size() + 1,
                            words[0],
                            words.length > 1 ? words[1] : "text",
                            Optional.empty()));
        }
        return columns;
    }

    /** By {@code schema.name}. */
    Table table(String name) {
        return catalog.tables().stream()
                .filter(table -> table.displayName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A row with these fields; the word {@code null} is NULL, and {@code ?} is not known. */
    RowFields fields(String table, String... fields) {
        List<Value> row = new ArrayList<>();
        for (Value field : Samples.row(fields)) {
            row.add(field.equals(Value.text("?")) ? Value.Mark.UNKNOWN : field);
        }
        return RowFields.of(table(table), row);
    }
}

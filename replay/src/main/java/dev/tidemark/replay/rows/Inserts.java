package dev.tidemark.replay.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.replay.keys.SqlWords;
import dev.tidemark.replay.load.Quoted;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Writes the rows of tables as statements that leave rows alone which are there already. For one
 * thread.
 *
 * <p>{@code ON CONFLICT DO NOTHING} does that, but not for tables with a deferrable unique
 * constraint, with rules, or without columns: of these each row is a statement of its own, which
 * may fail for that reason alone.
 */
final class Inserts {
    private static final int ROWS_A_STATEMENT = 200; // a statement that fails can still be read
    private static final long BYTES_A_STATEMENT = 4L * 1024 * 1024; // clients hold it as a whole

    /** PostgreSQL takes a statement of 1 GB at most, and holds it several times. */
    private static final long BYTES_MAX = 256L * 1024 * 1024;

    private static final String SKIPPING = "\n ON CONFLICT DO NOTHING";

    private final OutputStream out;
    private final String onConflict;
    private final String otherWay; // where it would be too much for a script
    private final Set<String> byRow; // references of tables
    private final Set<String> deferrable; // the same, of those for which that is the reason
    private final LongConsumer progress;

    Inserts(OutputStream out, Catalog catalog, LongConsumer progress) {
        this(
                out,
                catalog.objects(),
                SKIPPING,
                "Choose fewer rows, or restore them with --into postgresql://… into a database of their own.",
                progress);
    }

    /** Of which those fail whose rows are there already. */
    static Inserts failing(OutputStream out, String otherWay) {
        return new Inserts(out, List.of(), "", otherWay, rows -> {});
    }

    private Inserts(
            OutputStream out,
            List<CatalogObject> objects,
            String onConflict,
            String otherWay,
            LongConsumer progress) {
        this.out = out;
        this.onConflict = onConflict;
        this.otherWay = otherWay;
        this.progress = progress;
        this.byRow =
                objects.stream()
                        .filter(Inserts::takesNoConflict)
                        .flatMap(object -> object.partOf().stream())
                        .collect(Collectors.toSet());
        this.deferrable =
                objects.stream()
                        .filter(object -> !object.kind().equals("rule"))
                        .filter(Inserts::takesNoConflict)
                        .flatMap(object -> object.partOf().stream())
                        .collect(Collectors.toSet());
    }

    /** Would one of them tell only at the end of the transaction that a row is there already? */
    boolean areDeferrable(List<Chosen.ChosenTable> tables) {
        return tables.stream().anyMatch(one -> deferrable.contains(one.table().reference()));
    }

    private static boolean takesNoConflict(CatalogObject object) {
        return switch (object.kind()) {
            case "primary key", "unique", "exclusion" -> isDeferrable(object);
            case "rule" -> true;
            default -> false;
        };
    }

    /** PostgreSQL prints DEFERRABLE where it is, and nothing where it is not. */
    private static boolean isDeferrable(CatalogObject object) {
        return object.definition().stream()
                .flatMap(text -> new SqlWords(text).words().stream())
                .anyMatch(word -> !word.isQuoted() && word.text().equals("DEFERRABLE"));
    }

    private boolean isByRow(Table table) {
        return table.stored().isEmpty() || byRow.contains(table.reference());
    }

    /** A table whose rows name none of a table that comes later. */
    void alone(Chosen.ChosenTable chosen) throws IOException {
        Table table = chosen.table();
        if (isByRow(table)) {
            byRow(chosen);
            return;
        }
        Statement statement = new Statement(table);
        chosen.source()
                .rows(
                        row -> {
                            if (statement.rows == ROWS_A_STATEMENT
                                    || statement.bytes > BYTES_A_STATEMENT) {
                                statement.end(";");
                            }
                            statement.add(row);
                        });
        statement.end(";");
    }

    /** Tables that name each other go into one statement: foreign keys are checked at its end. */
    void together(List<Chosen.ChosenTable> tables) throws IOException {
        long bytes = 0;
        for (int i = 0; i < tables.size(); i++) {
            Table table = tables.get(i).table();
            if (isByRow(table)) {
                throw TidemarkException.refused(
                        "rows of %s name each other, and it has a deferrable unique constraint or a rule: a script cannot leave out rows"
                                        .formatted(table.displayName())
                                + " that are there already",
                        "Restore them with --into postgresql://… into a database of their own.");
            }
            boolean isLast = i == tables.size() - 1;
            if (!isLast) {
                write((i == 0 ? "WITH " : ", ") + "part_" + i + " AS (\n");
            }
            Statement statement = new Statement(table);
            long before = bytes;
            tables.get(i)
                    .source()
                    .rows(
                            row -> {
                                statement.add(row);
                                checkSize(before + statement.bytes, table);
                            });
            bytes += statement.bytes;
            statement.end(isLast ? ";" : "\n)");
        }
    }

    private void checkSize(long bytes, Table table) {
        if (bytes > BYTES_MAX) {
            throw TidemarkException.refused(
                    "rows of %s name each other, and would be one statement of more than %d MiB"
                            .formatted(table.displayName(), BYTES_MAX >> 20),
                    otherWay);
        }
    }

    private void byRow(Chosen.ChosenTable chosen) throws IOException {
        Table table = chosen.table();
        String head = head(table);
        chosen.source()
                .rows(
                        row -> {
                            String values =
                                    row.isEmpty()
                                            ? head + " DEFAULT VALUES;"
                                            : head + " VALUES " + tuple(row) + ";";
                            String tag = tag(values);
                            write(
                                    byRow.contains(table.reference())
                                            ? "DO %s BEGIN %s EXCEPTION WHEN unique_violation OR exclusion_violation THEN NULL; END %s;\n"
                                                    .formatted(tag, values, tag)
                                            : values + "\n");
                            progress.accept(1);
                        });
    }

    /** A quote that the text does not hold. */
    private static String tag(String text) {
        String tag = "$row$";
        for (int n = 1; text.contains(tag); n++) {
            tag = "$row" + n + "$";
        }
        return tag;
    }

    /** A statement on its way. */
    private final class Statement {
        private final Table table;
        private int rows;
        private long bytes;

        Statement(Table table) {
            this.table = table;
        }

        void add(List<Value> row) throws IOException {
            String text = (rows == 0 ? head(table) + " VALUES\n" : ",\n") + tuple(row);
            bytes += write(text);
            rows++;
            progress.accept(1);
        }

        void end(String last) throws IOException {
            if (rows > 0) {
                write(onConflict + last + "\n");
            }
            rows = 0;
            bytes = 0;
        }
    }

    private static String head(Table table) {
        List<Column> columns = table.stored();
        return "INSERT INTO %s%s%s"
                .formatted(
                        Quoted.name(table.schema(), table.name()),
                        columns.isEmpty()
                                ? ""
                                : columns.stream()
                                        .map(column -> Quoted.name(column.name()))
                                        .collect(Collectors.joining(", ", " (", ")")),
                        columns.stream().anyMatch(column -> column.identity().equals("a"))
                                ? " OVERRIDING SYSTEM VALUE"
                                : "");
    }

    /** No setting says how it is read: a client may send all at once, before any is made. */
    private static String tuple(List<Value> row) {
        return row.stream()
                .map(value -> value == Value.Mark.NULL ? "NULL" : Quoted.text(value.toString()))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private long write(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.write(bytes);
        return bytes.length;
    }
}

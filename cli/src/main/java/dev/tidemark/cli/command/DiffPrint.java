package dev.tidemark.cli.command;

import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.difference.Difference;
import dev.tidemark.replay.difference.DifferingRow;
import dev.tidemark.replay.difference.DifferingTable;
import dev.tidemark.replay.difference.RowOutcome;
import dev.tidemark.replay.difference.SchemaChange;
import dev.tidemark.replay.history.ChangedField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What differs between two moments, for people: schema, counts, rows. */
final class DiffPrint {
    /** A longer value is cut in the table; {@code --json} has it whole. */
    private static final int VALUE_CHARACTERS_MAX = 60;

    private final CommandContext context;
    private final Difference difference;
    private final DiffOptions options;
    private final boolean isSoft;

    private DiffPrint(CommandContext context, Difference difference, DiffOptions options) {
        this.context = context;
        this.difference = difference;
        this.options = options;
        this.isSoft =
                difference.tables().stream()
                        .anyMatch(table -> table.softDeleted() + table.undeleted() > 0);
    }

    static void print(CommandContext context, Difference difference, DiffOptions options) {
        new DiffPrint(context, difference, options).print();
    }

    private void print() {
        if (!difference.schema().isEmpty()) {
            schema();
        }
        if (!difference.tables().isEmpty()) {
            counts();
        }
        if (!difference.rows().isEmpty()) {
            rows();
        }
        end();
    }

    private void schema() {
        TextTable table = new TextTable("kind", "name", "schema");
        for (SchemaChange change : difference.schema()) {
            table.row(change.kind(), change.name(), change.change());
        }
        context.print(table);
        context.out().println();
    }

    private void counts() {
        List<String> header = new ArrayList<>(List.of("table", "inserted", "updated", "deleted"));
        if (isSoft) {
            header.addAll(List.of("soft deleted", "undeleted"));
        }
        if (!options.isNet) {
            header.addAll(List.of("as before", "changes"));
        }
        int numbers = header.size();
        boolean isAnyWhole = difference.tables().stream().anyMatch(one -> one.whole().isPresent());
        if (isAnyWhole) {
            header.add("compared whole");
        }
        TextTable table = new TextTable(header.toArray(String[]::new));
        for (int column = 1; column < numbers; column++) {
            table.numbers(column);
        }
        for (DifferingTable one : difference.tables()) {
            List<Object> cells = counts(one);
            if (isAnyWhole) {
                cells.add(one.whole().orElse(""));
            }
            table.row(cells.toArray());
        }
        context.print(table);
        context.out().println();
    }

    private List<Object> counts(DifferingTable table) {
        List<Object> cells =
                new ArrayList<>(
                        List.of(table.table(), table.inserted(), table.updated(), table.deleted()));
        if (isSoft) {
            cells.addAll(List.of(table.softDeleted(), table.undeleted()));
        }
        if (!options.isNet) {
            cells.add(known(table.asBefore()));
            cells.add(known(table.changes()));
        }
        return cells;
    }

    private static Object known(Optional<Long> count) {
        return count.isPresent() ? count.get() : "unknown";
    }

    private void rows() {
        boolean isNamed = difference.rows().stream().anyMatch(row -> row.name().isPresent());
        List<String> header = new ArrayList<>(List.of("table", "key"));
        if (isNamed) {
            header.add("name");
        }
        header.addAll(List.of("operation", "changed"));
        TextTable table = new TextTable(header.toArray(String[]::new));
        for (DifferingRow row : difference.rows()) {
            List<Object> cells = new ArrayList<>(List.of(row.table(), String.join(",", row.key())));
            if (isNamed) {
                cells.add(row.name().orElse(""));
            }
            cells.add(operation(row));
            cells.add(changed(row));
            table.row(cells.toArray());
        }
        context.print(table);
        context.out().println();
    }

    private static String operation(DifferingRow row) {
        String operation =
                switch (row.operation()) {
                    case INSERT -> "INSERT";
                    case UPDATE -> "UPDATE";
                    case DELETE -> "DELETE";
                    case SOFT_DELETE -> "DELETE (soft)";
                    case UNDELETE -> "UNDELETE (soft)";
                    case AS_BEFORE -> "as before";
                };
        return row.times() == 1 ? operation : operation + " × " + row.times();
    }

    static String changed(DifferingRow row) {
        if (row.operation() == RowOutcome.AS_BEFORE) {
            return row.changes()
                    .map(count -> count == 1 ? "1 change" : count + " changes")
                    .orElse("");
        }
        return row.fields().stream()
                .flatMap(field -> text(field, row.operation()).stream())
                .collect(Collectors.joining(", "));
    }

    /** Of a row that is at one moment alone, what it holds. */
    private static Optional<String> text(ChangedField field, RowOutcome outcome) {
        return switch (outcome) {
            case INSERT -> field.after().map(value -> field.name() + " = " + cut(value));
            case DELETE -> field.before().map(value -> field.name() + " = " + cut(value));
            case UPDATE, SOFT_DELETE, UNDELETE, AS_BEFORE ->
                    Optional.of(
                            field.name()
                                    + ": "
                                    + value(field, field.before())
                                    + " → "
                                    + value(field, field.after()));
        };
    }

    /** A part of a document that is not there is not null, which JSON has as well. */
    private static String value(ChangedField field, Optional<String> value) {
        return value.map(DiffPrint::cut).orElse(field.path().isEmpty() ? "NULL" : "absent");
    }

    private static String cut(String value) {
        return value.length() <= VALUE_CHARACTERS_MAX
                ? value
                : value.substring(0, VALUE_CHARACTERS_MAX)
                        + "… ("
                        + value.length()
                        + " characters)";
    }

    private void end() {
        if (difference.isMore() && !options.isSummary) {
            context.out()
                    .printf(
                            "the first %d rows; there are more, see --limit%n",
                            difference.rows().size());
        }
        String way = "from %s to %s".formatted(place(difference.from()), place(difference.to()));
        long rows = difference.tables().stream().mapToLong(DifferingTable::rows).sum();
        if (!difference.isDifferent()) {
            context.out().printf("nothing differs %s%n", way);
            return;
        }
        context.out()
                .printf(
                        "%d %s in the end%s, %s%n",
                        rows,
                        rows == 1 ? "row differs" : "rows differ",
                        difference.schema().isEmpty() ? "" : ", and the schema",
                        way);
    }

    private static String place(Difference.Place place) {
        return "%s (%s)"
                .formatted(
                        place.time(),
                        place.position().map(Object::toString).orElse(place.moment()));
    }
}

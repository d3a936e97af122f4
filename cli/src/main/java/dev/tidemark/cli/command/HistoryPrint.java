package dev.tidemark.cli.command;

import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.history.Blame;
import dev.tidemark.replay.history.Blame.BlamedField;
import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.replay.history.History;
import dev.tidemark.replay.history.RowChange;
import dev.tidemark.replay.history.RowField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A row's history, and who set its fields, for people. */
final class HistoryPrint {
    /** A longer value is cut in the table; {@code --json} has it whole. */
    private static final int VALUE_CHARACTERS_MAX = 60;

    private HistoryPrint() {}

    static void changes(CommandContext context, History history) {
        TextTable table =
                new TextTable("time", "actor", "xid", "position", "operation", "key", "changed");
        for (RowChange change : history.changes()) {
            table.row(
                    change.time(),
                    change.actor(),
                    change.xid(),
                    change.position(),
                    change.operation(),
                    String.join(",", change.key()),
                    change.row().map(HistoryPrint::whole).orElseGet(() -> changed(change)));
        }
        if (!history.changes().isEmpty()) {
            context.print(table);
        }
        end(context, history);
    }

    private static void end(CommandContext context, History history) {
        String row = history.table() + " " + String.join(",", history.key());
        if (history.isMore()) {
            context.out()
                    .printf(
                            "the newest %d changes of %s; there are older ones, see --limit%n",
                            history.changes().size(), row);
        } else if (!history.changes().isEmpty()) {
            context.out()
                    .printf(
                            "%d %s of %s, newest first%n",
                            history.changes().size(),
                            history.changes().size() == 1 ? "change" : "changes",
                            row);
        } else if (history.wasThere()) {
            context.out().printf("no change of %s is known%n", row);
        } else {
            context.out().printf("there was no %s%n", row);
        }
    }

    private static String whole(List<RowField> row) {
        return joined(
                row,
                field ->
                        field.column()
                                + " = "
                                + (field.isKnown() ? text(field.value(), "NULL") : "unknown"));
    }

    /**
     * What is known to have changed; then, of an update whose before-image the archive does not
     * have, what the row holds since: whether that changed is not known.
     */
    static String changed(RowChange change) {
        if (change.operation().equals("INSERT")) {
            return joined(change.fields(), HistoryPrint::now);
        }
        if (change.operation().equals("DELETE") && !change.fields().isEmpty()) {
            return "was " + joined(change.fields(), HistoryPrint::was);
        }
        Map<Boolean, List<ChangedField>> byKnown =
                change.fields().stream()
                        .collect(Collectors.partitioningBy(ChangedField::beforeKnown));
        List<String> parts = new ArrayList<>();
        parts.add(
                joined(
                        byKnown.getOrDefault(true, List.of()),
                        field ->
                                field.name()
                                        + ": "
                                        + text(field.before(), nothing(field))
                                        + " → "
                                        + text(field.after(), nothing(field))));
        List<ChangedField> unknown = byKnown.getOrDefault(false, List.of());
        if (!unknown.isEmpty()) {
            parts.add("before unknown, now " + joined(unknown, HistoryPrint::now));
        }
        return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
    }

    private static <T> String joined(List<T> fields, Function<T, String> text) {
        return fields.stream().map(text).collect(Collectors.joining(", "));
    }

    private static String was(ChangedField field) {
        return field.name()
                + " = "
                + (field.beforeKnown() ? text(field.before(), nothing(field)) : "unknown");
    }

    private static String now(ChangedField field) {
        return field.name() + " = " + text(field.after(), nothing(field));
    }

    /** A part of a document that is not there is not null, which JSON has as well. */
    private static String nothing(ChangedField field) {
        return field.path().isEmpty() ? "NULL" : "absent";
    }

    private static String text(Optional<String> value, String nothing) {
        return value.map(HistoryPrint::cut).orElse(nothing);
    }

    private static String cut(String value) {
        if (value.length() <= VALUE_CHARACTERS_MAX) {
            return value;
        }
        return value.substring(0, VALUE_CHARACTERS_MAX) + "… (" + value.length() + " characters)";
    }

    static void blame(CommandContext context, Blame blame) {
        blame.end()
                .ifPresent(
                        end ->
                                context.out()
                                        .println(
                                                TextTable.escaped(
                                                        "the row is gone: %s at %s by %s, xid %d (%s); before that it was"
                                                                .formatted(
                                                                        end.operation(),
                                                                        end.time(),
                                                                        end.actor(),
                                                                        end.xid(),
                                                                        end.position()))));
        TextTable table =
                new TextTable("field", "value", "set", "actor", "xid", "position", "operation");
        for (BlamedField field : blame.fields()) {
            String value = field.isKnown() ? text(field.value(), "NULL") : "unknown";
            if (field.set().isPresent()) {
                Blame.Setter set = field.set().get();
                String time = field.isSure() ? set.time().toString() : set.time() + " or before";
                table.row(
                        field.column(),
                        value,
                        time,
                        set.actor(),
                        set.xid(),
                        set.position(),
                        set.operation());
            } else {
                String time = field.before().map(base -> "before " + base).orElse("unknown");
                table.row(field.column(), value, time, "unknown", "", "", "");
            }
        }
        if (!blame.fields().isEmpty()) {
            context.print(table);
        } else if (blame.end().isEmpty()) {
            context.out()
                    .printf(
                            blame.isOlder()
                                    ? "nothing is known of %s %s with this key%n"
                                    : "there was no %s %s%n",
                            blame.table(),
                            String.join(",", blame.key()));
        }
    }
}

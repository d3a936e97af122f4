package dev.tidemark.cli.command;

import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.history.FieldChange;
import dev.tidemark.replay.history.RowVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Changes of rows as a table. */
final class RowVersions {
    /** A longer value is cut in the table; {@code --json} has it whole. */
    private static final int VALUE_CHARACTERS_MAX = 60;

    private RowVersions() {}

    static void print(CommandContext context, List<RowVersion> versions) {
        TextTable table =
                new TextTable("time", "position", "xid", "operation", "table", "key", "changed");
        for (RowVersion version : versions) {
            table.row(
                    version.time(),
                    version.position(),
                    version.xid(),
                    version.operation(),
                    version.table(),
                    version.key(),
                    changed(version));
        }
        context.print(table);
    }

    /**
     * What is known to have changed; then, of an update whose before-image the archive does not
     * have, what the row holds since: whether that changed is not known.
     */
    static String changed(RowVersion version) {
        if (version.operation().equals("INSERT")) {
            return joined(version.fields(), RowVersions::now);
        }
        Map<Boolean, List<FieldChange>> byKnown =
                version.fields().stream()
                        .collect(Collectors.partitioningBy(FieldChange::beforeKnown));
        List<String> parts = new ArrayList<>();
        parts.add(
                joined(
                        byKnown.getOrDefault(true, List.of()),
                        field ->
                                field.column()
                                        + ": "
                                        + text(field.before())
                                        + " → "
                                        + text(field.after())));
        List<FieldChange> unknown = byKnown.getOrDefault(false, List.of());
        if (!unknown.isEmpty()) {
            parts.add("before unknown, now " + joined(unknown, RowVersions::now));
        }
        return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
    }

    private static String joined(List<FieldChange> fields, Function<FieldChange, String> text) {
        return fields.stream().map(text).collect(Collectors.joining(", "));
    }

    private static String now(FieldChange field) {
        return field.column() + " = " + text(field.after());
    }

    private static String text(Optional<String> value) {
        return value.map(RowVersions::cut).orElse("NULL");
    }

    private static String cut(String value) {
        if (value.length() <= VALUE_CHARACTERS_MAX) {
            return value;
        }
        return value.substring(0, VALUE_CHARACTERS_MAX) + "… (" + value.length() + " characters)";
    }
}

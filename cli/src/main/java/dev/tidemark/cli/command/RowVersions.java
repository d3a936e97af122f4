package dev.tidemark.cli.command;

import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.history.FieldChange;
import dev.tidemark.replay.history.RowVersion;
import java.util.List;
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
                    version.fields().stream()
                            .map(RowVersions::text)
                            .collect(Collectors.joining(", ")));
        }
        context.print(table);
    }

    private static String text(FieldChange field) {
        String before =
                field.beforeKnown() ? field.before().map(RowVersions::cut).orElse("NULL") : "?";
        return field.column()
                + ": "
                + before
                + " → "
                + field.after().map(RowVersions::cut).orElse("NULL");
    }

    private static String cut(String value) {
        if (value.length() <= VALUE_CHARACTERS_MAX) {
            return value;
        }
        return value.substring(0, VALUE_CHARACTERS_MAX) + "… (" + value.length() + " characters)";
    }
}

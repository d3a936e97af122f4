package dev.tidemark.cli.command;

import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.search.Found;
import dev.tidemark.replay.search.FoundChange;
import dev.tidemark.replay.search.FoundCount;
import dev.tidemark.replay.search.Incident;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was found, for people: counts, incidents, rows. */
final class FindPrint {
    private FindPrint() {}

    static void found(CommandContext context, Found found) {
        if (found.changes() == 0) {
            context.out()
                    .println(
                            "nothing was found: what rows held already when the time began is no change, see 'tidemark query'");
            return;
        }
        counts(context, found.counts());
        if (!found.incidents().isEmpty()) {
            context.out().println();
            incidents(context, found.incidents());
        }
        if (!found.rows().isEmpty()) {
            context.out().println();
            rows(context, found.rows());
        } else if (found.incidents().isEmpty()) {
            context.out()
                    .println("no incident: nobody made 10 alike or more without a longer pause");
        }
        context.out().println();
        context.out()
                .println(
                        "%s%s"
                                .formatted(
                                        Figures.counted(found.changes(), "change"),
                                        found.rows().isEmpty()
                                                ? ""
                                                : found.isMore()
                                                        ? ", of which the newest %d are listed; see --limit"
                                                                .formatted(found.rows().size())
                                                        : ", newest first"));
    }

    static void counts(CommandContext context, List<FoundCount> counts) {
        TextTable table = new TextTable("table", "operation", "changes", "rows", "first", "last");
        for (FoundCount count : counts) {
            table.row(
                    named(count.table(), count.life()),
                    count.operation(),
                    count.changes(),
                    count.rows(),
                    count.first(),
                    count.last());
        }
        context.print(table);
    }

    private static String named(String table, Optional<Integer> life) {
        return life.map(number -> "%s (life %d)".formatted(table, number)).orElse(table);
    }

    private static void incidents(CommandContext context, List<Incident> incidents) {
        TextTable table =
                new TextTable(
                        "from", "to", "actor", "transactions", "changes", "what", "just before");
        for (Incident incident : incidents) {
            table.row(
                    incident.from(),
                    incident.to(),
                    incident.who(),
                    incident.transactions(),
                    incident.changes(),
                    incident.what().stream().map(FindPrint::what).collect(Collectors.joining("; ")),
                    "--before " + incident.before());
        }
        context.print(table);
    }

    private static String what(Incident.What what) {
        String columns = what.columns().isEmpty() ? "" : " " + String.join(", ", what.columns());
        return what.operation() + " " + what.table() + columns;
    }

    private static void rows(CommandContext context, List<FoundChange> rows) {
        TextTable table =
                new TextTable(
                        "time", "actor", "xid", "position", "table", "operation", "key", "changed");
        for (FoundChange row : rows) {
            String key = String.join(",", row.key());
            table.row(
                    row.time(),
                    row.actor(),
                    row.xid(),
                    row.position(),
                    named(row.table(), row.life()),
                    row.operation(),
                    row.name().map(name -> "%s (%s)".formatted(key, name)).orElse(key),
                    HistoryPrint.changed(row.ofRow()));
        }
        context.print(table);
    }
}

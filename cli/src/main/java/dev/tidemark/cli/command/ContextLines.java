package dev.tidemark.cli.command;

import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.history.TransactionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who acts in a transaction, in lines for people. */
final class ContextLines {
    private ContextLines() {}

    static void print(CommandContext command, Optional<TransactionContext> context) {
        of(context).forEach(command.out()::println);
    }

    static List<String> of(Optional<TransactionContext> context) {
        List<String> lines = new ArrayList<>();
        lines.add(
                line(
                        "actor",
                        context.map(ContextLines::actor)
                                .orElse("unknown: nothing was said in the transaction")));
        context.flatMap(TransactionContext::reason)
                .ifPresent(reason -> lines.add(line("reason", reason)));
        context.flatMap(TransactionContext::request)
                .ifPresent(request -> lines.add(line("request", request)));
        context.ifPresent(said -> lines.add(line("session", session(said))));
        return lines;
    }

    private static String line(String name, String text) {
        return TextTable.escaped("%-8s %s".formatted(name, text));
    }

    private static String actor(TransactionContext context) {
        return context.actor()
                .map(actor -> actor + ", said by the application")
                .orElse("unknown: the application named nobody");
    }

    /** What the source itself knew, and what the session called itself. */
    private static String session(TransactionContext context) {
        List<String> parts = new ArrayList<>();
        parts.add("user " + context.sessionUser().orElse(TransactionContext.UNKNOWN));
        context.application().ifPresent(name -> parts.add("application '" + name + "'"));
        context.address().ifPresent(address -> parts.add("from " + address));
        return String.join(", ", parts);
    }
}

package dev.tidemark.cli.command;

import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.replay.history.TransactionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who acts in a transaction, in lines for people. */
final class ContextLines {
    private static final int ACTORS_MAX = 5; // --json has all

    private ContextLines() {}

    static void print(CommandContext command, TransactionView view) {
        of(view).forEach(command.out()::println);
    }

    private static List<String> of(TransactionView view) {
        Optional<TransactionContext> context = view.context();
        List<String> lines = new ArrayList<>();
        lines.add(line("actor", actor(view)));
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

    private static String actor(TransactionView view) {
        String nobody =
                view.context().isPresent()
                        ? "the application named nobody"
                        : "nothing was said in the transaction";
        if (view.actors().isEmpty()) {
            return "unknown: " + nobody;
        }
        List<Actor> actors = view.actors();
        if (actors.getFirst().known() == Actor.Known.SAID) {
            return actors.getFirst().label() + ", said by the application";
        }
        String more = actors.size() > ACTORS_MAX ? " and others" : "";
        return "claimed by the rows: %s%s; %s"
                .formatted(
                        actors.stream()
                                .limit(ACTORS_MAX)
                                .map(Actor::label)
                                .collect(Collectors.joining(", ")),
                        more,
                        nobody);
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

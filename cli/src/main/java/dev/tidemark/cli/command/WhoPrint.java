package dev.tidemark.cli.command;

import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.search.ActingPeople;
import dev.tidemark.replay.search.ActorAnswer;
import dev.tidemark.replay.search.ActorTransaction;
import java.util.Locale;
import java.util.stream.Collectors;

/** What somebody did, and who did anything, for people. */
final class WhoPrint {
    private WhoPrint() {}

    static void answer(CommandContext context, ActorAnswer answer) {
        String actor = TextTable.escaped(answer.who());
        if (!answer.isAny()) {
            context.out().println("nothing is known that " + actor + " did");
            if (!answer.nearest().isEmpty()) {
                context.out()
                        .println(
                                "The nearest names of those who acted are "
                                        + TextTable.escaped(String.join(", ", answer.nearest()))
                                        + ".");
            }
            return;
        }
        if (!answer.said().isEmpty()) {
            context.out().println(actor + ", said by the application");
            FindPrint.counts(context, answer.said());
            context.out().println();
        }
        if (!answer.claimed().isEmpty()) {
            context.out().println(actor + ", claimed by rows");
            FindPrint.counts(context, answer.claimed());
            context.out().println();
        }
        transactions(context, answer);
    }

    private static void transactions(CommandContext context, ActorAnswer answer) {
        TextTable table = new TextTable("time", "xid", "position", "known", "did", "reason");
        for (ActorTransaction one : answer.transactions()) {
            table.row(
                    one.time(),
                    one.xid(),
                    one.position(),
                    one.known().name().toLowerCase(Locale.ROOT),
                    one.did().stream().map(WhoPrint::did).collect(Collectors.joining(", ")),
                    one.reason().orElse(""));
        }
        context.print(table);
        context.out()
                .println(
                        answer.isMore()
                                ? "the newest %d transactions; there are older ones, see --limit"
                                        .formatted(answer.transactions().size())
                                : "%d %s, newest first"
                                        .formatted(
                                                answer.transactions().size(),
                                                answer.transactions().size() == 1
                                                        ? "transaction"
                                                        : "transactions"));
    }

    private static String did(ActorTransaction.Did did) {
        return "%d %s %s".formatted(did.changes(), did.operation(), did.table());
    }

    static void people(CommandContext context, ActingPeople people) {
        if (people.actors().isEmpty()) {
            context.out().println("nobody did anything");
            return;
        }
        TextTable table = new TextTable("actor", "transactions", "changes", "first", "last");
        for (ActingPeople.One one : people.actors()) {
            table.row(one.who(), one.transactions(), one.changes(), one.first(), one.last());
        }
        context.print(table);
        if (people.isMore()) {
            context.out()
                    .printf(
                            "the %d with most changes; there are others, see --limit%n",
                            people.actors().size());
        }
    }
}

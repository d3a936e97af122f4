package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.evidence.AnsweredQuestion;
import dev.tidemark.replay.evidence.AskedWindow;
import dev.tidemark.replay.evidence.TransactionRows;
import dev.tidemark.replay.history.TransactionHistory;
import dev.tidemark.replay.history.TransactionView;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidemark evidence tx}. */
@Command(
        name = "tx",
        header = "All that one transaction changed.",
        description =
                "%nAsks as 'tidemark tx' does. A row of the answer is one field of one change.",
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark evidence tx xid:4711 --output import.zip"})
final class EvidenceTx implements TidemarkCommand, EvidenceQuestion {
    @ParentCommand EvidenceCommand evidence = new EvidenceCommand();
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "MOMENT",
            description =
                    "xid:N, the position of its end, or a time: the last transaction up to then.")
    String moment = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Take at most this many changes; ${DEFAULT-VALUE} when not given.",
            defaultValue = "1000")
    int limit;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        return evidence.write(context, this, spec);
    }

    @Override
    public AnsweredQuestion answer(Asked asked) throws IOException {
        Target target =
                new Target(asked.context().moment(moment, asked.parts().configuration()), false);
        TransactionView view =
                new TransactionHistory(
                                asked.archive(),
                                asked.folder(),
                                asked.parts().claims(asked.archive()),
                                asked.parts().users(asked.archive(), asked.folder()))
                        .at(target, Math.toIntExact(Math.min(limit, TxCommand.CHANGES_MAX)));
        return new AnsweredQuestion(
                "Transaction %d at %s"
                        .formatted(view.transaction().xid(), view.transaction().position()),
                "All that the transaction changed which committed %s, in order."
                        .formatted(view.transaction().commitTime()),
                asked.command(),
                AskedWindow.at(asked.archive(), asked.folder(), target),
                TransactionRows.of(view),
                TransactionRows.actors(view),
                List.of());
    }
}

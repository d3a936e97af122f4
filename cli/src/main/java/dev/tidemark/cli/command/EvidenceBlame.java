package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.replay.evidence.AnsweredQuestion;
import dev.tidemark.replay.evidence.AskedWindow;
import dev.tidemark.replay.evidence.BlameRows;
import dev.tidemark.replay.history.Blame;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidemark evidence blame}. */
@Command(
        name = "blame",
        header = "Who set each field of one row last.",
        description = "%nAsks as 'tidemark blame' does.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark evidence blame crm.contact 4711 --output contact-4711.zip",
            "  tidemark evidence blame crm.contact 17 --at mark:march --output march.zip"
        })
final class EvidenceBlame implements TidemarkCommand, EvidenceQuestion {
    @ParentCommand EvidenceCommand evidence = new EvidenceCommand();
    @Spec CommandSpec spec = CommandSpec.create();
    @Mixin RowArguments row = new RowArguments();

    @Option(
            names = "--at",
            paramLabel = "MOMENT",
            defaultValue = "latest",
            description = "The row as of this moment; ${DEFAULT-VALUE} when not given.")
    String at = "latest";

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        return evidence.write(context, this, spec);
    }

    @Override
    public AnsweredQuestion answer(Asked asked) throws IOException {
        Moment moment = asked.context().moment(at, asked.parts().configuration());
        Blame blame =
                asked.parts()
                        .rowHistory(asked.archive(), asked.folder())
                        .blame(row.table, row.key, moment);
        return new AnsweredQuestion(
                "Who set the fields of " + row,
                "Of each field of the row of %s with the key %s, as it was at the moment: who set it last, and when."
                        .formatted(row.table, String.join(", ", row.key)),
                asked.command(),
                AskedWindow.of(asked.archive(), asked.folder(), Optional.empty(), moment),
                BlameRows.of(blame),
                BlameRows.actors(blame),
                BlameRows.notes(blame));
    }
}

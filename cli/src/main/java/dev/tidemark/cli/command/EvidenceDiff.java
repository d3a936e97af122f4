package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.wiring.DiffJob;
import dev.tidemark.replay.difference.Difference;
import dev.tidemark.replay.difference.DifferenceRequest;
import dev.tidemark.replay.difference.DifferenceRequest.Scope;
import dev.tidemark.replay.evidence.AnsweredQuestion;
import dev.tidemark.replay.evidence.AskedWindow;
import dev.tidemark.replay.evidence.DifferenceRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidemark evidence diff}. */
@Command(
        name = "diff",
        header = "What differs between two moments.",
        description =
                "%nAsks as 'tidemark diff --net' does. A row of the answer is one field of one row that differs.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark evidence diff mark:q3 mark:q4 --table crm.account --output accounts.zip"
        })
final class EvidenceDiff implements TidemarkCommand, EvidenceQuestion {
    @ParentCommand EvidenceCommand evidence = new EvidenceCommand();
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "M1", description = "The moment to begin with.")
    String from = "";

    @Parameters(index = "1", paramLabel = "M2", description = "The moment to get to.")
    String to = "";

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Only this table; also by a name that it had. Repeatable.")
    List<String> tables = new ArrayList<>();

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Take at most this many rows; ${DEFAULT-VALUE} when not given.",
            defaultValue = "1000")
    int limit;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        return evidence.write(context, this, spec);
    }

    @Override
    public AnsweredQuestion answer(Asked asked) throws IOException {
        Target first = target(asked, from);
        Target second = target(asked, to);
        Difference difference =
                new DiffJob(
                                asked.parts(),
                                asked.archive(),
                                asked.folder(),
                                asked.context().progressOnTerminal())
                        .runFixed(first, second, new DifferenceRequest(tables, Scope.NET, limit));
        List<String> notes = new ArrayList<>(difference.notes());
        notes.addAll(DifferenceRows.counts(difference));
        if (!difference.isDifferent()) {
            notes.add("nothing differs");
        }
        return new AnsweredQuestion(
                "Difference of %s and %s".formatted(from, to),
                "What of %s differs in the end, on the way from the first moment to the second."
                        .formatted(tables.isEmpty() ? "all tables" : String.join(" and ", tables)),
                asked.command(),
                AskedWindow.between(asked.archive(), asked.folder(), first, second),
                DifferenceRows.of(difference),
                List.of(),
                notes);
    }

    private static Target target(Asked asked, String moment) {
        return new Target(asked.context().moment(moment, asked.parts().configuration()), false);
    }
}

package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.replay.evidence.AnsweredQuestion;
import dev.tidemark.replay.evidence.AskedWindow;
import dev.tidemark.replay.evidence.HistoryRows;
import dev.tidemark.replay.history.History;
import dev.tidemark.replay.history.HistoryRequest;
import dev.tidemark.replay.history.RowHistory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidemark evidence history}. */
@Command(
        name = "history",
        header = "Every change of one row.",
        description =
                "%nAsks as 'tidemark history' does. A row of the answer is one field of one change.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark evidence history crm.contact 4711 --output contact-4711.zip",
            "  tidemark evidence history crm.deal 17 --field stage --since mark:q3 --output stage.zip"
        })
final class EvidenceHistory implements TidemarkCommand, EvidenceQuestion {
    @ParentCommand EvidenceCommand evidence = new EvidenceCommand();
    @Spec CommandSpec spec = CommandSpec.create();
    @Mixin RowArguments row = new RowArguments();
    @Mixin HistoryOptions options = new HistoryOptions();

    @Option(
            names = "--view",
            paramLabel = "VIEW",
            description =
                    "changes: the fields that changed; versions: the whole row after each change.")
    HistoryCommand.View view = HistoryCommand.View.CHANGES;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        return evidence.write(context, this, spec);
    }

    @Override
    public AnsweredQuestion answer(Asked asked) throws IOException {
        HistoryRequest request =
                options.request(asked.context(), asked.parts().configuration(), row.table, row.key);
        RowHistory rows = asked.parts().rowHistory(asked.archive(), asked.folder());
        History history =
                switch (view) {
                    case CHANGES -> rows.changes(request);
                    case VERSIONS -> rows.versions(request);
                };
        AskedWindow window =
                AskedWindow.of(
                        asked.archive(),
                        asked.folder(),
                        request.since(),
                        request.until().orElse(new Moment.Latest()));
        return new AnsweredQuestion(
                "History of " + row,
                words(),
                asked.command(),
                window,
                switch (view) {
                    case CHANGES -> HistoryRows.changes(history);
                    case VERSIONS -> HistoryRows.versions(history);
                },
                HistoryRows.actors(history.changes()),
                notes(history));
    }

    private String words() {
        String of =
                "of the row of %s with the key %s".formatted(row.table, String.join(", ", row.key));
        String fields =
                options.fields.isEmpty() ? "" : ", of " + String.join(" and ", options.fields);
        return switch (view) {
            case CHANGES -> "Every change %s%s, the newest first.".formatted(of, fields);
            case VERSIONS -> "Every version %s%s, the newest first.".formatted(of, fields);
        };
    }

    private static List<String> notes(History history) {
        List<String> notes = new ArrayList<>(history.notes());
        if (!history.wasThere()) {
            notes.add("there was no such row in this time");
        } else if (history.changes().isEmpty()) {
            notes.add("the row was there, and no change of it is known in this time");
        }
        return notes;
    }
}

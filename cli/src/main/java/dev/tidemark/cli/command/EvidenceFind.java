package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.evidence.AnsweredQuestion;
import dev.tidemark.replay.evidence.AskedWindow;
import dev.tidemark.replay.evidence.HistoryRows;
import dev.tidemark.replay.history.RowChange;
import dev.tidemark.replay.search.Found;
import dev.tidemark.replay.search.FoundChange;
import dev.tidemark.replay.search.FoundCount;
import dev.tidemark.replay.search.Search;
import dev.tidemark.replay.search.SearchRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidemark evidence find}. */
@Command(
        name = "find",
        header = "Changes by what they are.",
        description =
                "%nAsks as 'tidemark find' does. A row of the answer is one field of one change.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark evidence find crm.deal --column stage --to Won --limit 10000 --output won.zip",
            "  tidemark evidence find --actor ann@example.com --since mark:q3 --output ann.zip"
        })
final class EvidenceFind implements TidemarkCommand, EvidenceQuestion {
    @ParentCommand EvidenceCommand evidence = new EvidenceCommand();
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "TABLE",
            description =
                    "With its schema, as in crm.contact; also by a name that it had. All tables when not given.")
    String table = "";

    @Mixin FindOptions options = new FindOptions();

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        return evidence.write(context, this, spec);
    }

    @Override
    public AnsweredQuestion answer(Asked asked) throws IOException {
        SearchRequest request =
                options.request(asked.context(), asked.parts().configuration(), table);
        Found found = find(asked, request);
        List<RowChange> changes = found.rows().stream().map(FoundChange::ofRow).toList();
        return new AnsweredQuestion(
                "Changes" + (table.isEmpty() ? " of all tables" : " of " + table),
                "The changes that answer to the options of the command, the newest first.",
                asked.command(),
                AskedWindow.of(
                        asked.archive(),
                        asked.folder(),
                        request.since(),
                        request.until().orElse(new Moment.Latest())),
                HistoryRows.changes(changes, found.isMore()),
                HistoryRows.actors(changes),
                notes(found));
    }

    private static Found find(Asked asked, SearchRequest request) throws IOException {
        try (Progress.Task task = SearchBeginning.start(asked.context())) {
            return new Search(
                            asked.archive(),
                            asked.folder(),
                            SearchBeginning.profile(asked.parts(), asked.archive()),
                            task::advance)
                    .find(request, 0);
        }
    }

    private static List<String> notes(Found found) {
        List<String> notes = new ArrayList<>(found.notes());
        for (FoundCount count : found.counts()) {
            notes.add(
                    "%s %s: %d changes of %d rows, the first at %s, the last at %s"
                            .formatted(
                                    count.table(),
                                    count.operation(),
                                    count.changes(),
                                    count.rows(),
                                    count.first(),
                                    count.last()));
        }
        if (found.changes() == 0) {
            notes.add("no change answers");
        }
        return notes;
    }
}

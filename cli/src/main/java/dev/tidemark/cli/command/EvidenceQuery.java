package dev.tidemark.cli.command;

import dev.tidemark.replay.duckdb.LockedDuckDb;
import dev.tidemark.replay.evidence.AnsweredQuestion;
import dev.tidemark.replay.evidence.AskedWindow;
import dev.tidemark.replay.evidence.QueryRows;
import dev.tidemark.replay.query.Answer;
import dev.tidemark.replay.query.ArchiveSql;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidemark evidence query}. */
@Command(
        name = "query",
        header = "What SQL says of tables as of a moment, and of what happened to them.",
        description =
                "%nAsks as 'tidemark query' does. The answer has to be the same each time: what depends on the time of day or on chance is refused.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark evidence query \"FROM crm.quotes ORDER BY id\" --as-of mark:q1 --output all.zip",
            "  tidemark evidence query --file question.sql --limit 100000 --output answer.zip"
        })
final class EvidenceQuery implements TidemarkCommand, EvidenceQuestion {
    private static final String FILE = "--file";

    @ParentCommand EvidenceCommand evidence = new EvidenceCommand();
    @Spec CommandSpec spec = CommandSpec.create();
    @Mixin SqlArguments sql = new SqlArguments();
    @Mixin QueryOptions options = new QueryOptions();

    private String statement = "";

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        LockedDuckDb.loadAhead();
        return evidence.write(context, this, spec);
    }

    @Override
    public Optional<String> said() {
        statement = sql.text();
        return sql.isWritten() ? Optional.empty() : Optional.of(statement);
    }

    @Override
    public AnsweredQuestion answer(Asked asked) throws IOException, InterruptedException {
        ArchiveSql.Asking asking =
                options.asking(
                        asked.context(),
                        asked.parts().configuration(),
                        asked.parts().claims(asked.archive()));
        List<String> notes = new ArrayList<>();
        ArchiveSql answers = ArchiveSql.open(asked.archive(), asking, asked.folder(), notes::add);
        Answer answer = answer(answers);
        AskedWindow asOf = AskedWindow.at(asked.archive(), asked.folder(), asking.asOf());
        AskedWindow window =
                AskedWindow.of(
                        asked.archive(),
                        asked.folder(),
                        asking.since().map(since -> since.moment()),
                        asking.until().moment());
        return new AnsweredQuestion(
                "Answer to a question in SQL",
                "Tables are as of the moment 'at'; what happened to them, and transactions, are those from 'since' to 'until'.",
                CommandWords.line(words()),
                window.after(asOf),
                QueryRows.of(answer),
                List.of(),
                notes);
    }

    private Answer answer(ArchiveSql answers) throws IOException, InterruptedException {
        try {
            return answers.askTwice(statement, options.limits());
        } catch (TidemarkException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw e;
        }
    }

    /** Wherever the statement was read from. */
    private List<String> words() {
        List<String> words = new ArrayList<>(List.of("tidemark", "query", statement.strip()));
        List<String> given = CommandWords.of(spec.commandLine().getParseResult());
        List<String> others = given.subList(sql.sql.size(), given.size());
        sql.file.ifPresent(
                file -> others.subList(others.indexOf(FILE), others.indexOf(FILE) + 2).clear());
        words.addAll(others);
        return words;
    }
}

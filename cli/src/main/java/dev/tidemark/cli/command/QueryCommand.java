package dev.tidemark.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.prompt.Asker;
import dev.tidemark.cli.prompt.SqlPrompt;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.duckdb.LockedDuckDb;
import dev.tidemark.replay.query.ArchiveSql;
import dev.tidemark.replay.query.Limits;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark query}. */
@Command(
        name = "query",
        header = "Ask in SQL: tables as of a moment, and what happened to them.",
        description = {
            "%nThe SQL is DuckDB's. It sees each table of the source under its schema and name, with the columns that it had at"
                    + " the moment; history.TABLE, or history.SCHEMA.TABLE, with every change (_change_type, _commit_time, _position,"
                    + " _tx, _actor, _number, _before, _before_known, _unknown); and transactions. It reads the archive only, and"
                    + " changes nothing: whatever is no question, or reads a file, is refused. docs/sql.md tells more."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark query \"SELECT count(*) FROM crm.contacts\" --as-of 2026-03-31T23:59:59Z",
            "  tidemark query \"FROM history.contacts WHERE id = 4711 ORDER BY _number\" --json",
            "  tidemark query \"FROM transactions\" --since 2026-11-20T00:00:00Z --csv",
            "  tidemark query --file question.sql --limit 100000 --csv"
        })
final class QueryCommand implements TidemarkCommand {
    /** Does not wrap lines, leaves the screen as it is. */
    private static final String PAGER = "less -SX";

    @Parameters(
            paramLabel = "SQL",
            arity = "0..*",
            description =
                    "One statement; - reads it from stdin. Without SQL, on a terminal: a prompt.")
    List<String> sql = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "Read the SQL from a file.")
    Optional<Path> file = Optional.empty();

    @Mixin QueryOptions options = new QueryOptions();

    @ArgGroup(exclusive = true)
    AnswerFormat format = new AnswerFormat();

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        boolean isPrompt = sql.isEmpty() && file.isEmpty() && context.isTerminal();
        String asked = isPrompt ? "" : sql();
        Limits limits = options.limits();
        LockedDuckDb.loadAhead();
        Parts parts = context.parts(Section.ARCHIVE);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("query")) {
            ArchiveSql.Asking asking =
                    options.asking(context, parts.configuration(), parts.claims(archive));
            ArchiveSql answers = ArchiveSql.open(archive, asking, temporary.path(), context::warn);
            if (isPrompt) {
                prompt(context, answers, limits);
            } else {
                answer(context, answers, asked, limits);
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private void answer(CommandContext context, ArchiveSql answers, String asked, Limits limits)
            throws IOException, InterruptedException {
        try {
            AnswerView.print(context, answers.ask(asked, limits), format);
        } catch (TidemarkException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw e;
        }
    }

    private void prompt(CommandContext context, ArchiveSql answers, Limits limits)
            throws IOException, InterruptedException {
        Asker asker =
                new Asker() {
                    @Override
                    public String answer(String question) {
                        try {
                            return AnswerView.text(answers.ask(question, limits), format);
                        } catch (IOException e) {
                            throw ArchiveErrors.reading(e);
                        }
                    }

                    @Override
                    public void cancel() {
                        answers.cancel();
                    }
                };
        String pager = context.environment().getOrDefault("PAGER", PAGER);
        SqlPrompt.run(asker, pager, answers.tableNames(), answers.columnNames());
    }

    private String sql() {
        if (file.isPresent() && !sql.isEmpty()) {
            throw TidemarkException.usage(
                    "SQL is given on the command line and by --file", "Give one of them.");
        }
        if (file.isPresent()) {
            return read(file.get());
        }
        if (sql.equals(List.of("-"))) {
            return stdin();
        }
        if (sql.isEmpty()) {
            throw TidemarkException.usage(
                    "there is no SQL, and no terminal to type it",
                    "Give it as an argument, by --file, or - to read it from stdin.");
        }
        return String.join(" ", sql);
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw TidemarkException.usage(
                    "cannot read %s: %s".formatted(path, TidemarkException.reason(e, path)),
                    "Give --file a file with one statement, in UTF-8.");
        }
    }

    private static String stdin() {
        try {
            return new String(System.in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot read stdin: " + TidemarkException.reason(e), "Use --file.", e);
        }
    }
}

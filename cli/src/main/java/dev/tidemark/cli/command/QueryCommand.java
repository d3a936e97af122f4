package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.prompt.Asker;
import dev.tidemark.cli.prompt.SqlPrompt;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.duckdb.LockedDuckDb;
import dev.tidemark.replay.query.ArchiveSql;
import dev.tidemark.replay.query.Limits;
import dev.tidemark.replay.query.ViewFiles;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
            "  tidemark query --file question.sql --limit 100000 --csv",
            "  tidemark query --ddl --directory views --table crm.contacts --as-of mark:q1"
        })
final class QueryCommand implements TidemarkCommand {
    /** Does not wrap lines, leaves the screen as it is. */
    private static final String PAGER = "less -SX";

    @Mixin SqlArguments sql = new SqlArguments();

    @Mixin QueryOptions options = new QueryOptions();

    @Mixin ViewOptions views = new ViewOptions();

    @ArgGroup(exclusive = true)
    AnswerFormat format = new AnswerFormat();

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        views.check(!sql.isNone());
        boolean isPrompt = sql.isNone() && context.isTerminal() && !views.isWanted;
        String asked = isPrompt || views.isWanted ? "" : sql.text();
        Limits limits = options.limits();
        LockedDuckDb.loadAhead();
        Parts parts = parts(context, asked);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("query")) {
            ArchiveSql.Asking asking =
                    options.asking(context, parts.configuration(), parts.claims(archive));
            ArchiveSql answers = ArchiveSql.open(archive, asking, temporary.path(), context::warn);
            if (views.isWanted) {
                interruptibly(() -> write(context, parts, new ViewFiles(answers, limits)));
                warnOfClearText(context, archive);
            } else if (isPrompt) {
                prompt(context, answers, limits, said -> parts.saying(said).note(archive));
            } else {
                interruptibly(() -> AnswerView.print(context, answers.ask(asked, limits), format));
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    /** What is asked is logged also where the command line does not have it. */
    private Parts parts(CommandContext context, String asked) {
        Parts parts = context.parts(Section.ARCHIVE);
        return asked.isEmpty() || sql.isWritten() ? parts : parts.saying(asked);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void interruptibly(Work work) throws IOException, InterruptedException {
        try {
            work.run();
        } catch (TidemarkException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw e;
        }
    }

    private void write(CommandContext context, Parts parts, ViewFiles files) throws IOException {
        Path path = views.path(context, parts);
        try (ExportFolder folder = ExportFolder.make(path)) {
            context.out().print(files.write(views.tables, path));
            folder.keep();
        }
    }

    private static void warnOfClearText(CommandContext context, Archive archive) {
        if (archive.identity().isEncrypted()) {
            context.warn("the archive is encrypted, and what was written is not");
        }
    }

    private void prompt(
            CommandContext context, ArchiveSql answers, Limits limits, Consumer<String> noting)
            throws IOException, InterruptedException {
        Asker asker =
                new Asker() {
                    @Override
                    public String answer(String question) {
                        noting.accept(question);
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
}

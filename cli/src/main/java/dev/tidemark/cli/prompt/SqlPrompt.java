package dev.tidemark.cli.prompt;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Asks a person for questions until there are no more. Ctrl-C ends a question, not the prompt. What
 * was typed is kept in memory only. For one thread.
 */
public final class SqlPrompt {
    private static final String PROMPT = "tidemark> ";
    private static final String MORE = "       -> ";

    private static final String TABLES =
            "SELECT table_schema AS schema, table_name AS name FROM information_schema.tables ORDER BY ALL";

    private final Terminal terminal;
    private final Asker asker;
    private final Pager pager;
    private final LineReader lines;

    private SqlPrompt(Terminal terminal, Asker asker, Pager pager, SqlWords words) {
        this.terminal = terminal;
        this.asker = asker;
        this.pager = pager;
        this.lines =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .parser(new SqlLines())
                        .completer(words)
                        .variable(LineReader.SECONDARY_PROMPT_PATTERN, MORE)
                        .option(LineReader.Option.CASE_INSENSITIVE, true)
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .build();
    }

    /**
     * Goes on until the person ends it.
     *
     * @param pager the program that shows long answers, with its options
     * @param tables names that are completed
     * @param columns the same
     */
    public static void run(Asker asker, String pager, List<String> tables, List<String> columns)
            throws IOException, InterruptedException {
        try (Terminal terminal =
                TerminalBuilder.builder()
                        .system(true)
                        .nativeSignals(true)
                        .signalHandler(
                                signal -> {
                                    if (signal == Terminal.Signal.INT) {
                                        asker.cancel();
                                    }
                                })
                        .build()) {
            new SqlPrompt(terminal, asker, new Pager(pager), new SqlWords(tables, columns)).run();
        }
    }

    private void run() throws InterruptedException {
        say("SQL about the archive; \\? for help, \\q or Ctrl-D to end.\n");
        while (true) {
            Optional<String> line = line();
            if (line.isEmpty()) {
                return;
            }
            if (Command.isOne(line.get())) {
                if (isLast(line.get())) {
                    return;
                }
            } else {
                ask(SqlText.of(line.get()).statement());
            }
        }
    }

    private Optional<String> line() {
        while (true) {
            try {
                return Optional.of(lines.readLine(PROMPT));
            } catch (UserInterruptException e) {
                say("\n"); // what was typed is given up
            } catch (EndOfFileException e) {
                return Optional.empty();
            }
        }
    }

    private boolean isLast(String line) throws InterruptedException {
        Optional<Command> command = Command.of(line);
        if (command.isEmpty()) {
            say("%s is not known; \\? for help.%n".formatted(line.strip()));
            return false;
        }
        String name = Command.argument(line);
        switch (command.get()) {
            case HELP -> say(Command.help());
            case TABLES -> ask(name.isEmpty() ? TABLES : "DESCRIBE " + name);
            case QUIT -> {
                return true;
            }
        }
        return false;
    }

    private void ask(String sql) throws InterruptedException {
        if (sql.isBlank()) {
            return;
        }
        try {
            show(asker.answer(sql));
        } catch (TidemarkException e) {
            say("error: %s%nHINT: %s%n".formatted(e.getMessage(), e.hint()));
        }
    }

    private void show(String text) throws InterruptedException {
        boolean isLong =
                text.lines().count() >= terminal.getSize().getRows()
                        || text.lines()
                                .anyMatch(line -> line.length() > terminal.getSize().getColumns());
        if (!isLong || terminal.getSize().getRows() == 0 || !pager.show(text)) {
            say(text);
        }
    }

    private void say(String text) {
        terminal.writer().print(text);
        terminal.flush();
    }
}

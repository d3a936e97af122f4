package dev.tidemark.cli.prompt;

import java.util.Optional;

/** What can be typed that is no SQL. */
enum Command {
    HELP("\\?", "this help"),
    TABLES("\\d", "the tables; \\d TABLE: the columns of one, also of history.TABLE"),
    QUIT("\\q", "end, as Ctrl-D does");

    private final String word;
    private final String meaning;

    Command(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    static boolean isOne(String line) {
        return line.stripLeading().startsWith("\\");
    }

    static Optional<Command> of(String line) {
        String first = line.strip().split("\\s+", 2)[0];
        for (Command command : values()) {
            if (command.word.equals(first)) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }

    /** What comes after the word; may be nothing. */
    static String argument(String line) {
        String[] words = line.strip().split("\\s+", 2);
        return words.length == 1 ? "" : words[1].replaceFirst(";\\s*$", "");
    }

    static String help() {
        StringBuilder help = new StringBuilder("SQL ends with a semicolon. Besides there are:\n");
        for (Command command : values()) {
            help.append("  %-4s %s%n".formatted(command.word, command.meaning));
        }
        return help.append("  Tab completes, Ctrl-C cancels a statement\n").toString();
    }
}

package dev.tidemark.cli.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * What was written on a command line, in an order of its own: the same question is the same words,
 * in whatever order its options came. Options that every command has say nothing of it, and are
 * left out.
 */
final class CommandWords {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@,+-]+");

    private CommandWords() {}

    /** What a command is called, behind the program's own name. */
    static String name(CommandLine line) {
        String name = line.getCommandSpec().qualifiedName();
        return name.substring(name.indexOf(' ') + 1);
    }

    /** The arguments of a command that was parsed. */
    static List<String> of(ParseResult parsed) {
        CommandSpec spec = parsed.commandSpec();
        List<String> words = new ArrayList<>();
        spec.positionalParameters().stream()
                .sorted(Comparator.comparing(PositionalParamSpec::index))
                .filter(parsed::hasMatchedPositional)
                .map(ArgSpec::originalStringValues)
                .forEach(words::addAll);
        spec.options().stream()
                .filter(option -> !option.inherited() && parsed.hasMatchedOption(option))
                .sorted(Comparator.comparing(OptionSpec::longestName))
                .forEach(option -> add(option, words));
        return words;
    }

    private static void add(OptionSpec option, List<String> words) {
        if (option.arity().max() == 0) {
            words.add(option.longestName());
            return;
        }
        for (String value : option.originalStringValues()) {
            words.add(option.longestName());
            words.add(value);
        }
    }

    /** As a shell takes them. */
    static String line(List<String> words) {
        return words.stream().map(CommandWords::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}

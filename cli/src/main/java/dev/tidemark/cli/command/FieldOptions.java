package dev.tidemark.cli.command;

import dev.tidemark.replay.search.FieldQuestion;
import dev.tidemark.replay.search.FieldQuestion.Wanted;
import dev.tidemark.schemas.TidemarkException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is asked of the fields that a change touched. */
final class FieldOptions {
    @Option(
            names = "--column",
            paramLabel = "NAME",
            description = "This column changed, or was set by an INSERT, or went with a DELETE.")
    @Nullable String column; // picocli says so that an option was not given; "" is a value

    @Option(
            names = "--from",
            paramLabel = "VALUE",
            description = "It had this value before. With --column.")
    @Nullable String from;

    @Option(names = "--from-null", description = "It was NULL before. With --column.")
    boolean isFromNull;

    @Option(
            names = "--to",
            paramLabel = "VALUE",
            description = "It has this value since. With --column.")
    @Nullable String to;

    @Option(names = "--to-null", description = "It is NULL since. With --column.")
    boolean isToNull;

    @Option(
            names = "--value",
            paramLabel = "VALUE",
            description =
                    "A field that changed had this value before or has it since; with --column that one.")
    @Nullable String value;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            description = "The same of a text that is in it, whatever letters are capitals.")
    @Nullable String text;

    /**
     * The question.
     *
     * @throws TidemarkException (usage) when the options do not go together
     */
    FieldQuestion question() {
        Optional<Wanted> before = wanted("from", from, isFromNull);
        Optional<Wanted> after = wanted("to", to, isToNull);
        if (column == null && (before.isPresent() || after.isPresent())) {
            throw TidemarkException.usage(
                    "%s needs --column".formatted(before.isPresent() ? "--from" : "--to"),
                    "Say which column had or has the value; --value asks for it in every column.");
        }
        if ("".equals(text)) {
            throw TidemarkException.usage(
                    "--text is empty, and every field contains that",
                    "Give a text to look for; --value '' asks for fields that are empty.");
        }
        return new FieldQuestion(
                Optional.ofNullable(column),
                before,
                after,
                Optional.ofNullable(value),
                Optional.ofNullable(text));
    }

    private static Optional<Wanted> wanted(String option, @Nullable String text, boolean isNull) {
        if (isNull && text != null) {
            throw TidemarkException.usage(
                    "--%1$s and --%1$s-null do not go together".formatted(option),
                    "Give one of them.");
        }
        return isNull ? Optional.of(Wanted.NULL) : Optional.ofNullable(text).map(Wanted::of);
    }
}

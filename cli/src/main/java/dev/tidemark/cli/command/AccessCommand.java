package dev.tidemark.cli.command;

import dev.tidemark.archive.access.AccessEntry;
import dev.tidemark.archive.access.AccessLog;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark access}. */
@Command(
        name = "access",
        header = "List what was asked of the archive, and by whom.",
        description = {
            "%nThe newest first. It has what was asked with access.reader in the configuration: each question is noted before it is"
                    + " answered, and one that cannot be noted is refused. The archive itself is the same with and without it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark access",
            "  tidemark access --reader auditor --since 2026-11-01T00:00:00Z --json"
        })
final class AccessCommand implements TidemarkCommand {
    private static final String READER = "[a-z][a-z0-9-]{0,40}";

    @Option(names = "--reader", paramLabel = "NAME", description = "Only what this one asked.")
    Optional<String> reader = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only what was asked at this time or later.")
    Optional<String> since = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Show at most this many; ${DEFAULT-VALUE} when not given.",
            defaultValue = "100")
    int limit;

    @Option(names = "--json", description = "Print the entries as JSON.")
    boolean isJson;

    @Override
    public boolean isLogged() {
        return false; // who looks at the log need not be able to write it
    }

    @Override
    public ExitCode run(CommandContext context) {
        reader.filter(name -> !name.matches(READER))
                .ifPresent(
                        name -> {
                            throw TidemarkException.usage(
                                    "--reader '%s' is no name of a reader".formatted(name),
                                    "It is as access.reader of the configuration: a lower-case letter, then up to 40 of a-z, 0-9 and -.");
                        });
        Parts parts = context.parts(Section.ARCHIVE);
        Optional<Instant> begin =
                since.map(text -> time(context.moment(text, parts.configuration())));
        try (Archive archive = parts.archive()) {
            AccessLog.Listed listed =
                    archive.access().newest(new AccessLog.Wanted(reader, begin, limit));
            if (!listed.unreadable().isEmpty()) {
                context.warn(
                        "%s no entry of its reader, or of another version: %s"
                                .formatted(
                                        listed.unreadable().size() == 1
                                                ? "1 object is"
                                                : listed.unreadable().size() + " objects are",
                                        String.join(", ", listed.unreadable())));
            }
            if (isJson) {
                context.printJson(listed);
            } else {
                print(context, listed);
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private static Instant time(Moment moment) {
        if (moment instanceof Moment.AtTime at) {
            return at.time();
        }
        throw TidemarkException.usage(
                "--since %s is no time".formatted(moment),
                "Questions are noted by the time at which they were asked: give one.");
    }

    private static void print(CommandContext context, AccessLog.Listed listed) {
        TextTable table = new TextTable("time", "reader", "user", "manifest", "asked");
        for (AccessEntry entry : listed.entries()) {
            table.row(entry.time(), entry.reader(), entry.user(), entry.manifest(), asked(entry));
        }
        context.print(table);
        context.out()
                .printf(
                        "%s of %s entries, newest first%n",
                        Figures.count(listed.entries().size()), Figures.count(listed.total()));
    }

    private static String asked(AccessEntry entry) {
        List<String> words = new ArrayList<>(List.of(entry.command().split(" ")));
        words.addAll(entry.arguments());
        return CommandWords.line(words) + entry.text().map(text -> ": " + text).orElse("");
    }
}

package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archiver.mark.Marks;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.PresentMoment;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark mark}. */
@Command(
        name = "mark",
        header = "Give a moment a name, for example before a migration.",
        description = {
            "%nThe moment is now, when nothing else is said: what is committed in the source at this time, as soon as"
                    + " it is archived, which takes as long as a segment lasts. Without NAME it lists the marks."
                    + " A restore goes to one with --to mark:NAME."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark mark before-import",
            "  tidemark mark release-4.2 --note tested --at 2026-11-20T14:03:07Z",
            "  tidemark mark",
            "  tidemark mark before-import --remove"
        })
final class MarkCommand implements TidemarkCommand {
    @Parameters(paramLabel = "NAME", arity = "0..1", description = "What it is to be called.")
    Optional<String> name = Optional.empty();

    @Option(
            names = "--at",
            paramLabel = "MOMENT",
            description = "Another moment than now; it is included.")
    Optional<String> at = Optional.empty();

    @Option(names = "--note", paramLabel = "TEXT", description = "For people who see the mark.")
    Optional<String> note = Optional.empty();

    @Option(names = "--remove", description = "Take the name back. The moment stays as it is.")
    boolean isRemoved;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        refuseWhatDoesNotFit();
        boolean isNow = name.isPresent() && at.isEmpty() && !isRemoved;
        Parts parts =
                isNow
                        ? context.parts(Section.SOURCE, Section.ARCHIVE)
                        : context.parts(Section.ARCHIVE);
        try (Archive archive = parts.archive()) {
            if (name.isEmpty()) {
                list(context, archive);
            } else if (isRemoved) {
                print(context, "removed", new Marks(archive, parts.clock()).remove(name.get()));
            } else {
                print(context, "marked", add(context, parts, archive));
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "reading or writing the archive broke off: " + TidemarkException.reason(e),
                    "Check that the archive can be reached and written, and that temporary-directory has room; 'tidemark"
                            + " mark' lists the marks.",
                    e);
        }
    }

    private void refuseWhatDoesNotFit() {
        if (name.isEmpty() && (at.isPresent() || note.isPresent() || isRemoved)) {
            throw TidemarkException.usage(
                    "--at, --note and --remove need a name",
                    "Write it first: tidemark mark NAME …");
        }
        if (isRemoved && (at.isPresent() || note.isPresent())) {
            throw TidemarkException.usage(
                    "--remove takes a mark back, and goes with neither --at nor --note",
                    "Leave one of them out.");
        }
    }

    private Mark add(CommandContext context, Parts parts, Archive archive)
            throws IOException, InterruptedException {
        Target target =
                new Target(
                        at.isPresent()
                                ? context.moment(at.get(), parts.configuration())
                                : PresentMoment.await(parts, archive),
                        false);
        try (TemporaryFolder temporary = parts.temporary("mark")) {
            return new Marks(archive, parts.clock())
                    .add(name.orElseThrow(), target, note.orElse(""), temporary.path());
        }
    }

    private void print(CommandContext context, String what, Mark mark) {
        if (isJson) {
            context.printJson(mark);
        } else {
            context.out()
                    .printf("%s '%s': %s (%s)%n", what, mark.name(), mark.time(), mark.position());
        }
    }

    private void list(CommandContext context, Archive archive) {
        if (isJson) {
            context.printJson(archive.state().marks());
            return;
        }
        TextTable table = new TextTable("time", "position", "name", "note");
        archive.state()
                .marks()
                .forEach(mark -> table.row(mark.time(), mark.position(), mark.name(), mark.note()));
        context.print(table);
    }
}

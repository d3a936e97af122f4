package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Hold;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archiver.mark.Holds;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark hold}. */
@Command(
        name = "hold",
        header = "Keep all moments of some time, whatever the policy says.",
        description = {
            "%nFor a case at court, an audit, an incident: nothing of that time expires until the hold is released."
                    + " What has expired already does not come back. Without NAME it lists the holds."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark hold case-4711 --from 2026-01-01T00:00:00Z --to 2026-03-31T23:59:59Z",
            "  tidemark hold",
            "  tidemark hold case-4711 --release"
        })
final class HoldCommand implements TidemarkCommand {
    @Parameters(paramLabel = "NAME", arity = "0..1", description = "What it is to be called.")
    Optional<String> name = Optional.empty();

    @Option(names = "--from", paramLabel = "TIME", description = "The first moment; it has passed.")
    Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "TIME", description = "The last one; it may be to come.")
    Optional<String> to = Optional.empty();

    @Option(names = "--note", paramLabel = "TEXT", description = "For people who see the hold.")
    Optional<String> note = Optional.empty();

    @Option(names = "--release", description = "Hold it no more. The policy decides from then on.")
    boolean isReleased;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) {
        refuseWhatDoesNotFit();
        Parts parts = context.parts(Section.ARCHIVE);
        try (Archive archive = parts.archive()) {
            Holds holds = new Holds(archive, parts.clock());
            if (name.isEmpty()) {
                list(context, archive);
            } else if (isReleased) {
                print(context, "released", holds.release(name.get()));
            } else {
                Instant first = time(context, parts, from.orElseThrow());
                Instant last = time(context, parts, to.orElseThrow());
                refuseToBeginLater(first, parts.clock().instant());
                Hold hold = holds.add(name.get(), first, last, note.orElse(""));
                print(context, "held", hold);
                holds.heldFrom(hold)
                        .filter(first::isBefore)
                        .ifPresent(
                                begin ->
                                        context.warn(
                                                "of the time before %s the archive has nothing"
                                                        .formatted(begin)));
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "reading or writing the archive broke off: " + TidemarkException.reason(e),
                    "Check that the archive can be reached and written; 'tidemark hold' lists the holds.",
                    e);
        }
    }

    private void refuseWhatDoesNotFit() {
        boolean isTimed = from.isPresent() || to.isPresent();
        if (name.isEmpty() && (isTimed || note.isPresent() || isReleased)) {
            throw TidemarkException.usage(
                    "--from, --to, --note and --release need a name",
                    "Write it first: tidemark hold NAME …");
        }
        if (isReleased && (isTimed || note.isPresent())) {
            throw TidemarkException.usage(
                    "--release goes with neither --from, --to nor --note", "Leave them out.");
        }
        if (name.isPresent() && !isReleased && (from.isEmpty() || to.isEmpty())) {
            throw TidemarkException.usage(
                    "a hold has a beginning and an end",
                    "Give both: tidemark hold NAME --from TIME --to TIME.");
        }
    }

    private static void refuseToBeginLater(Instant first, Instant now) {
        if (first.isAfter(now)) {
            throw TidemarkException.refused(
                    "the hold would begin at %s, which is in the future: now is %s"
                            .formatted(first, now),
                    "Begin with a time that has passed; the end may be to come.");
        }
    }

    private static Instant time(CommandContext context, Parts parts, String text) {
        if (context.momentEvenToCome(text, parts.configuration())
                instanceof Moment.AtTime(Instant time)) {
            return time;
        }
        throw TidemarkException.usage(
                "a hold is from one time to another, and '%s' is none".formatted(text),
                "Write it as 2026-11-20T14:03:07Z.");
    }

    private void print(CommandContext context, String what, Hold hold) {
        if (isJson) {
            context.printJson(hold);
        } else {
            context.out().printf("%s '%s': %s to %s%n", what, hold.name(), hold.from(), hold.to());
        }
    }

    private void list(CommandContext context, Archive archive) {
        if (isJson) {
            context.printJson(archive.state().holds());
            return;
        }
        TextTable table = new TextTable("from", "to", "name", "note");
        archive.state()
                .holds()
                .forEach(hold -> table.row(hold.from(), hold.to(), hold.name(), hold.note()));
        context.print(table);
    }
}

package dev.tidemark.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.mask.MaskTemplate;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark masks}. */
@Command(
        name = "masks",
        header = "Propose a mask file: every table and column, with guesses for what is obvious.",
        description = {
            "%nReads the archive only. What a name tells (first_name, email, phone, …) is proposed; all else is a comment, for",
            "you to decide. 'tidemark restore --mask FILE --preview' shows what a file makes of rows."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark masks --out masks.yaml",
            "  tidemark masks --to 2026-11-20T14:03:07Z"
        })
final class MasksCommand implements TidemarkCommand {
    @ArgGroup(multiplicity = "0..1")
    TargetOptions target = new TargetOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where to write it, which must not exist; on the standard output when not given.")
    Optional<Path> out = Optional.empty();

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("masks")) {
            Target moment =
                    target.isGiven()
                            ? target.target(context, parts.configuration())
                            : new Target(new Moment.Latest(), false);
            RestorePlan plan = new Planner(archive, temporary.path()).plan(moment);
            String text = new MaskTemplate(CatalogWalk.at(archive, plan, temporary.path())).text();
            if (out.isEmpty()) {
                context.out().print(text);
                context.out().flush();
            } else {
                write(context.directory().resolve(out.get()), text);
                context.out()
                        .printf(
                                "%s proposes what becomes of each column. Look at each line of it.%n",
                                out.get());
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw TidemarkException.usage(
                    "cannot write %s: %s".formatted(file, TidemarkException.reason(e, file)),
                    "Give the name of a new file in a folder that you may write into.");
        }
    }
}

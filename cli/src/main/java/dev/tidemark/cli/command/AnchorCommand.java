package dev.tidemark.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.proof.Anchor;
import dev.tidemark.capture.prepare.SourceAnchors;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Anchors;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark anchor}. */
@Command(
        name = "anchor",
        header = "Write down how far the archive is, to keep where nobody can change both.",
        description = {
            "%nAn archive that is rolled back to an older state, or replaced by another one, is whole by itself: only who"
                    + " knows how far it was can tell. Prints one line of JSON, or writes it into a file or into the source;"
                    + " 'tidemark verify --anchor' holds the archive against it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark anchor --into /mnt/worm/crm-2026-11-20.json",
            "  tidemark anchor --into source",
            "  tidemark anchor"
        })
final class AnchorCommand implements TidemarkCommand {
    @Option(
            names = "--into",
            paramLabel = "PLACE",
            description = "A new file, or source: a table in the schema tidemark there.")
    Optional<String> into = Optional.empty();

    @Override
    public ExitCode run(CommandContext context) {
        boolean isIntoSource = into.filter(Anchors.SOURCE::equals).isPresent();
        Parts parts =
                isIntoSource
                        ? context.parts(Section.SOURCE, Section.ARCHIVE)
                        : context.parts(Section.ARCHIVE);
        Anchor anchor = anchor(parts);
        if (into.isEmpty()) {
            context.out().println(new String(anchor.bytes(), UTF_8));
        } else if (isIntoSource) {
            SourceAnchors.add(parts.admin(), anchor.bytes());
        } else {
            write(context.directory().resolve(into.get()), anchor);
        }
        if (into.isPresent()) {
            context.out()
                    .printf(
                            "anchored manifest %d (%s) in %s%n",
                            anchor.number(), anchor.position(), into.get());
        }
        return ExitCode.DONE;
    }

    private static Anchor anchor(Parts parts) {
        try (Archive archive = parts.archive()) {
            return archive.anchor(parts.clock().instant());
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private static void write(Path file, Anchor anchor) {
        try {
            Files.write(file, anchor.bytes(), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw TidemarkException.refused(
                    "the file %s exists already".formatted(file),
                    "An older anchor is worth keeping. Choose another name.");
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot write the anchor %s: %s"
                            .formatted(file, TidemarkException.reason(e, file)),
                    "Choose a folder that is there and that you may write.",
                    e);
        }
    }
}

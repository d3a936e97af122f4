package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ReadFiles;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.evidence.AnsweredQuestion;
import dev.tidemark.replay.evidence.EvidenceBundle;
import dev.tidemark.replay.export.PublishedFile;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code tidemark evidence}. */
@Command(
        name = "evidence",
        header = "Hand on an answer with what proves it: one file to read, print and check.",
        description = {
            "%nAsks a question as the command of its name does, and writes a zip: the rows as CSV and Parquet, a page to read and print,"
                    + " the archive's manifests with their signatures, which files were read, what is not known of the time that was"
                    + " asked about, and a script that checks it all without Tidemark. The same question to the same archive gives"
                    + " the same bytes. docs/evidence.md tells more."
        },
        synopsisSubcommandLabel = "QUESTION",
        commandListHeading = "%nQuestions:%n",
        subcommands = {
            EvidenceHistory.class,
            EvidenceBlame.class,
            EvidenceTx.class,
            EvidenceFind.class,
            EvidenceDiff.class,
            EvidenceQuery.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark evidence --output contact-4711.zip history crm.contact 4711",
            "  tidemark evidence --output all.zip query \"FROM crm.quotes ORDER BY id\" --as-of mark:q1"
        })
final class EvidenceCommand {
    @Option(
            names = "--output",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "The bundle, a zip. It is written whole or not at all, and replaces nothing.")
    Optional<Path> output = Optional.empty();

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print what was written as JSON.")
    boolean isJson;

    /** What --json prints. */
    private record Printed(String file, EvidenceBundle.Written bundle) {}

    /** Answers a question and writes the bundle, as its command was called. */
    ExitCode write(CommandContext context, EvidenceQuestion question, CommandSpec spec)
            throws InterruptedException {
        Parts given = context.parts(Section.ARCHIVE);
        Parts parts = question.said().map(given::saying).orElse(given);
        try (PublishedFile file =
                        PublishedFile.of(
                                path(context, parts), PublishedFile.Existing.KEPT_FOR_EVER);
                Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("evidence")) {
            ReadFiles reads = archive.noteReads();
            Path work = Files.createDirectory(temporary.path().resolve("work"));
            AnsweredQuestion answered =
                    question.answer(
                            new EvidenceQuestion.Asked(
                                    context, parts, archive, work, command(spec)));
            answered.notes().forEach(context::warn);
            EvidenceBundle bundle =
                    new EvidenceBundle(
                            archive,
                            reads,
                            parts.configuration().timezone().map(ZoneId::getId),
                            Files.createDirectory(temporary.path().resolve("bundle")));
            EvidenceBundle.Written written = bundle.write(answered, file.create());
            file.publish();
            if (archive.identity().isEncrypted()) {
                context.warn(
                        "the archive is encrypted, and %s is not: keep it as you keep the key"
                                .formatted(file.target()));
            }
            print(context, new Printed(file.target().toString(), written));
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private Path path(CommandContext context, Parts parts) {
        Path given =
                output.orElseThrow(
                        () ->
                                TidemarkException.usage(
                                        "there is no file for the bundle",
                                        "Give one with --output FILE.zip."));
        Path path = context.directory().resolve(given).toAbsolutePath().normalize();
        if (parts.configuration().neededArchive().holds(path)) {
            throw TidemarkException.usage(
                    "%s is inside the archive".formatted(path),
                    "A bundle is no part of it. Give a file of your own.");
        }
        return path;
    }

    /** The question's own, of which this one is the same with another end. */
    private static String command(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of("tidemark", spec.name()));
        words.addAll(CommandWords.of(spec.commandLine().getParseResult()));
        return CommandWords.line(words);
    }

    private void print(CommandContext context, Printed printed) {
        if (isJson) {
            context.printJson(printed);
            return;
        }
        EvidenceBundle.Written bundle = printed.bundle();
        context.out()
                .printf(
                        "%s: %s%s, read from %s, with %s%nSHA-256 %s%n",
                        printed.file(),
                        Figures.counted(bundle.rows(), "row"),
                        bundle.hasMore() ? ", and there are more, see --limit" : "",
                        Figures.counted(bundle.files(), "file"),
                        Figures.counted(bundle.manifests(), "manifest"),
                        bundle.sha256());
    }
}

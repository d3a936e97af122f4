package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.verify.Verification;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark verify}. */
@Command(
        name = "verify",
        header = "Prove that nothing in the archive was altered or is missing.",
        description = {
            "%nChecks the chain of manifests, and then, by --level: files (all are there, with their sizes), hashes (every byte"
                    + " is read), or rebuild (every transaction is read, and compared with its digest; when nothing else is"
                    + " said). Of an encrypted archive the first two need no key. Exit code 1: problems were found."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark verify", "  tidemark verify --level files --json"})
final class VerifyCommand implements TidemarkCommand {
    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description = "files, hashes or rebuild; rebuild when not given.")
    Verification.Level level = Verification.Level.REBUILD;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        try {
            Optional<String> damage = parts.damage();
            Verification.Report report =
                    damage.isPresent()
                            ? Verification.Report.unreadable(damage.get())
                            : verify(context, parts);
            if (isJson) {
                context.printJson(report);
            } else {
                print(context, report);
            }
            return report.isWhole() ? ExitCode.DONE : ExitCode.NO;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private Verification.Report verify(CommandContext context, Parts parts) throws IOException {
        boolean isRead = level == Verification.Level.REBUILD;
        try (Archive archive = isRead ? parts.archive() : parts.archiveAsStored();
                TemporaryFolder temporary = parts.temporary("verify")) {
            return verify(context, archive, temporary);
        }
    }

    private Verification.Report verify(
            CommandContext context, Archive archive, TemporaryFolder temporary) throws IOException {
        LedgerNote note = new LedgerNote(context);
        Verification.Report report = check(context, archive, temporary);
        if (level == Verification.Level.REBUILD) { // it is to say that all was checked
            note.add(archive, LedgerEntry.Kind.VERIFY, report.isWhole(), report.bytes());
        }
        return report;
    }

    private Verification.Report check(
            CommandContext context, Archive archive, TemporaryFolder temporary) throws IOException {
        long bytes = archive.state().manifests().stream().mapToLong(Manifest::dataBytes).sum();
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task = context.progress().start("verify", bytes, Progress.Unit.BYTES)) {
            return Verification.run(
                    archive,
                    temporary.path(),
                    level,
                    read -> task.advance(read - seen.getAndSet(read)));
        }
    }

    private static void print(CommandContext context, Verification.Report report) {
        report.problems().forEach(context.out()::println);
        for (Gap gap : report.gaps()) {
            context.out()
                    .printf(
                            "gap after %s (%s), recorded %s: %s%n",
                            gap.from(), gap.fromTime(), gap.noticed(), gap.reason());
        }
        if (report.replaced() > 0) {
            context.warn(
                    "%s were merged away meanwhile; run it again to check what took their place"
                            .formatted(Figures.counted(report.replaced(), "file")));
        }
        context.out()
                .printf(
                        "%s: %s manifests, %s files (%s), %s transactions, %s changes checked; %s%n",
                        report.isWhole() ? "whole" : "NOT WHOLE",
                        Figures.count(report.manifests()),
                        Figures.count(report.files()),
                        Figures.bytes(report.bytes()),
                        Figures.count(report.transactions()),
                        Figures.count(report.changes()),
                        report.isWhole()
                                ? "no problem found"
                                : Figures.counted(report.problems().size(), "problem") + " found");
    }
}

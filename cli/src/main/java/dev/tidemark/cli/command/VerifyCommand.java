package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.proof.Witness;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.wiring.Anchors;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.verify.Checked;
import dev.tidemark.replay.verify.Verification;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark verify}. */
@Command(
        name = "verify",
        header = "Prove that nothing in the archive was altered or is missing.",
        description = {
            "%nChecks all manifests (their chain, and their signatures by proof.trusted-keys), and then, by --level: files (all are"
                    + " there, with their sizes), hashes (every byte is read), or rebuild (every transaction is read, and"
                    + " compared with its digest; when nothing else is said). Of an encrypted archive the first two need no key.",
            "%nThat an archive was rolled back to an older state, or replaced by another one, can be told by an anchor alone:"
                    + " without --anchor it is not looked at, and said.",
            "%nWhat takes hours goes on after it was cut off: with --state, what was found good is kept in a file of yours, and the same"
                    + " command reads the rest. What was altered after it was read is not noticed by the run that goes on.",
            "%nOf an encrypted archive the wrapped data keys are looked at too; whether they open the files is told only with the key.",
            "%nExit codes: 5 to 8 say what is wrong, 1 that what was published does not fit together. Where nothing is, that is missing"
                    + " (6) if an anchor, a record of --state or proof.trusted-keys say that there was an archive, and else refused (3)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark verify",
            "  tidemark verify --level files --json",
            "  tidemark verify --anchor log --anchor /mnt/worm/crm-2026-11-20.json",
            "  tidemark verify --since 81000 --anchor source",
            "  tidemark verify --level hashes --state crm.verify"
        })
final class VerifyCommand implements TidemarkCommand {
    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description = "files, hashes or rebuild; rebuild when not given.")
    Verification.Level level = Verification.Level.REBUILD;

    @Option(
            names = "--anchor",
            paramLabel = "PLACE",
            description =
                    "What the archive is held against: a file of 'tidemark anchor', source (the newest one there), or log (what the"
                            + " archiver told Kafka last). May be given several times.")
    List<String> anchors = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "NUMBER",
            description =
                    "Look only at files of manifests from this number on; the manifests themselves are always all checked.")
    long since;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description =
                    "Keep in this file, which goes when all is checked, what was found good, and go on from there if it exists.")
    Optional<String> state = Optional.empty();

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        refuseNegative();
        Parts parts = context.parts(sections());
        try {
            Optional<Path> record = state.map(context.directory()::resolve);
            record.filter(parts.configuration().neededArchive()::holds)
                    .ifPresent(VerifyCommand::refuseInside);
            Verification.Extent extent = new Verification.Extent(level, since);
            ChainReport chain = parts.chain(witnesses(context, parts, record));
            refuseUnlessDamaged(chain);
            Verification.Report report = verify(context, parts, chain, extent, record);
            if (isJson) {
                context.printJson(report);
            } else {
                VerifyPrint.of(context, report).print(anchors, isTrusting(parts));
            }
            return ExitCode.of(report.verdict());
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private void refuseNegative() {
        if (since < 0) {
            throw TidemarkException.usage(
                    "--since %d is no manifest's number".formatted(since),
                    "Manifests are numbered from 0 on. Leave --since out to look at all.");
        }
    }

    /** What is asked for is not possible; but where something is wrong, that is said. */
    private void refuseUnlessDamaged(ChainReport chain) {
        if (level == Verification.Level.REBUILD) {
            chain.checkReadable();
        }
        if (chain.findings().isEmpty() && since > 0 && since > chain.last()) {
            throw TidemarkException.refused(
                    "--since %d is beyond the archive's newest manifest, which is %d"
                            .formatted(since, chain.last()),
                    "Nothing would be looked at. If the archive once reached that number it was rolled back: hold it against an anchor.");
        }
    }

    private static boolean isTrusting(Parts parts) {
        return !parts.configuration().proof().trustedKeys().isEmpty();
    }

    private static void refuseInside(Path record) {
        throw TidemarkException.usage(
                "the record %s would be inside the archive".formatted(record),
                "Who can write the archive could have files left out by it. Name a file of your own.");
    }

    private Section[] sections() {
        Set<Section> needed = EnumSet.of(Section.ARCHIVE);
        if (anchors.contains(Anchors.SOURCE)) {
            needed.add(Section.SOURCE);
        }
        if (anchors.contains(Anchors.LOG)) {
            needed.add(Section.SOURCE);
            needed.add(Section.KAFKA);
        }
        return needed.toArray(Section[]::new);
    }

    private List<Witness> witnesses(CommandContext context, Parts parts, Optional<Path> record)
            throws InterruptedException {
        List<Witness> witnesses = new ArrayList<>();
        for (String place : anchors) {
            witnesses.add(
                    switch (place) {
                        case Anchors.SOURCE -> Anchors.ofSource(parts);
                        case Anchors.LOG -> Anchors.ofLog(parts);
                        default -> Anchors.inFile(context.directory().resolve(place));
                    });
        }
        record.flatMap(file -> Checked.origin(file).map(of -> of.witness(file)))
                .ifPresent(witnesses::add);
        return witnesses;
    }

    private Verification.Report verify(
            CommandContext context,
            Parts parts,
            ChainReport chain,
            Verification.Extent extent,
            Optional<Path> record)
            throws IOException {
        try (Archive archive = parts.archiveAsFound(chain);
                Checked checked = checked(parts, chain, extent, record);
                TemporaryFolder temporary = parts.temporary("verify")) {
            LedgerPen pen = context.ledgerPen();
            LedgerPen.Work<Verification.Report, RuntimeException> work =
                    () -> check(context, archive, chain, temporary, extent, checked);
            Verification.Report report =
                    chain.findings().isEmpty()
                            ? pen.noting(
                                    archive,
                                    kind(),
                                    work,
                                    done ->
                                            OptionalLong
                                                    .empty()) // an earlier run may have begun it
                            : work.run();
            checked.finish();
            note(pen, parts, archive, chain, report);
            return report;
        }
    }

    /** A record is of what its first run found: one of a damaged archive would be of another. */
    private static Checked checked(
            Parts parts, ChainReport chain, Verification.Extent extent, Optional<Path> record) {
        if (!chain.isRead() || chain.identity().isEmpty() || !extent.in(chain).equals(extent)) {
            return Checked.nothing();
        }
        return record.map(
                        file ->
                                Checked.open(
                                        file,
                                        Checked.Origin.of(chain, extent, parts.clock().instant())))
                .orElseGet(Checked::nothing);
    }

    /**
     * Where there is no archive any more there is no ledger; and what is altered may be whether
     * texts are to be encrypted.
     */
    private void note(
            LedgerPen pen,
            Parts parts,
            Archive archive,
            ChainReport chain,
            Verification.Report report) {
        if (chain.identity().isEmpty()) {
            return;
        }
        if (!chain.isRead() || !chain.findings().isEmpty()) {
            pen.noteUnopened(parts, kind(), chain.last());
            return;
        }
        report.earlier()
                .ifPresentOrElse(
                        before ->
                                pen.note(
                                        archive,
                                        kind(),
                                        report.isWhole(),
                                        report.bytes(),
                                        before.began()),
                        () -> pen.note(archive, kind(), report.isWhole(), report.bytes()));
    }

    /** Only {@code VERIFY} is to say that all was checked. */
    private LedgerEntry.Kind kind() {
        if (since > 0) {
            return LedgerEntry.Kind.VERIFY_PART;
        }
        return switch (level) {
            case FILES -> LedgerEntry.Kind.VERIFY_FILES;
            case HASHES -> LedgerEntry.Kind.VERIFY_HASHES;
            case REBUILD -> LedgerEntry.Kind.VERIFY;
        };
    }

    private static Verification.Report check(
            CommandContext context,
            Archive archive,
            ChainReport chain,
            TemporaryFolder temporary,
            Verification.Extent extent,
            Checked checked)
            throws IOException {
        long bytes = // of what is looked at
                archive.state().manifests().stream()
                        .filter(manifest -> manifest.number() >= extent.since())
                        .mapToLong(Manifest::dataBytes)
                        .sum();
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task = context.progress().start("verify", bytes, Progress.Unit.BYTES)) {
            return Verification.run(
                    archive,
                    chain,
                    temporary.path(),
                    extent,
                    checked,
                    read -> task.advance(read - seen.getAndSet(read)));
        }
    }
}

package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.replay.verify.Verification;
import java.util.List;
import java.util.Locale;

/** What {@code tidemark verify} says to people: what is wrong, and what the verdict rests on. */
record VerifyPrint(CommandContext context, Verification.Report report) {
    static VerifyPrint of(CommandContext context, Verification.Report report) {
        return new VerifyPrint(context, report);
    }

    /**
     * Prints all.
     *
     * @param anchors what the archive was held against
     * @param isTrusting did somebody say which keys to trust?
     */
    void print(List<String> anchors, boolean isTrusting) {
        report.problems().forEach(context.out()::println);
        report.gaps().forEach(this::printGap);
        report.earlier().ifPresent(this::printEarlier);
        if (report.replaced() > 0) {
            context.warn(
                    "%s were merged away meanwhile; run it again to check what took their place"
                            .formatted(Figures.counted(report.replaced(), "file")));
        }
        if (!report.exact()) {
            line(
                    "which files are in force is not certain: those were looked at that the manifests name which can be read, and"
                            + " others may have replaced some");
        }
        printVerdict();
        printSignatures(isTrusting);
        printKeys();
        printAnchors(anchors);
    }

    private void printGap(Gap gap) {
        line(
                "gap after %s (%s), recorded %s: %s"
                        .formatted(gap.from(), gap.fromTime(), gap.noticed(), gap.reason()));
    }

    private void printEarlier(Verification.Earlier before) {
        line(
                "%s (%s) checked by an earlier run that began at %s, and not read again"
                        .formatted(
                                Figures.counted(before.files(), "file"),
                                Figures.bytes(before.bytes()),
                                before.began()));
    }

    /** Manifests are counted twice: all of the chain, and those whose files were looked at. */
    private void printVerdict() {
        line(
                "%s: level %s: %s; %s of %s%s; %s"
                        .formatted(
                                report.isWhole() ? "whole" : "NOT WHOLE (" + report.verdict() + ")",
                                report.level().name().toLowerCase(Locale.ROOT),
                                report.last() < 0
                                        ? "no manifest"
                                        : "the chain of manifests 0 to "
                                                + Figures.count(report.last()),
                                files(),
                                Figures.counted(report.manifests(), "manifest") + " in force",
                                report.since() == 0
                                        ? ""
                                        : " from number %s on".formatted(report.since()),
                                report.isWhole()
                                        ? "no problem found"
                                        : Figures.counted(report.problems().size(), "problem")
                                                + " found"));
    }

    private String files() {
        String files = Figures.counted(report.files(), "file");
        return switch (report.level()) {
            case FILES -> files + " by size";
            case HASHES -> "%s (%s)".formatted(files, Figures.bytes(report.bytes()));
            case REBUILD ->
                    "%s (%s) with %s and %s"
                            .formatted(
                                    files,
                                    Figures.bytes(report.bytes()),
                                    Figures.counted(report.transactions(), "transaction"),
                                    Figures.counted(report.changes(), "change"));
        };
    }

    private void printSignatures(boolean isTrusting) {
        if (report.signed()) {
            line(
                    "signed: %s of %s manifests of the chain by trusted keys"
                            .formatted(
                                    Figures.count(report.signatures()),
                                    Figures.count(report.last() + 1)));
        } else if (!isTrusting) {
            line(
                    "signatures: not checkable without proof.trusted-keys: who could write the archive could have written it anew");
        }
    }

    private void printKeys() {
        switch (report.keys()) {
            case NOT_ENCRYPTED -> {}
            case OPENED -> line("keys: the key at hand opens them");
            case NOT_CHECKED ->
                    line(
                            "keys: not checked, no key is held: they are there and of the right form, and whether they open the files is"
                                    + " not known");
            case NOT_OPENED -> line("keys: not checked, the key at hand is another one");
            case DAMAGED -> line("keys: DAMAGED: without them no file can be read");
            case UNKNOWN ->
                    line("keys: not checked, nothing says whether the archive is encrypted");
        }
    }

    private void printAnchors(List<String> anchors) {
        if (report.anchored()) {
            line(
                    "anchored: the archive is the one that was written down (%s), or continues it"
                            .formatted(String.join(", ", anchors)));
        } else {
            line(
                    anchors.isEmpty()
                            ? "roll back: not checkable without an anchor: an older state of the archive looks the same"
                            : "anchored: NO");
        }
    }

    private void line(String text) {
        context.out().println(text);
    }
}

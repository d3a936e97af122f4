package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How it was shown last that the archive is whole, and how fast it is restored.
 *
 * @param verified when all of it was checked and whole
 * @param verifiedManifest the newest manifest then
 * @param restored when a database was restored whole
 * @param rto how long that took
 * @param isRtoMet was that within the objective? Empty without one, or without a restore
 * @param notKnown why the ledger could not be read
 */
record ProofInfo(
        Optional<Instant> verified,
        Optional<Long> verifiedManifest,
        Optional<Instant> restored,
        Optional<Duration> rto,
        Optional<Duration> rtoObjective,
        Optional<Boolean> isRtoMet,
        Optional<String> notKnown) {
    /** The archive is as good without its ledger, so one that cannot be read is an answer too. */
    static ProofInfo of(Ledger ledger, Optional<Duration> objective) {
        try {
            return read(ledger, objective);
        } catch (IOException | TidemarkException e) {
            return new ProofInfo(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    objective,
                    Optional.empty(),
                    Optional.of(TidemarkException.reason(e)));
        }
    }

    private static ProofInfo read(Ledger ledger, Optional<Duration> objective) throws IOException {
        Optional<LedgerEntry> verified = ledger.newestGood(LedgerEntry.Kind.VERIFY);
        Optional<LedgerEntry> restored = ledger.newestGood(LedgerEntry.Kind.RESTORE);
        Optional<Duration> rto = restored.map(LedgerEntry::took);
        return new ProofInfo(
                verified.map(LedgerEntry::time),
                verified.map(LedgerEntry::manifest),
                restored.map(LedgerEntry::time),
                rto,
                objective,
                rto.flatMap(is -> objective.map(most -> is.compareTo(most) <= 0)),
                Optional.empty());
    }

    void print(PrintStream out) {
        if (notKnown.isPresent()) {
            out.printf("not known when the archive was verified: %s%n", notKnown.get());
            return;
        }
        out.printf(
                "verified  %s%n",
                verified.map(
                                time ->
                                        "%s, whole up to manifest %d"
                                                .formatted(time, verifiedManifest.orElseThrow()))
                        .orElse("never: run 'tidemark verify'"));
        out.printf(
                "rto       %s%s%n",
                rto.map(
                                is ->
                                        "%s, as the restore of %s took"
                                                .formatted(
                                                        Figures.duration(is),
                                                        restored.orElseThrow()))
                        .orElse("not known: nothing was restored yet"),
                Objective.words(rtoObjective, isRtoMet));
    }
}

package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.proof.Witness;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Holds an archive's chain against what others know of it. For one thread. */
final class WitnessCheck {
    private final List<Witness> witnesses;
    private final String archive;
    private final Set<Witness> seen = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();

    /**
     * @param archive the SHA-256 in hex of tidemark.json; empty without one
     */
    WitnessCheck(List<Witness> witnesses, String archive) {
        this.witnesses = List.copyOf(witnesses);
        this.archive = archive;
    }

    /** The next manifest. */
    void add(long number, String hash) {
        for (Witness witness : witnesses) {
            if (witness.number() == number) {
                seen.add(witness);
                if (!witness.manifest().equals(hash)) {
                    diverged(
                            "the manifest %s is not the one that %s knows: the archive is another copy, or was written anew"
                                    .formatted(Manifest.name(number), witness.where()));
                }
            }
        }
    }

    /**
     * All manifests came.
     *
     * @param last the number of the newest one; −1 for none
     */
    void finish(long last) {
        if (archive.isEmpty() && last < 0) {
            return; // nothing is there: it is missing, and not another one
        }
        for (Witness witness : witnesses) {
            if (!archive.isEmpty()
                    && witness.archive().filter(one -> !one.equals(archive)).isPresent()) {
                diverged(
                        "the archive is another one than %s knows: its tidemark.json differs"
                                .formatted(witness.where()));
            }
            if (witness.number() > last) {
                diverged(
                        "the archive ends with manifest %d, and %s knows manifest %d: it was rolled back to an older state"
                                .formatted(last, witness.where(), witness.number()));
            }
        }
    }

    private void diverged(String message) {
        findings.add(new Finding(Verdict.DIVERGED, message));
    }

    /** Is there something outside that knows the archive so? */
    boolean isHeld() {
        return witnesses.stream().anyMatch(Witness::isAnchor)
                && !archive.isEmpty()
                && findings.isEmpty()
                && seen.containsAll(witnesses);
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }
}

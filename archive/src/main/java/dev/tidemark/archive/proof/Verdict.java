package dev.tidemark.archive.proof;

import java.util.Collection;

/** What is to be said of an archive that was checked; the worst comes last. */
public enum Verdict {
    /** All is as it was published. */
    GOOD,
    /** What was published does not fit together: no storage did that, a program did. */
    INCONSISTENT,
    /** A manifest that should be signed is not. */
    UNSIGNED,
    /** A manifest is signed with a key that nobody said to trust. */
    UNTRUSTED,
    /** A manifest or a file that once was published is not there. */
    MISSING,
    /** A manifest or a file is not what was published. */
    ALTERED,
    /** The archive is whole, and not the one that an anchor says, or an older state of it. */
    DIVERGED;

    /** The worst of some; good without any. */
    public static Verdict worst(Collection<Finding> findings) {
        return findings.stream().map(Finding::verdict).max(Verdict::compareTo).orElse(GOOD);
    }
}

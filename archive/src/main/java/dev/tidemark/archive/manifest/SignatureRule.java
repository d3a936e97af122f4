package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.TrustedKeys;

/**
 * Which manifests have to be signed, and by whom.
 *
 * @param trusted any of these; nothing is looked at without one
 * @param from the number of the first that has to be: those before it were written before there was
 *     a key, and are held by the chain alone
 */
public record SignatureRule(TrustedKeys trusted, long from) {
    /** None has to be. */
    public static final SignatureRule NONE = new SignatureRule(TrustedKeys.NONE, 0);

    boolean isAsked() {
        return !trusted.isEmpty();
    }
}

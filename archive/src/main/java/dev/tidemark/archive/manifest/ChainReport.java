package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.Finding;
import java.util.List;

/**
 * What an archive's manifests are worth.
 *
 * @param archive the SHA-256 in hex of tidemark.json
 * @param last the number of the newest manifest; −1 for none
 * @param hash its SHA-256 in hex
 * @param signed how many a trusted key signed
 * @param isRead do they add up to a state, so that what they name can be looked at?
 * @param isSigned is each signed that has to be? False when nobody said which keys to trust
 * @param isAnchored was it held against something outside the archive, which has it so?
 * @param findings what is wrong
 */
public record ChainReport(
        String archive,
        long last,
        String hash,
        long signed,
        boolean isRead,
        boolean isSigned,
        boolean isAnchored,
        List<Finding> findings) {
    public ChainReport {
        findings = List.copyOf(findings);
    }
}

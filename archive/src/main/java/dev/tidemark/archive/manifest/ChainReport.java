package dev.tidemark.archive.manifest;

import dev.tidemark.archive.crypt.KeysReport;
import dev.tidemark.archive.proof.Finding;
import dev.tidemark.schemas.TidemarkException;
import java.util.List;
import java.util.Optional;

/**
 * What an archive's manifests are worth, and the keys that open what they name.
 *
 * @param archive the SHA-256 in hex of tidemark.json; empty without one
 * @param identity what that says; empty where it is missing or was altered
 * @param last the number of the newest manifest; −1 for none
 * @param hash its SHA-256 in hex
 * @param signed how many a trusted key signed
 * @param isRead do they add up to a state, so that exactly what is in force can be looked at?
 * @param state that state; without, what those add up to that can be read
 * @param keys what was found of the data keys; their findings are among the others
 * @param isSigned is each signed that has to be? False when nobody said which keys to trust
 * @param isAnchored was it held against something outside the archive, which has it so?
 * @param findings what is wrong
 */
public record ChainReport(
        String archive,
        Optional<ArchiveIdentity> identity,
        long last,
        String hash,
        long signed,
        boolean isRead,
        ArchiveState state,
        KeysReport keys,
        boolean isSigned,
        boolean isAnchored,
        List<Finding> findings) {
    public ChainReport {
        findings = List.copyOf(findings);
    }

    /**
     * Is it of the source with that name? Where anything is wrong that is said, and not this: who
     * exchanged the archive may have exchanged its name.
     *
     * @throws TidemarkException when all is well, and it is of another
     */
    public void checkIsOf(String url, String source) {
        if (findings.isEmpty()) {
            identity.ifPresent(known -> known.checkIsOf(url, source));
        }
    }

    /**
     * Is the key at hand the archive's, if there is one?
     *
     * @throws TidemarkException when nothing is wrong but that it is another one
     */
    public void checkKey() {
        if (keys.standing() == KeysReport.Standing.NOT_OPENED) {
            checkReadable();
        }
    }

    /**
     * Can what is encrypted be read?
     *
     * @throws TidemarkException when nothing is wrong but that no key at hand opens it
     */
    public void checkReadable() {
        if (findings.isEmpty()) {
            keys.refusal()
                    .ifPresent(
                            refusal -> {
                                throw refusal;
                            });
        }
    }
}

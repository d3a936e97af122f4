package dev.tidemark.archive.crypt;

import dev.tidemark.archive.proof.Finding;
import dev.tidemark.schemas.TidemarkException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was found of an archive's data keys.
 *
 * @param findings what is wrong with them
 * @param refusal why they cannot be opened, although nothing is wrong with them: the key at hand is
 *     another one, or there is none, or a newer version wrapped them
 */
public record KeysReport(
        Standing standing, List<Finding> findings, Optional<TidemarkException> refusal) {
    /** What is known of them. */
    public enum Standing {
        /** Nothing says whether the archive is encrypted. */
        UNKNOWN,
        /** The archive is not encrypted. */
        NOT_ENCRYPTED,
        /** They are there, and of the right form; no key is at hand that may open them. */
        NOT_CHECKED,
        /** The same, and the key at hand is another one, or a newer version wrapped them. */
        NOT_OPENED,
        /** The key at hand opens them. */
        OPENED,
        /** They are missing, or were altered. */
        DAMAGED
    }

    public KeysReport {
        findings = List.copyOf(findings);
    }

    /** Without anything to look at. */
    public static KeysReport of(Standing standing) {
        return new KeysReport(standing, List.of(), Optional.empty());
    }

    /** Can files be decrypted, if they are encrypted? */
    public boolean isReadable() {
        return standing == Standing.NOT_ENCRYPTED || standing == Standing.OPENED;
    }

    /** The same with findings that say nothing of the keys themselves. */
    KeysReport with(List<Finding> others) {
        return new KeysReport(
                standing, Stream.concat(findings.stream(), others.stream()).toList(), refusal);
    }
}

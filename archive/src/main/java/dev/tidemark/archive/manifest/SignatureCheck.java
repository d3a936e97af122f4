package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.SignedText;
import dev.tidemark.archive.proof.TrustedKeys;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at the signature of each manifest. For one thread. */
final class SignatureCheck {
    private final SignatureRule rule;
    private final String archive;
    private final List<Long> unsigned = new ArrayList<>();
    private final List<Long> forged = new ArrayList<>();
    private final Map<String, List<Long>> untrusted = new TreeMap<>();
    private long signed;

    /**
     * @param archive the SHA-256 in hex of tidemark.json
     */
    SignatureCheck(SignatureRule rule, String archive) {
        this.rule = rule;
        this.archive = archive;
    }

    /** The part of a manifest that says who signed it, whatever else is in it. */
    private record Signed(Optional<String> signer, Optional<String> signature) {
        static final Signed BY_NOBODY = new Signed(Optional.empty(), Optional.empty());

        static Signed in(byte[] stored) {
            try {
                return CanonicalJson.read(stored, Signed.class, "a manifest");
            } catch (TidemarkException e) {
                return BY_NOBODY; // its reader says that it is damaged
            }
        }
    }

    /** Did somebody say which keys to trust? */
    boolean isAsked() {
        return rule.isAsked();
    }

    /** The next one, also of a version that cannot be read. */
    void add(long number, byte[] stored) {
        if (!rule.isAsked()) {
            return;
        }
        Signed said = Signed.in(stored);
        if (said.signature.isEmpty() || said.signer.isEmpty()) {
            if (number >= rule.from()) {
                unsigned.add(number);
            }
            return;
        }
        String signer = said.signer.get();
        switch (standing(signer, said.signature.get(), stored)) {
            case TRUE -> signed++;
            case UNTRUSTED ->
                    untrusted.computeIfAbsent(signer, one -> new ArrayList<>()).add(number);
            case FALSE -> forged.add(number);
        }
    }

    private TrustedKeys.Standing standing(String signer, String signature, byte[] stored) {
        Optional<byte[]> text = SignedText.ofSigned(archive, stored);
        return text.isEmpty()
                ? TrustedKeys.Standing.FALSE
                : rule.trusted().standing(signer, signature, text.get());
    }

    /** How many a trusted key signed. */
    long signed() {
        return signed;
    }

    /** Is each signed that has to be? */
    boolean isGood() {
        return rule.isAsked() && unsigned.isEmpty() && untrusted.isEmpty() && forged.isEmpty();
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (Merged.Range range : Merged.ranges(forged)) {
            findings.add(
                    new Finding(
                            Verdict.ALTERED,
                            "%s altered after being signed, or tidemark.json was: the signature does not fit"
                                    .formatted(were(range))));
        }
        for (Merged.Range range : Merged.ranges(unsigned)) {
            findings.add(new Finding(Verdict.UNSIGNED, "%s not signed".formatted(are(range))));
        }
        untrusted.forEach(
                (signer, numbers) ->
                        Merged.ranges(numbers).stream()
                                .map(
                                        range ->
                                                "%s signed with the key %s, which is not trusted"
                                                        .formatted(are(range), signer))
                                .map(message -> new Finding(Verdict.UNTRUSTED, message))
                                .forEach(findings::add));
        return findings;
    }

    private static String are(Merged.Range range) {
        return named(range) + (range.first() == range.last() ? " is" : " are");
    }

    private static String were(Merged.Range range) {
        return named(range) + (range.first() == range.last() ? " was" : " were");
    }

    /** For people: one, or from which to which. */
    static String named(Merged.Range range) {
        return range.first() == range.last()
                ? "the manifest " + Manifest.name(range.first())
                : "the manifests %s to %s"
                        .formatted(Manifest.name(range.first()), Manifest.name(range.last()));
    }
}

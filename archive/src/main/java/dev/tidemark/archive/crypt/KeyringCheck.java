package dev.tidemark.archive.crypt;

import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the wrapped data keys of an encrypted archive, whoever holds its key-encryption key. No
 * manifest says what has to be in them: without that key it is only seen whether they are there,
 * and of their form. For one thread; used once.
 */
public final class KeyringCheck {
    private static final int LOOKS_MAX = 5; // an envelope goes only when a newer one is there

    private final ObjectStore store;
    private final KeyChain held;
    private final Keyring keyring;
    private final List<Finding> findings = new ArrayList<>();
    private Optional<TidemarkException> newer = Optional.empty();

    private KeyringCheck(ObjectStore store, String archive, KeyChain held) {
        this.store = store;
        this.held = held;
        this.keyring = Keyring.locked(store, archive);
    }

    /**
     * Checks them.
     *
     * @param archive what they are bound to
     * @param held the keys at hand
     */
    public static KeysReport run(ObjectStore store, String archive, KeyChain held)
            throws IOException {
        for (int look = 1; ; look++) {
            try {
                return new KeyringCheck(store, archive, held).run();
            } catch (NoSuchFileException e) {
                if (look == LOOKS_MAX) { // keys were exchanged meanwhile
                    throw e;
                }
            }
        }
    }

    private KeysReport run() throws IOException {
        List<String> names = new ArrayList<>();
        List<Finding> strays = new ArrayList<>();
        for (String name : keyring.allNames()) {
            if (KeyEnvelope.isName(name)) {
                names.add(name);
            } else if (!name.startsWith(KeyEnvelope.FOLDER + ".")) { // as file systems make them
                strays.add(
                        new Finding(
                                Verdict.ALTERED,
                                "%s in %s holds no wrapped data keys"
                                        .formatted(name, store.url())));
            }
        }
        return standing(names).with(strays);
    }

    private KeysReport standing(List<String> names) throws IOException {
        if (names.isEmpty()) {
            findings.add(
                    new Finding(
                            Verdict.MISSING,
                            "the archive %s is encrypted, and holds no keys: no file in it can be read"
                                    .formatted(store.url())));
        }
        List<KeyEnvelope> read = new ArrayList<>();
        for (String name : names) {
            read(name).ifPresent(read::add);
        }
        if (!findings.isEmpty()) {
            return new KeysReport(KeysReport.Standing.DAMAGED, findings, Optional.empty());
        }
        return newer.isPresent()
                ? new KeysReport(KeysReport.Standing.NOT_OPENED, List.of(), newer)
                : opened(read.getLast());
    }

    private Optional<KeyEnvelope> read(String name) throws IOException {
        try {
            Optional<TidemarkException> refusal = Keyring.tooNew(store.get(name), name);
            if (refusal.isPresent()) {
                newer = refusal;
                return Optional.empty();
            }
            return Optional.of(keyring.read(name));
        } catch (TidemarkException e) {
            if (e.kind() == TidemarkException.Kind.FAILED) {
                throw e; // what broke on the way says nothing of the archive
            }
            altered(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The one with the greatest number counts. */
    private KeysReport opened(KeyEnvelope envelope) {
        Optional<KeyEncryptionKey> named = held.find(envelope.kek());
        if (named.filter(key -> keyring.opens(envelope, key)).isPresent()) {
            return KeysReport.of(KeysReport.Standing.OPENED);
        }
        if (named.isPresent()) {
            altered(
                    "the archive's file %s of %s cannot be opened with the key %s that it names: it was altered, or is another archive's"
                            .formatted(envelope.name(), store.url(), envelope.kek()));
        } else if (held.keys().stream().anyMatch(key -> keyring.opens(envelope, key))) {
            altered(
                    "the archive's file %s of %s names the key %s, and another one opens it"
                            .formatted(envelope.name(), store.url(), envelope.kek()));
        } else {
            return new KeysReport(
                    held.isEmpty()
                            ? KeysReport.Standing.NOT_CHECKED
                            : KeysReport.Standing.NOT_OPENED,
                    List.of(),
                    Optional.of(keyring.noKey(envelope, held)));
        }
        return new KeysReport(KeysReport.Standing.DAMAGED, findings, Optional.empty());
    }

    private void altered(String message) {
        findings.add(new Finding(Verdict.ALTERED, message));
    }
}

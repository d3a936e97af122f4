package dev.tidemark.cli.config;

import dev.tidemark.archive.crypt.DecryptedRoom;
import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.crypt.KeyEncryptionKey;
import dev.tidemark.archive.crypt.LocalKey;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the key of an encrypted archive is, and the one before it; one place of both at most for
 * each. A key management service would be a third place.
 *
 * @param keyVariable the name of a variable of the environment
 * @param previousKeyVariable likewise
 * @param decryptedBytesMax what may be in clear on local disk at a time
 */
public record EncryptionSettings(
        Optional<Path> keyFile,
        Optional<String> keyVariable,
        Optional<Path> previousKeyFile,
        Optional<String> previousKeyVariable,
        long decryptedBytesMax) {
    /** How variables that hold a key may be named. */
    static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]{0,39}";

    /** Without one before it, and with the usual room. */
    public EncryptionSettings(Optional<Path> keyFile, Optional<String> keyVariable) {
        this(keyFile, keyVariable, Optional.empty(), Optional.empty(), DecryptedRoom.BYTES_MAX);
    }

    /** Does the file say where a key is? */
    public boolean isSet() {
        return keyFile.isPresent() || keyVariable.isPresent();
    }

    /**
     * The key and the one before it; empty when none is set.
     *
     * @throws TidemarkException when one is not there, or is no key
     */
    public KeyChain keys(Map<String, String> environment) {
        if (!isSet()) {
            return KeyChain.EMPTY;
        }
        previous(environment); // refused now, but not when it goes while a service works
        return KeyChain.from(() -> asFarAsThere(environment));
    }

    private List<KeyEncryptionKey> asFarAsThere(Map<String, String> environment) {
        return Stream.concat(key(environment).stream(), previousIfThere(environment).stream())
                .toList();
    }

    private Optional<KeyEncryptionKey> previousIfThere(Map<String, String> environment) {
        try {
            return previous(environment);
        } catch (TidemarkException e) {
            return Optional.empty();
        }
    }

    private Optional<KeyEncryptionKey> previous(Map<String, String> environment) {
        return key(previousKeyFile, previousKeyVariable, environment);
    }

    /**
     * The key; empty when none is set.
     *
     * @throws TidemarkException when it is not there, or is no key
     */
    public Optional<KeyEncryptionKey> key(Map<String, String> environment) {
        return key(keyFile, keyVariable, environment);
    }

    private static Optional<KeyEncryptionKey> key(
            Optional<Path> file, Optional<String> variable, Map<String, String> environment) {
        return file.map(LocalKey::read)
                .or(() -> variable.map(name -> inVariable(environment, name)));
    }

    /**
     * The key in a variable of the environment.
     *
     * @throws TidemarkException when it is not there, or is no key
     */
    public static KeyEncryptionKey inVariable(Map<String, String> environment, String name) {
        if (!name.matches(VARIABLE)) { // it may be the key itself, which nobody is to see
            throw TidemarkException.usage(
                    "that is not the name of a variable of the environment",
                    "Give the name, such as NEW_KEY, and not what it holds. If it was the key, make another one.");
        }
        if (!environment.containsKey(name)) {
            throw TidemarkException.refused(
                    "the variable %s, which is to hold the encryption key, is not set"
                            .formatted(name),
                    "Set it to the content of a file that 'tidemark keygen --encryption FILE' made.");
        }
        return LocalKey.parse(environment.getOrDefault(name, ""), "in the variable " + name);
    }
}

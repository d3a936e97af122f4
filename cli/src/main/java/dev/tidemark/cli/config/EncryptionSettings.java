package dev.tidemark.cli.config;

import dev.tidemark.archive.crypt.KeyEncryptionKey;
import dev.tidemark.archive.crypt.LocalKey;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the key of an encrypted archive is; one of both at most. A key management service would be
 * a third place.
 *
 * @param keyVariable the name of a variable of the environment
 */
public record EncryptionSettings(Optional<Path> keyFile, Optional<String> keyVariable) {
    /** How variables that hold a key may be named. */
    static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]{0,39}";

    /**
     * The key; empty when none is set.
     *
     * @throws TidemarkException when it is not there, or is no key
     */
    public Optional<KeyEncryptionKey> key(Map<String, String> environment) {
        return keyFile.map(LocalKey::read)
                .or(() -> keyVariable.map(name -> inVariable(environment, name)));
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

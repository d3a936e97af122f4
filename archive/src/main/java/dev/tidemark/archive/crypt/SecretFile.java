package dev.tidemark.archive.crypt;

import dev.tidemark.archive.store.FileOwner;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A key's file, which nobody but its owner may read; or, where that is root and this program is
 * not, its group.
 *
 * @param what it holds, for messages: {@code the encryption key}
 * @param ifSeen what to do when others may have read it, a sentence
 * @param make how such a key is made, sentences
 */
public record SecretFile(String what, String ifSeen, String make) {
    private static final int BYTES_MAX = 1_024; // base64 of 32 bytes is 44 characters

    /**
     * Reads it.
     *
     * @throws TidemarkException (refused) when others may read or change it, or it is too large to
     *     be a key
     */
    public byte[] content(Path file) throws IOException {
        refuseIfOthersMay(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(BYTES_MAX + 1);
            if (content.length > BYTES_MAX) {
                throw TidemarkException.refused(
                        "%s in %s has more than %d bytes: this is another file"
                                .formatted(what, file, BYTES_MAX),
                        make);
            }
            return content;
        }
    }

    private void refuseIfOthersMay(Path file) throws IOException {
        if (!FileOwner.rightsOfOthers(file).isEmpty()) {
            throw TidemarkException.refused(
                    "other users may read or change %s in %s".formatted(what, file),
                    "Run 'chmod 600' on it. " + ifSeen);
        }
    }
}

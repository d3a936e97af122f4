package dev.tidemark.archive.crypt;

/**
 * What should be encrypted content is not what was encrypted under this name with the archive's
 * keys: altered, exchanged, cut off, or of another archive.
 */
public final class UndecryptableException extends Exception {
    private static final long serialVersionUID = 1;

    UndecryptableException(Throwable cause) {
        super(cause);
    }
}

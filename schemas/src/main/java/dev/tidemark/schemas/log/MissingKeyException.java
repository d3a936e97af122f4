package dev.tidemark.schemas.log;

/**
 * The cause of a refusal to read an encrypted record without its key: who has the key can read on,
 * so it is never taken for a hole in the log.
 */
public final class MissingKeyException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * A record's.
     *
     * @param kek the id of the key-encryption key that is not at hand
     */
    public MissingKeyException(String kek) {
        super("the key " + kek + " is not at hand");
    }

    /** Was it refused for that? */
    public static boolean isCauseOf(Throwable refusal) {
        return refusal.getCause() instanceof MissingKeyException;
    }
}

package dev.tidemark.archive.manifest;

/** Another writer published the manifest of this number first. */
public final class LostRaceException extends Exception {
    private static final long serialVersionUID = 1;

    public LostRaceException(String message) {
        super(message);
    }
}

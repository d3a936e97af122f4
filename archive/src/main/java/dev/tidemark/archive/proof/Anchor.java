package dev.tidemark.archive.proof;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.json.CanonicalJson;
import java.time.Instant;

/**
 * What an archive's newest manifest was at a time, kept where whoever can write the archive cannot:
 * an archive that was rolled back, or replaced by another one, does not hold it.
 *
 * @param format of this record
 * @param archive the SHA-256 in hex of tidemark.json
 * @param source the configured name of the source, for people
 * @param number of the manifest
 * @param manifest its SHA-256 in hex
 * @param position how far the archive was
 * @param time by the clock of who wrote it down
 */
public record Anchor(
        int format,
        String archive,
        String source,
        long number,
        String manifest,
        Position position,
        Instant time) {
    /** The format that this version writes. */
    public static final int FORMAT = 1;

    private static final String SHA256 = "[0-9a-f]{64}";

    public Anchor {
        if (format != FORMAT
                || number < 0
                || !archive.matches(SHA256)
                || !manifest.matches(SHA256)) {
            throw new IllegalArgumentException("not an anchor of format " + FORMAT);
        }
    }

    /**
     * Reads one.
     *
     * @param what the thing, for the error
     * @throws TidemarkException when it is none
     */
    public static Anchor read(byte[] content, String what) {
        return CanonicalJson.read(content, Anchor.class, what);
    }

    public byte[] bytes() {
        return CanonicalJson.write(this);
    }
}

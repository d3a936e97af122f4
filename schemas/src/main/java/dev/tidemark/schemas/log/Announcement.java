package dev.tidemark.schemas.log;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an archiver tells others of how far its archive is. Kafka keeps it as the offset of the
 * archiver's consumer group, with the rest as the offset's metadata; see docs/format.md.
 *
 * @param offset of the record that the archive needs next
 * @param session in force there
 * @param manifest the number of the one that ends there; −1 where that was not said
 * @param hash the SHA-256 in hex of that manifest; empty where that was not said
 */
public record Announcement(long offset, long session, long manifest, String hash) {
    private static final Pattern METADATA = Pattern.compile("(\\d+)(?: (\\d+) ([0-9a-f]{64}))?");
    private static final long NOT_SAID = -1;

    /** All but the offset, as text. */
    public String metadata() {
        return String.format(Locale.ROOT, "%d %d %s", session, manifest, hash);
    }

    /** Does it say what the archive is? Those of before tell of the session alone. */
    public boolean namesManifest() {
        return manifest != NOT_SAID;
    }

    /** Reads what stands with an offset; empty when somebody else wrote it. */
    public static Optional<Announcement> parse(long offset, String metadata) {
        Matcher matcher = METADATA.matcher(metadata);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long session = Long.parseLong(matcher.group(1));
        return Optional.of(
                matcher.group(2) == null
                        ? new Announcement(offset, session, NOT_SAID, "")
                        : new Announcement(
                                offset,
                                session,
                                Long.parseLong(matcher.group(2)),
                                matcher.group(3)));
    }
}

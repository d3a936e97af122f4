package dev.tidemark.archive.crypt;

import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How much of an archive may be in clear on local disk at a time. Whoever reads a file deletes it
 * when he has read it, and with that gives its room back. Safe for use by many threads.
 */
public final class DecryptedRoom {
    /** Several files of the largest that a base is made of, for each of some threads. */
    public static final long BYTES_MAX = 16L << 30;

    /** While a file is decrypted, it is there as it is stored too. */
    private static final int TIMES_AT_WORK = 2;

    private final Map<Path, Long> taken = new HashMap<>();
    private final Set<Path> atWork = new HashSet<>();
    private volatile long bytesMax = BYTES_MAX;

    /** Holds for what is decrypted from now on. */
    public void limit(long newBytesMax) {
        bytesMax = newBytesMax;
    }

    /** What holds now, in bytes. */
    public long limit() {
        return bytesMax;
    }

    /**
     * Takes room for a file that is about to be fetched and decrypted.
     *
     * @throws TidemarkException when there is not enough
     */
    public synchronized void take(Path file, long bytes) {
        taken.keySet().removeIf(other -> !atWork.contains(other) && !Files.exists(other));
        long others = taken.values().stream().mapToLong(Long::longValue).sum();
        long needed = Math.multiplyExact(bytes, TIMES_AT_WORK);
        if (Math.addExact(others, needed) > bytesMax) {
            throw TidemarkException.refused(
                    "no room to decrypt %s: it takes %d bytes for a moment, %d are taken, and the limit is %d"
                            .formatted(file.getFileName(), needed, others, bytesMax),
                    "Raise encryption.decrypted-max-bytes to %d or more, if %s has that room; or let fewer jobs work at a time."
                            .formatted(Math.addExact(others, needed), file.getParent()));
        }
        taken.put(file, needed);
        atWork.add(file);
    }

    /** It is decrypted, and there until it is deleted; or it is not there. */
    public synchronized void settle(Path file, long bytes) {
        atWork.remove(file);
        taken.put(file, bytes);
    }
}

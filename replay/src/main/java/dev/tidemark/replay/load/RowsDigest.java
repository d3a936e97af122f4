package dev.tidemark.replay.load;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Adds rows up to a {@link RowsChecksum}. For one thread. */
public final class RowsDigest {
    private static final int SHA256_BYTES = 32;

    private final MessageDigest sha256;
    private final byte[] hash = new byte[SHA256_BYTES];
    private final ByteBuffer numbers = ByteBuffer.wrap(hash);
    private long rows;
    private long high;
    private long low;

    public RowsDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A row's line as COPY writes it, without the newline. */
    public void add(byte[] bytes, int from, int length) {
        addPart(bytes, from, length);
        endRow();
    }

    /** The next part of a row's line. */
    public void addPart(byte[] bytes, int from, int length) {
        sha256.update(bytes, from, length);
    }

    /** The row's line is whole. */
    public void endRow() {
        try {
            sha256.digest(hash, 0, SHA256_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes hold a SHA-256", e);
        }
        long sum = low + numbers.getLong(8);
        if (Long.compareUnsigned(sum, low) < 0) {
            high++;
        }
        low = sum;
        high += numbers.getLong(0);
        rows++;
    }

    /**
     * The next bytes of many rows as COPY writes them, each line with its newline, perhaps from the
     * midst of a line to the midst of another. Fields have no newline in that format.
     */
    void addLines(byte[] bytes) {
        int from = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                add(bytes, from, at - from);
                from = at + 1;
            }
        }
        addPart(bytes, from, bytes.length - from);
    }

    /** How many rows are whole. */
    long rows() {
        return rows;
    }

    public RowsChecksum checksum() {
        return new RowsChecksum(rows, high, low);
    }
}

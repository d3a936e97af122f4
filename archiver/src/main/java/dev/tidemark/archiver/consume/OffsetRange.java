package dev.tidemark.archiver.consume;

/** Records of a log from {@code first} to {@code last}, both included. */
public record OffsetRange(long first, long last) {
    public OffsetRange {
        if (first > last) {
            throw new IllegalArgumentException("offsets from " + first + " back to " + last);
        }
    }

    boolean contains(long offset) {
        return first <= offset && offset <= last;
    }
}

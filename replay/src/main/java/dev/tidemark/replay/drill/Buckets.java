package dev.tidemark.replay.drill;

import java.util.List;

/**
 * Rows by the first bits of a hash of 64.
 *
 * @param depth how many times they were divided
 * @param numbers of those that are looked into; with depth 0 there is one, of all rows
 */
record Buckets(int depth, List<Long> numbers) {
    static final Buckets ALL = new Buckets(0, List.of());

    /** 4,096 buckets at a time: an answer is small, and three of them find a row among 10^10. */
    private static final int BITS = 12;

    private static final int HASH_BITS = 64;
    private static final int DEPTH_MAX = HASH_BITS / BITS;

    Buckets {
        numbers = List.copyOf(numbers);
    }

    boolean isAll() {
        return depth == 0;
    }

    boolean isLast() {
        return depth == DEPTH_MAX;
    }

    /** The same divided once more, with none of them chosen yet. */
    Buckets divided() {
        return new Buckets(depth + 1, List.of());
    }

    /** Some of them. */
    Buckets of(List<Long> chosen) {
        return new Buckets(depth, chosen);
    }

    /** By how many bits a hash is shifted to give the number of its bucket. */
    int shift() {
        return HASH_BITS - BITS * depth;
    }
}

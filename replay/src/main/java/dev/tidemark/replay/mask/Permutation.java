package dev.tidemark.replay.mask;

import java.nio.ByteBuffer;

/**
 * A keyed one-to-one map of the whole numbers below a bound: no two of them come to the same. A
 * Feistel network of HMAC-SHA-256 over the next larger even number of bits, walked on until it is
 * below the bound again ("cycle walking": Black and Rogaway, Ciphers with Arbitrary Finite Domains,
 * 2002). For one thread.
 */
final class Permutation {
    private static final int ROUNDS = 8; // 7 are enough against whoever sees all pairs but one

    private final KeyedHash hash;
    private final long greatest;
    private final int halfBits;
    private final long halfMask;
    private final String purpose;

    /**
     * Of the numbers from 0 on.
     *
     * @param greatest of them
     */
    Permutation(KeyedHash hash, long greatest) {
        if (greatest < 1) {
            throw new IllegalArgumentException("a permutation of 0 to " + greatest);
        }
        this.hash = hash;
        this.greatest = greatest;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(greatest);
        halfBits = (bits + 1) / 2;
        halfMask = (1L << halfBits) - 1;
        purpose = "number " + greatest + " ";
    }

    long of(long number) {
        if (number < 0 || number > greatest) {
            throw new IllegalArgumentException("a number outside of 0 to " + greatest);
        }
        long at = number;
        do {
            at = network(at);
        } while (Long.compareUnsigned(at, greatest) > 0); // every fourth number at least is below
        return at;
    }

    private long network(long number) {
        long left = number >>> halfBits;
        long right = number & halfMask;
        for (int round = 0; round < ROUNDS; round++) {
            ByteBuffer mixed = hash.of(purpose + round, Long.toString(right));
            long next = left ^ (mixed.getLong() & halfMask);
            left = right;
            right = next;
        }
        return (left << halfBits) | right;
    }
}

package dev.tidemark.replay.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.List;

/**
 * Counts different rows by 64-bit hashes of their keys: with a million of them the chance that two
 * are taken for one is under one in thirty million. For one thread.
 */
final class RowSet {
    /** So that it takes 64 MiB at most; beyond that nobody looks at the last digit. */
    private static final int MAX = 4_000_000;

    private static final int FIRST = 16;

    /** The memory that several of them have together. For one thread. */
    static final class Room {
        private long left;

        Room(long bytes) {
            this.left = bytes;
        }

        private boolean take(long slots) {
            boolean isThere = slots * Long.BYTES <= left;
            left -= isThere ? slots * Long.BYTES : 0;
            return isThere;
        }
    }

    private final Room room;
    private long[] slots = new long[FIRST];
    private int count;
    private boolean hasZero;
    private boolean isFull;

    RowSet(Room room) {
        this.room = room;
    }

    void add(List<Value> key) {
        long hash = hash(key);
        if (hash == 0) {
            hasZero = true;
        } else if (!isFull && count < MAX && hasSlot()) {
            put(hash);
        } else {
            isFull |= !holds(hash);
        }
    }

    /** Half of the slots stay free, so that the next one is near; then there are twice as many. */
    private boolean hasSlot() {
        if (2 * (count + 1) <= slots.length) {
            return true;
        }
        if (!room.take(slots.length)) { // as many as there are already
            return false;
        }
        long[] before = slots;
        slots = new long[2 * before.length];
        count = 0;
        Arrays.stream(before).filter(one -> one != 0).forEach(this::put);
        return true;
    }

    private static long hash(List<Value> key) {
        long hash = key.size();
        for (Value field : key) {
            hash = mixed(hash, field instanceof Value.Mark ? 1 : 2);
            byte[] utf8 =
                    field instanceof Value.Text text
                            ? text.utf8()
                            : field.toString().getBytes(UTF_8);
            for (byte one : utf8) {
                hash = mixed(hash, one);
            }
        }
        return hash;
    }

    /** A step of a multiplicative hash, as in Knuth, TAOCP 6.4. */
    private static long mixed(long hash, int more) {
        long next = 0x9E3779B97F4A7C15L * (hash ^ more);
        return next ^ next >>> 29;
    }

    private void put(long hash) {
        int at = slot(hash);
        if (slots[at] == 0) {
            slots[at] = hash;
            count++;
        }
    }

    private boolean holds(long hash) {
        return slots[slot(hash)] == hash;
    }

    private int slot(long hash) {
        int mask = slots.length - 1;
        int at = (int) (hash ^ hash >>> 32) & mask;
        while (slots[at] != 0 && slots[at] != hash) {
            at = at + 1 & mask;
        }
        return at;
    }

    /** How many were added; when it is full, at least so many. */
    long size() {
        return (long) count + (hasZero ? 1 : 0);
    }

    boolean isFull() {
        return isFull;
    }
}

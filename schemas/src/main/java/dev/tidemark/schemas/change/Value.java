package dev.tidemark.schemas.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One field of a row: the source's own text, or what stands in its place. Immutable; the bytes of a
 * text are never changed.
 */
public sealed interface Value {
    /** What a field holds when it is not text. */
    enum Mark implements Value {
        /** SQL NULL. */
        NULL,
        /**
         * The value of the row's version before this one (PostgreSQL: an unchanged TOAST value).
         */
        UNCHANGED,
        /**
         * Not known: a field outside the key in a before-image of the key only. Never to be read as
         * NULL.
         */
        UNKNOWN,
        /**
         * In the change log only: a text that was cut into the {@link Entry.Piece}s before its row.
         */
        PIECES;

        @Override
        public int bytes() {
            return 0;
        }
    }

    /**
     * The source's own text form, as UTF-8.
     *
     * @param utf8 owned by this value from now on
     */
    @SuppressWarnings("ArrayRecordComponent") // equality is by content, below
    record Text(byte[] utf8) implements Value {
        @Override
        public int bytes() {
            return utf8.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Text text
                    ? Arrays.equals(utf8, text.utf8)
                    : other instanceof Large large && large.utf8.equals(ByteBuffer.wrap(utf8));
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(utf8);
        }

        @Override
        public String toString() {
            return new String(utf8, UTF_8);
        }
    }

    /**
     * The same for a text that is too large to be copied from place to place: a part of what it
     * came in, or a file's contents. It equals a {@link Text} of the same bytes.
     *
     * @param utf8 from its position to its limit; neither it nor what it is a part of ever changes
     */
    record Large(ByteBuffer utf8) implements Value {
        public Large {
            utf8 = utf8.asReadOnlyBuffer();
        }

        @Override
        public int bytes() {
            return utf8.remaining();
        }

        /** With a position and a limit of its own. */
        @Override
        public ByteBuffer utf8() {
            return utf8.duplicate();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Large large
                    ? utf8.equals(large.utf8)
                    : other instanceof Text text && text.equals(this);
        }

        /** That of the same text as {@link Text}. */
        @Override
        public int hashCode() {
            int hash = 1;
            for (int at = utf8.position(); at < utf8.limit(); at++) {
                hash = 31 * hash + utf8.get(at);
            }
            return hash;
        }

        @Override
        public String toString() {
            return UTF_8.decode(utf8()).toString();
        }
    }

    /** How many bytes its text has, in UTF-8; none when it is not text. */
    int bytes();

    /** A text of this size or more is {@link Large} where it can be. */
    int LARGE_BYTES = 1024 * 1024;

    static Value text(String text) {
        return new Text(text.getBytes(UTF_8));
    }

    /**
     * Is this a value of the row itself (text or NULL), and not a stand-in for one held elsewhere?
     */
    default boolean isKnown() {
        return !(this instanceof Mark) || this == Mark.NULL;
    }
}

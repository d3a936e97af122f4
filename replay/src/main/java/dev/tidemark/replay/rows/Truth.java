package dev.tidemark.replay.rows;

/** What a condition says of a row, as SQL has it. */
enum Truth {
    FALSE,
    /** It depends on a NULL. */
    UNKNOWN,
    TRUE;

    static Truth of(boolean is) {
        return is ? TRUE : FALSE;
    }

    Truth and(Truth other) {
        return compareTo(other) < 0 ? this : other;
    }

    Truth or(Truth other) {
        return compareTo(other) > 0 ? this : other;
    }

    Truth not() {
        return switch (this) {
            case FALSE -> TRUE;
            case UNKNOWN -> UNKNOWN;
            case TRUE -> FALSE;
        };
    }
}

package dev.tidemark.replay.history;

import java.util.Optional;

/**
 * Who made a change, as far as that is known.
 *
 * @param name empty when it is not known
 * @param known how it is known
 */
public record Actor(Optional<String> name, Known known) {
    /** How an actor is known. */
    public enum Known {
        /** Nothing says who it was. */
        UNKNOWN,
        /** The application said it in the transaction. */
        SET,
        /** A column of the row itself says it. */
        CLAIMED
    }

    /** Nobody said who it was. */
    public static final Actor UNKNOWN = new Actor(Optional.empty(), Known.UNKNOWN);

    public Actor {
        if (name.isPresent() == (known == Known.UNKNOWN)) {
            throw new IllegalArgumentException("an actor " + name + " that is " + known);
        }
    }

    /** For people. */
    @Override
    public String toString() {
        return switch (known) {
            case UNKNOWN -> "unknown";
            case SET -> name.orElseThrow();
            case CLAIMED -> name.orElseThrow() + " (claimed by the row)";
        };
    }
}

package dev.tidemark.replay.history;

import java.util.Optional;

/**
 * Who made a change, as far as that is known.
 *
 * @param name empty when it is not known
 * @param known how it is known
 * @param displayName how they were called then, where a profile says which table holds the users;
 *     empty when it is not known
 * @param said what was said in the transaction, whoever is named by it; empty when nothing was
 */
public record Actor(
        Optional<String> name,
        Known known,
        Optional<String> displayName,
        Optional<TransactionContext> said) {
    /** How an actor is known. */
    public enum Known {
        /** Nothing says who it was. */
        UNKNOWN,
        /** The application said it in the transaction. */
        SAID,
        /** A column of the row itself says it. */
        CLAIMED
    }

    private static final String CLAIM = " (claimed by the row)";

    /** Nobody said who it was. */
    public static final Actor UNKNOWN =
            new Actor(Optional.empty(), Known.UNKNOWN, Optional.empty(), Optional.empty());

    public Actor {
        if (name.isPresent() == (known == Known.UNKNOWN)) {
            throw new IllegalArgumentException("an actor " + name + " that is " + known);
        }
    }

    /**
     * Of a change.
     *
     * @param said in its transaction
     * @param claimed by the row itself, which counts where nobody was named
     */
    public static Actor of(Optional<TransactionContext> said, Optional<String> claimed) {
        Optional<String> named = said.flatMap(TransactionContext::actor);
        if (named.isPresent()) {
            return new Actor(named, Known.SAID, Optional.empty(), said);
        }
        Known known = claimed.isPresent() ? Known.CLAIMED : Known.UNKNOWN;
        return new Actor(claimed, known, Optional.empty(), said);
    }

    /** The same who was called so then. */
    public Actor called(Optional<String> newName) {
        return new Actor(name, known, newName, said);
    }

    /** Their name for people, beside it how they were called. */
    public String label() {
        String shown =
                switch (known) {
                    case UNKNOWN -> TransactionContext.UNKNOWN;
                    case SAID -> plain(name.orElseThrow());
                    case CLAIMED -> name.orElseThrow();
                };
        return displayName.map(then -> "%s [%s]".formatted(then, shown)).orElse(shown);
    }

    /** The same, with how they are known. */
    @Override
    public String toString() {
        return known == Known.CLAIMED ? label() + CLAIM : label();
    }

    /** In quotes where it would look like one of the others. */
    private static String plain(String said) {
        return said.equals(TransactionContext.UNKNOWN) || said.endsWith(CLAIM) || said.endsWith("]")
                ? "'" + said + "'"
                : said;
    }
}

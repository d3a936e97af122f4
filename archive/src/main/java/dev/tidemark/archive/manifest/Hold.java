package dev.tidemark.archive.manifest;

import dev.tidemark.archive.crypt.SealedTexts;
import java.time.Instant;

/**
 * That all moments of some time are to be kept, whatever a policy says: for a case at court, an
 * audit, an incident that is looked into.
 *
 * @param name as a mark's; no other hold in force has it
 * @param from the first moment, by the source's clock
 * @param to the last one
 * @param note for people, perhaps empty
 * @param isReleased from here on it keeps nothing
 */
public record Hold(String name, Instant from, Instant to, String note, boolean isReleased)
        implements Statement {
    public Hold {
        if (!Mark.isName(name) && !SealedTexts.isSealed(name)) {
            throw new IllegalArgumentException("not a name: " + name);
        }
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("a hold from " + from + " back to " + to);
        }
    }

    /** The same with other texts. */
    Hold withTexts(String otherName, String otherNote) {
        return new Hold(otherName, from, to, otherNote, isReleased);
    }

    /** That it keeps nothing any more. */
    public Hold released() {
        return new Hold(name, from, to, note, true);
    }
}

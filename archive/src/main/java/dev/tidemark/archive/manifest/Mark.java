package dev.tidemark.archive.manifest;

import dev.tidemark.archive.crypt.SealedTexts;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;

/**
 * A moment that somebody gave a name.
 *
 * @param name as it was written, or what stands for it; no other mark in force has it
 * @param stretch the number of the base that its stretch begins with: positions of two may overlap
 * @param position the last transaction in it
 * @param time when that was committed, by the source's clock
 * @param note for people, perhaps empty
 * @param isTakenBack from here on the name stands for nothing
 */
public record Mark(
        String name,
        long stretch,
        Position position,
        Instant time,
        String note,
        boolean isTakenBack)
        implements Statement {
    /** Characters of a name. */
    public static final int NAME_MAX = 100;

    public Mark {
        if (!isName(name) && !SealedTexts.isSealed(name)) {
            throw new IllegalArgumentException("not a name: " + name);
        }
    }

    /** Can a mark be named so? It must fit on a command line and into a table. */
    public static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_MAX
                && text.equals(text.strip())
                && text.chars().noneMatch(Character::isISOControl);
    }

    /** That it stands for nothing any more. */
    public Mark takenBack() {
        return new Mark(name, stretch, position, time, note, true);
    }

    /** The same with other texts. */
    Mark withTexts(String otherName, String otherNote) {
        return new Mark(otherName, stretch, position, time, otherNote, isTakenBack);
    }
}

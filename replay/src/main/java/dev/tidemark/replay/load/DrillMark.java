package dev.tidemark.replay.load;

/**
 * The comment of a database that a drill made, and that the next one may drop. It says which
 * database it is of: another that came to the comment, be it by a copy of it, or to the name is not
 * taken for the drill's.
 */
public final class DrillMark {
    private static final String START = "scratch database of tidemark drill, to be dropped: ";

    /** That of versions which did not say which database it was of. */
    private static final String FORMER = START.substring(0, START.indexOf(':'));

    private DrillMark() {}

    /**
     * The comment.
     *
     * @param oid the database's own number, which no other one of its server has
     */
    public static String of(String database, String oid) {
        return "%s%s (OID %s)".formatted(START, database, oid);
    }

    /** Is a comment the mark of some drill's database, whichever? */
    static boolean isOne(String comment) {
        return comment.equals(FORMER) || comment.startsWith(START);
    }
}

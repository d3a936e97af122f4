package dev.tidemark.replay.rewind;

/** How a database is moved. */
public record RewindOptions(Foreign foreign, Check check, Reports reports, Views views) {
    /** What to do with tables whose rows others changed. */
    public enum Foreign {
        REFUSE,
        /** They come to the moment like all others: what was changed is lost. */
        OVERWRITE
    }

    /** What is read back. */
    public enum Check {
        /** The rows that were changed. */
        CHANGED_ROWS,
        /** All rows of the tables that have some of those. */
        WHOLE_TABLES
    }

    /** When to trust the server's counts of what others changed. */
    public enum Reports {
        /** Once all sessions have reported theirs; else tables are read. */
        AWAITED,
        /** At once: what is reported later is noticed at the next move. */
        AS_THEY_ARE
    }

    /** What becomes of materialized views. */
    public enum Views {
        /** They are filled anew from the rows that are there then. */
        REFRESHED,
        /** They stay, for many moves that follow each other. */
        LEFT
    }

    /** Those of one more of many moves. */
    public RewindOptions following() {
        return new RewindOptions(foreign, check, Reports.AS_THEY_ARE, Views.LEFT);
    }
}

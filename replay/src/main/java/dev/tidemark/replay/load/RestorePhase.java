package dev.tidemark.replay.load;

/** What a restore is doing, in this order. */
public enum RestorePhase {
    /** Schemas, types, functions, tables; counted in statements. */
    SCHEMA("schema"),
    /** Counted in rows. */
    ROWS("rows"),
    /** Keys, indexes, constraints, views, triggers, sequences' values; counted in statements. */
    CONSTRAINTS("indexes and constraints"),
    /** Reading back what was loaded; counted in rows. */
    CHECK("check"),
    /** Last, because the user may lose his own to what was restored; counted in statements. */
    RIGHTS("owners and rights");

    private final String words;

    RestorePhase(String words) {
        this.words = words;
    }

    /** Is its progress told in rows? */
    public boolean countsRows() {
        return this == ROWS || this == CHECK;
    }

    /** For people. */
    @Override
    public String toString() {
        return words;
    }
}

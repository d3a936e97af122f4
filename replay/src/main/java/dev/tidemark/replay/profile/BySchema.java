package dev.tidemark.replay.profile;

import java.util.List;

/** Whose a row is, is said by the schema of its table. */
record BySchema() implements OfColumns {
    static final String WORD = "by-schema";

    @Override
    public List<String> columns() {
        return List.of();
    }

    @Override
    public String toString() {
        return WORD;
    }
}

package dev.tidemark.replay.content;

import java.util.List;

/** What somebody wants back of a database, and under which names. */
public record PartRequest(Selection selection, List<Rename> renames, Extent extent) {
    public PartRequest {
        renames = List.copyOf(renames);
    }

    /** The whole database, as it was. */
    public static PartRequest whole() {
        return new PartRequest(Selection.all(), List.of(), Extent.ALL);
    }

    public boolean isWhole() {
        return equals(whole());
    }
}

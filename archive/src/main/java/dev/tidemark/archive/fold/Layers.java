package dev.tidemark.archive.fold;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;

/**
 * Lines with an overlay over them. What the lines pass on is for the overlay.
 *
 * @param overlay with the same key as the lines where a file of the base has their version
 */
record Layers(MergedLines lines, Overlay overlay) implements Layer {
    @Override
    public boolean takesFromBase() {
        return lines.takesFromBase() || overlay.takesFromBase();
    }

    @Override
    public int[] places() {
        return lines.places();
    }

    @Override
    public boolean takes(List<Value> fields) {
        return lines.takes(fields) || overlay.takes(fields);
    }

    @Override
    public boolean needsFields() {
        return lines.needsFields() || overlay.needsFields();
    }

    @Override
    public void lay(List<Value> baseRow, RowSink sink) throws IOException {
        lines.lay(baseRow, sink);
    }

    @Override
    public void finish(RowSink sink) throws IOException {
        lines.finish(sink);
    }
}

package dev.tidemark.replay.load;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;

/** Adds up rows that go nowhere: their {@link RowsChecksum} is all that is kept. For one thread. */
public final class RowsTally implements RowSink {
    private final CopyText text = new CopyText(full -> drain());
    private final RowsDigest digest = new RowsDigest();

    @Override
    public void row(List<Value> row) throws IOException {
        text.add(row);
        drain();
        digest.endRow();
    }

    private void drain() {
        digest.addPart(text.bytes(), 0, text.length());
        text.clear();
    }

    /** Of the rows so far. */
    public RowsChecksum checksum() {
        return digest.checksum();
    }
}

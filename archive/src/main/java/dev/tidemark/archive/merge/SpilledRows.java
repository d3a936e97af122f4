package dev.tidemark.archive.merge;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Rows that wait on local disk. For one thread. */
public final class SpilledRows implements AutoCloseable {
    private final LargeRecords rows;

    /** In a file of its own in a folder. */
    public SpilledRows(Path folder) throws IOException {
        rows = new LargeRecords(folder);
    }

    /** Adds a row; what reads it back, as often as it is asked. */
    public Supplier<List<Value>> add(List<Value> row) {
        int size = Math.toIntExact(ChangeBytes.size(row));
        long place = rows.add(size, room -> ChangeBytes.write(row, room));
        return () -> ChangeBytes.fields(rows.read(place, size));
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}

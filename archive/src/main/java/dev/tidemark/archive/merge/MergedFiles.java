package dev.tidemark.archive.merge;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.merge.SegmentMerger.Part;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangesWriter;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes files of sorted changes, one after the other, each of one table in one version. For one
 * thread.
 */
final class MergedFiles implements AutoCloseable {
    private static final int TABLE_BYTES = 3 * Long.BYTES; // table, version, part
    private static final int PLACE_BYTES = 2 * Long.BYTES; // transaction, place in it

    /** Takes a finished file. */
    interface Finished {
        void file(Path file, String name, FileRef.Kind kind, long rows, Part part)
                throws IOException;
    }

    private final Path folder;
    private final Map<Part, Table> shapes;
    private final ExternalSort sort;
    private final Finished finished;
    private byte[] last = new byte[TABLE_BYTES + PLACE_BYTES];
    private @Nullable Open open;

    private record Open(Part part, ChangesWriter writer, Completion rows, boolean hasKey) {}

    /**
     * @param shapes the tables that come, in all their versions
     */
    MergedFiles(Path folder, Map<Part, Table> shapes, ExternalSort sort, Finished finished) {
        this.sort = sort;
        this.folder = folder;
        this.shapes = shapes;
        this.finished = finished;
    }

    /** Takes the next change; the key is that of {@link SegmentMerger}. */
    void add(ExternalSort.Item item) throws IOException {
        byte[] key = item.key();
        Open file = open;
        if (file == null || Arrays.mismatch(key, last) < TABLE_BYTES) {
            finish();
            file = begin(ByteBuffer.wrap(key));
            open = file;
        }
        if (!file.hasKey || isOtherLine(key)) {
            file.rows.begin();
        }
        Change change = sort.change(item);
        file.rows.add(change, ByteBuffer.wrap(key).getLong(key.length - Long.BYTES));
        last = key;
    }

    private boolean isOtherLine(byte[] key) {
        return !Arrays.equals(key, 0, key.length - PLACE_BYTES, last, 0, last.length - PLACE_BYTES);
    }

    private Open begin(ByteBuffer key) throws IOException {
        Part part = new Part(key.getLong(), Math.toIntExact(key.getLong()), key.getLong());
        Table table = Objects.requireNonNull(shapes.get(part));
        ChangesWriter writer = ChangesWriter.create(folder.resolve("merged-changes"), table);
        return new Open(
                part,
                writer,
                new Completion(table.stored().size(), writer::add),
                !table.key().isEmpty());
    }

    /** Finishes the file that is open. */
    void finish() throws IOException {
        Open file = open;
        if (file != null) {
            open = null;
            long rows = file.writer.rows();
            String name =
                    "%d-%d-%05d.parquet"
                            .formatted(file.part.table(), file.part.version(), file.part.part());
            finished.file(file.writer.close(), name, FileRef.Kind.CHANGES, rows, file.part);
        }
    }

    /** After a failure. */
    @Override
    public void close() throws IOException {
        if (open != null) {
            open.writer.discard();
        }
    }
}

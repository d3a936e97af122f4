package dev.tidemark.archiver.segment;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Puts the pieces of large values together: in local files, which are then mapped, so that a value
 * takes none of the heap. A file is deleted as soon as it is mapped, so none is left behind. For
 * one thread.
 */
final class LargeValues {
    private final Path folder;
    private final Queue<Value> whole = new ArrayDeque<>();
    private @Nullable FileChannel open;

    /** Files go into this folder. */
    LargeValues(Path folder) {
        this.folder = folder;
    }

    /** What came before counts for nothing. */
    void clear() {
        whole.clear();
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e); // deleted already: nothing is left to write
            }
            open = null;
        }
    }

    void take(Entry.Piece piece) throws IOException {
        FileChannel file = open == null ? create() : open;
        open = file;
        ByteBuffer content = piece.content();
        while (content.hasRemaining()) {
            file.write(content);
        }
        if (piece.last()) {
            whole.add(read(file));
            file.close();
            open = null;
        }
    }

    /** The texts that come in pieces because of their number are not worth a mapping each. */
    private static Value read(FileChannel file) throws IOException {
        if (file.size() >= Value.LARGE_BYTES) {
            return new Value.Large(file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()));
        }
        file.position(0);
        return new Value.Text(Channels.newInputStream(file).readAllBytes());
    }

    private FileChannel create() throws IOException {
        Path file = folder.resolve("value.part");
        FileChannel created =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        Files.delete(file); // what is open or mapped stays until it is not
        return created;
    }

    /** The row with the values that came before it, which must be as many as it wants. */
    Entry.Row fill(Entry.Row row) {
        if (whole.isEmpty() && !wantsAny(row.before()) && !wantsAny(row.after())) {
            return row;
        }
        Entry.Row filled =
                new Entry.Row(
                        row.table(),
                        row.operation(),
                        row.image(),
                        filled(row.before()),
                        filled(row.after()));
        if (!whole.isEmpty() || wantsAny(filled.before()) || wantsAny(filled.after())) {
            throw TidemarkException.failed(
                    "a row of table %d in the change log has more or fewer large values than came before it"
                            .formatted(row.table()),
                    "The topic is damaged, or another program writes to it: look who else may write there.");
        }
        return filled;
    }

    private static boolean wantsAny(List<Value> values) {
        return values.contains(Value.Mark.PIECES);
    }

    private List<Value> filled(List<Value> values) {
        List<Value> filled = new ArrayList<>(values);
        filled.replaceAll(
                value -> value == Value.Mark.PIECES && !whole.isEmpty() ? whole.remove() : value);
        return filled;
    }
}

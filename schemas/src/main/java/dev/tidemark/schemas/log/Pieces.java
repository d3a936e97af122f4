package dev.tidemark.schemas.log;

import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A row as the entries that fit into records: its large texts in pieces, then the row itself with
 * marks in their places. The pieces are parts of the texts, so nothing is copied.
 */
public final class Pieces implements Iterator<Entry> {
    /** A record holds one and some; it stays well under Kafka's default request size. */
    static final int BYTES_MAX = 256 * 1024;

    /** What a row's record may hold of texts that are not large, each by itself. */
    static final int WHOLE_BYTES_MAX = 16 * 1024 * 1024;

    /**
     * In a row of more than that all texts from this size on go in pieces: the 3,200 of the widest
     * row with the row before it are 50 MiB at most without them.
     */
    static final int MANY_BYTES = 16 * 1024;

    private final List<ByteBuffer> texts = new ArrayList<>();
    private final int largeBytes;
    private final Entry.Row row;
    private int text;
    private boolean done;

    /** Cuts a row, which may have no large text. */
    public Pieces(Entry.Row whole) {
        largeBytes =
                smallBytes(whole.before()) + smallBytes(whole.after()) > WHOLE_BYTES_MAX
                        ? MANY_BYTES
                        : Value.LARGE_BYTES;
        row =
                isSmall(whole.before()) && isSmall(whole.after())
                        ? whole
                        : new Entry.Row(
                                whole.table(),
                                whole.operation(),
                                whole.image(),
                                cut(whole.before()),
                                cut(whole.after()));
    }

    private static long smallBytes(List<Value> values) {
        long bytes = 0;
        for (int i = 0; i < values.size(); i++) {
            int length = values.get(i).bytes();
            bytes += length < Value.LARGE_BYTES ? length : 0;
        }
        return bytes;
    }

    private boolean isSmall(List<Value> values) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i).bytes() >= largeBytes) {
                return false;
            }
        }
        return true;
    }

    private List<Value> cut(List<Value> values) {
        List<Value> marked = new ArrayList<>(values);
        for (int i = 0; i < marked.size(); i++) {
            Value value = marked.get(i);
            if (value.bytes() >= largeBytes) {
                texts.add(bytes(value));
                marked.set(i, Value.Mark.PIECES);
            }
        }
        return marked;
    }

    private static ByteBuffer bytes(Value value) {
        return switch (value) {
            case Value.Text small -> ByteBuffer.wrap(small.utf8());
            case Value.Large large -> large.utf8();
            case Value.Mark mark -> throw new IllegalArgumentException("no text: " + mark);
        };
    }

    @Override
    public boolean hasNext() {
        return !done;
    }

    @Override
    public Entry next() {
        if (done) {
            throw new NoSuchElementException();
        }
        if (text == texts.size()) {
            done = true;
            return row;
        }
        ByteBuffer rest = texts.get(text);
        int length = Math.min(rest.remaining(), BYTES_MAX);
        Entry.Piece piece =
                new Entry.Piece(rest.slice(rest.position(), length), length == rest.remaining());
        rest.position(rest.position() + length);
        if (piece.last()) {
            text++;
        }
        return piece;
    }
}

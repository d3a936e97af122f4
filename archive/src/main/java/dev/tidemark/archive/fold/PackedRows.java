package dev.tidemark.archive.fold;

import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Rows in a fraction of the memory that their objects take, in their order. A field is a number, in
 * groups of 7 bits from the lowest on: which {@link Value.Mark} it is, or how many bytes follow,
 * after those. For one thread.
 */
final class PackedRows implements Iterable<List<Value>> {
    private static final List<Value.Mark> MARKS = List.of(Value.Mark.values());
    private static final int NUMBER_BYTES_MAX = 5;
    private static final int CHUNK_BYTES_MIN = 1024;
    private static final int CHUNK_BYTES_MAX = 1024 * 1024;

    /** Rows one after the other, and where the last ends. */
    private static final class Chunk {
        private final byte[] bytes;
        private int end;

        Chunk(int size) {
            bytes = new byte[size];
        }
    }

    private final List<Chunk> chunks = new ArrayList<>();
    private int fields; // of a row
    private long bytes;
    private long rows;

    /** Large fields are better left where they are, and a row without fields leaves no trace. */
    static boolean mayHold(List<Value> row) {
        return !row.isEmpty() && row.stream().noneMatch(Value.Large.class::isInstance);
    }

    /** Adds a row, with as many fields as the others. */
    void add(List<Value> row) {
        if (rows == 0) {
            fields = row.size();
        } else if (row.size() != fields) {
            throw new IllegalArgumentException("a row of " + row.size() + " fields");
        }
        Chunk chunk = chunkFor(row);
        int at = chunk.end;
        for (Value field : row) {
            at = write(field, chunk.bytes, at);
        }
        chunk.end = at;
        rows++;
    }

    private Chunk chunkFor(List<Value> row) {
        int most = row.stream().mapToInt(field -> NUMBER_BYTES_MAX + field.bytes()).sum();
        if (!chunks.isEmpty()) {
            Chunk last = chunks.getLast();
            if (last.bytes.length - last.end >= most) {
                return last;
            }
        }
        int size = Math.clamp(bytes, CHUNK_BYTES_MIN, CHUNK_BYTES_MAX);
        Chunk next = new Chunk(Math.max(size, most));
        chunks.add(next);
        bytes += next.bytes.length;
        return next;
    }

    private static int write(Value field, byte[] to, int at) {
        return switch (field) {
            case Value.Mark mark -> writeNumber(MARKS.indexOf(mark), to, at);
            case Value.Text text -> {
                byte[] utf8 = text.utf8();
                int from = writeNumber(MARKS.size() + utf8.length, to, at);
                System.arraycopy(utf8, 0, to, from, utf8.length);
                yield from + utf8.length;
            }
            case Value.Large large ->
                    throw new IllegalArgumentException(large.bytes() + " bytes in one field");
        };
    }

    private static int writeNumber(int number, byte[] to, int from) {
        int at = from;
        int rest = number;
        for (; rest > 0x7F; rest >>>= 7) {
            to[at++] = (byte) (rest | 0x80);
        }
        to[at++] = (byte) rest;
        return at;
    }

    /** All of them; none is to be added meanwhile. */
    @Override
    public Iterator<List<Value>> iterator() {
        return new Reader();
    }

    private final class Reader implements Iterator<List<Value>> {
        private final Iterator<Chunk> next = chunks.iterator();
        private Chunk chunk = new Chunk(0);
        private int at;

        @Override
        public boolean hasNext() {
            return at < chunk.end || next.hasNext(); // no chunk is empty
        }

        @Override
        public List<Value> next() {
            if (at == chunk.end) {
                chunk = next.next();
                at = 0;
            }
            Value[] row = new Value[fields];
            for (int i = 0; i < fields; i++) {
                row[i] = field();
            }
            return Arrays.asList(row);
        }

        private Value field() {
            int number = number();
            if (number < MARKS.size()) {
                return MARKS.get(number);
            }
            int from = at;
            at += number - MARKS.size();
            return new Value.Text(Arrays.copyOfRange(chunk.bytes, from, at));
        }

        private int number() {
            int number = 0;
            for (int shift = 0; ; shift += 7) {
                byte group = chunk.bytes[at++];
                number |= (group & 0x7F) << shift;
                if (group >= 0) {
                    return number;
                }
            }
        }
    }

    /** How much memory they take, nearly. */
    long bytes() {
        return bytes;
    }

    /** How much they would take as keys of a map, nearly. */
    long unpackedBytes() {
        return rows * RowKey.bytes(fields) + bytes;
    }

    void clear() {
        chunks.clear();
        bytes = 0;
        rows = 0;
    }
}

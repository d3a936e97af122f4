package dev.tidemark.archive.fold;

import dev.tidemark.archive.merge.LineKey;
import dev.tidemark.archive.merge.LineOrder;
import dev.tidemark.archive.merge.SpilledRows;
import dev.tidemark.archive.parquet.TextDictionary;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What files of lines make of a table's base. All are read at once, key by key, so that a row which
 * is told whole is passed on as soon as its key comes, however often it changed. In memory stay the
 * keys of rows that changed, and rows of which the base has a part or that got another key; the
 * latter go to local disk when they are many.
 *
 * <p>First {@link #read} to the end, then {@link #lay} every row of the base, then {@link #finish}.
 * What does not fit is an {@link IllegalStateException}: base and lines are not of one history. For
 * one thread.
 */
final class MergedLines implements Layer, AutoCloseable {
    /** In place of an age: the base has no such row. */
    private static final int NOT_IN_BASE = -1;

    /** What a key takes besides its bytes, about. */
    private static final int KEY_BYTES = 64;

    private static final int KEYS_START = 64;
    private static final int KEYS_PER_LOOK = 0x3FFF;

    private final LineOrder order;
    private final int fields;
    private final FoldRoom room;
    private final List<LineCursor> open = new ArrayList<>();
    private final PriorityQueue<LineCursor> next = new PriorityQueue<>();
    private TextDictionary keys = new TextDictionary();
    private int[] ages = new int[KEYS_START]; // by the number of a key: of the first that awaits it
    private BitSet laid = new BitSet(); // by the number of a key: the base had it
    private final Map<Integer, List<Awaited>> awaited =
            new HashMap<>(); // where ages say too little
    private final LineArrivals arrivals = new LineArrivals();
    private List<LineRow> waiting = new ArrayList<>(); // which are rows of the end
    private BitSet home = new BitSet(); // by the number of a key: a row has it at the end
    private long bytes; // of those that wait and of what is awaited
    private long floor; // what the last base could not take
    private long arrivalBytes; // of rows that got another key, and are in memory
    private @Nullable SpilledRows spilled;
    private long keysRead;

    private MergedLines(Table table, FoldRoom room) {
        this.order = new LineOrder(table);
        this.fields = table.stored().size();
        this.room = room;
        room.begin();
    }

    /**
     * Opens files.
     *
     * @param table in the version that all of them have; with a key
     * @param files from the oldest; none of them has more to say than rows
     */
    static MergedLines open(Table table, List<LineFile> files, FoldRoom room) throws IOException {
        MergedLines lines = new MergedLines(table, room);
        try {
            for (LineFile file : files) {
                Path local = room.local(file.file());
                LineCursor cursor =
                        LineCursor.open(local, file.transactions(), lines.open.size(), lines.order);
                lines.open.add(cursor);
                lines.advance(cursor);
            }
            return lines;
        } catch (IOException | RuntimeException e) {
            try (lines) {
                throw e;
            }
        }
    }

    private void advance(LineCursor cursor) {
        if (cursor.next()) {
            if (cursor.line().first().size() != fields) {
                throw new IllegalStateException(
                        "a change has " + cursor.line().first().size() + " fields");
            }
            next.add(cursor);
        }
    }

    /** A row with some key that must have been there before a file of some age. */
    record Awaited(int age, @Nullable LineRow then) {}

    /**
     * Reads on until the memory is full.
     *
     * @param whole takes rows of the end
     * @return false when there is more: then every row of the base is to be laid, and {@link
     *     #forget} called, before it goes on
     */
    boolean read(RowSink whole) throws IOException {
        while (!next.isEmpty()) {
            readKey(whole);
            if ((++keysRead & KEYS_PER_LOOK) == 0 && Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while changes were read");
            }
            if (!next.isEmpty() && bytes() - floor > room.ofLines()) {
                return false;
            }
        }
        settleArrivals();
        return true;
    }

    private long bytes() {
        return keys.bytes() + (long) KEY_BYTES * keys.size() + bytes;
    }

    private void readKey(RowSink whole) throws IOException {
        LineCursor cursor = next.remove();
        LineKey key = cursor.key();
        List<Awaited> before = new ArrayList<>();
        LineRow row = null; // that has the key after the line
        while (cursor != null) {
            row = follow(cursor, row, before);
            advance(cursor);
            LineCursor following = next.peek();
            boolean isSame = following != null && following.key().equals(key);
            cursor = isSame ? next.remove() : null;
        }
        if (!before.isEmpty() || row != null) {
            home.set(await(key, before), row != null);
        }
        if (row == null) {
            return;
        }
        if (row.isWhole()) {
            whole.row(row.whole());
        } else {
            keep(row);
        }
    }

    /**
     * Follows a row over a line.
     *
     * @param there the row that has the key so far, if one has
     * @return the row that has it after the line, if one has
     */
    private @Nullable LineRow follow(
            LineCursor cursor, @Nullable LineRow there, List<Awaited> awaitedRows)
            throws IOException {
        RowLine line = cursor.line();
        if (line.start().isEmpty()) {
            return born(cursor, there);
        }
        LineRow row = null;
        if (line.end().isPresent()) {
            List<Value> end = line.end().get();
            row = there == null ? new LineRow(end) : there.becomes(end);
        }
        if (there == null) {
            awaitedRows.add(new Awaited(cursor.age(), row));
        }
        return row == null || isHome(line) ? row : leave(cursor, row);
    }

    /**
     * A row may be born while the one that had the key is away, and make room when that returns.
     */
    private @Nullable LineRow born(LineCursor cursor, @Nullable LineRow there) throws IOException {
        RowLine line = cursor.line();
        if (line.end().isEmpty()) {
            return there;
        }
        LineRow row = new LineRow(line.end().get());
        if (!isHome(line)) {
            LineRow unused = leave(cursor, row);
            return there;
        }
        if (there != null) {
            throw new IllegalStateException("a second insert of the row " + cursor.key());
        }
        return row;
    }

    private boolean isHome(RowLine line) {
        return order.isSame(line.first(), line.end().orElseThrow());
    }

    private @Nullable LineRow leave(LineCursor cursor, LineRow row) throws IOException {
        arrivals.add(order.of(cursor.line().end().orElseThrow()), cursor.age(), row);
        if (row.isWhole() && arrivalBytes > room.ofLines()) {
            SpilledRows rows = spilled == null ? new SpilledRows(room.temporary()) : spilled;
            spilled = rows;
            row.spill(rows);
        } else {
            arrivalBytes += row.bytes();
        }
        return null;
    }

    private void keep(LineRow row) {
        waiting.add(row);
        bytes += row.bytes();
    }

    /** Notes a key whose rows were awaited, or which the base must not have; its number. */
    private int await(LineKey key, List<Awaited> rows) {
        int number = number(key);
        if (rows.isEmpty()) {
            return number;
        }
        ages[number] = rows.getFirst().age();
        LineRow then = rows.getFirst().then();
        boolean isEnough = rows.size() == 1 && (then == null || then.isWhole());
        if (!isEnough) {
            awaited.put(number, rows);
            bytes += (long) KEY_BYTES * rows.size();
        }
        return number;
    }

    private int number(LineKey key) {
        int known = keys.size();
        int number = keys.numberOf(key.bytes());
        if (number == known) {
            if (number == ages.length) {
                ages = Arrays.copyOf(ages, 2 * number);
            }
            ages[number] = NOT_IN_BASE;
        }
        return number;
    }

    private LineKey key(int number) {
        return new LineKey(keys.text(number));
    }

    private List<Awaited> awaited(int number) {
        if (ages[number] == NOT_IN_BASE) {
            return List.of();
        }
        List<Awaited> known = awaited.get(number);
        return known == null ? List.of(new Awaited(ages[number], null)) : known;
    }

    /** Gives rows that got another key to the lines that await them there. */
    private void settleArrivals() {
        for (Map.Entry<LineKey, List<LineArrivals.Arrival>> one : arrivals.take()) {
            int number = number(one.getKey());
            List<Awaited> ofBase =
                    LineArrivals.settle(
                            one.getKey(),
                            awaited(number),
                            one.getValue(),
                            row -> {
                                if (home.get(number)) {
                                    throw LineArrivals.twoRows(one.getKey());
                                }
                                keep(row);
                            });
            awaited.remove(number);
            ages[number] = NOT_IN_BASE;
            await(one.getKey(), ofBase);
        }
        for (Map.Entry<Integer, List<Awaited>> one : awaited.entrySet()) {
            if (one.getValue().size() > 1) {
                throw LineArrivals.gone(key(one.getKey()));
            }
        }
    }

    @Override
    public boolean takesFromBase() {
        return keys.size() > 0;
    }

    @Override
    public int[] places() {
        return order.ascending();
    }

    @Override
    public boolean takes(List<Value> ascending) {
        int number = keys.find(order.ofAscending(ascending).bytes());
        if (number >= 0 && ages[number] == NOT_IN_BASE) {
            throw inBase(number);
        }
        return number >= 0;
    }

    @Override
    public boolean needsFields() {
        return waiting.stream().anyMatch(row -> !row.isWhole())
                || awaited.values().stream()
                        .flatMap(List::stream)
                        .map(Awaited::then)
                        .anyMatch(then -> then != null && !then.isWhole());
    }

    @Override
    public void lay(List<Value> row, RowSink sink) throws IOException {
        int number = keys.size() == 0 ? -1 : keys.find(order.of(row).bytes());
        if (number < 0) {
            sink.row(row);
            return;
        }
        if (ages[number] == NOT_IN_BASE) {
            throw inBase(number);
        }
        if (laid.get(number)) {
            throw new IllegalStateException("the base has the row " + key(number) + " twice");
        }
        laid.set(number);
        LineRow then = awaited(number).getFirst().then();
        if (then != null) {
            then.comesFrom(row);
        }
    }

    private IllegalStateException inBase(int number) {
        return new IllegalStateException(
                "a change made a row " + key(number) + ", which is in the base");
    }

    /** Every row of the base so far was laid: what was awaited of it takes no memory any more. */
    void forget(RowSink sink) throws IOException {
        Map<LineKey, List<Awaited>> left = new LinkedHashMap<>();
        for (int number = 0; number < keys.size(); number++) {
            List<Awaited> rows = awaited(number);
            List<Awaited> rest = laid.get(number) ? rows.subList(1, rows.size()) : rows;
            if (!rest.isEmpty()) {
                left.put(key(number), rest);
            }
        }
        keys = new TextDictionary();
        ages = new int[KEYS_START];
        laid = new BitSet();
        home = new BitSet();
        awaited.clear();
        bytes = 0;
        left.forEach(this::await);
        passOnWhole(sink);
        floor = bytes();
    }

    private void passOnWhole(RowSink sink) throws IOException {
        List<LineRow> rows = waiting;
        waiting = new ArrayList<>();
        for (LineRow row : rows) {
            if (row.isWhole()) {
                sink.row(row.whole());
            } else {
                keep(row);
            }
        }
    }

    @Override
    public void finish(RowSink sink) throws IOException {
        for (int number = 0; number < keys.size(); number++) {
            if (ages[number] != NOT_IN_BASE && !laid.get(number)) {
                throw new IllegalStateException(
                        "the base does not have a row that changed, " + key(number));
            }
        }
        for (LineRow row : waiting) {
            sink.row(row.whole());
        }
    }

    @Override
    public void close() throws IOException {
        room.end();
        try (SpilledRows rows = spilled) {
            closeAll(open);
        }
    }

    /** All of them, also when one fails. */
    private static void closeAll(List<LineCursor> cursors) throws IOException {
        if (!cursors.isEmpty()) {
            try (LineCursor first = cursors.getFirst()) {
                closeAll(cursors.subList(1, cursors.size()));
            }
        }
    }
}

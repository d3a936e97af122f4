package dev.tidemark.archive.fold;

import dev.tidemark.archive.parquet.Change;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets another thread take what this one makes, rows or what becomes of them, while this one makes
 * the next. What is on the way is bounded; a large row is alone there. Few rows need no other
 * thread. For one thread, which calls {@link #finish} at the end and {@link #close} in any case.
 *
 * @param <T> what goes through it
 */
public final class Pipe<T> implements AutoCloseable {
    /** Takes what comes out. */
    public interface End<T> {
        void take(T one) throws IOException;
    }

    private static final int BATCH_ROWS = 1_000;
    private static final int BATCH_UNITS = 1_024;
    private static final int UNIT_BYTES = 1_024;

    /** Of a row on the heap, besides its fields. */
    private static final long ROW_BYTES = 64;

    /** What may be on the way. */
    private static final int UNITS = 4 * BATCH_UNITS;

    /**
     * @param all nothing at the end
     */
    private record Batch<T>(List<T> all, int units) {}

    private final ToLongFunction<T> size;
    private final End<T> end;
    private final BlockingQueue<Batch<T>> filled = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(UNITS);
    private volatile Optional<Throwable> failure = Optional.empty();
    private List<T> waiting = new ArrayList<>();
    private long bytes; // of it
    private @Nullable Thread taker;

    private Pipe(ToLongFunction<T> size, End<T> end) {
        this.size = size;
        this.end = end;
    }

    /** One for rows. */
    public static Pipe<List<Value>> ofRows(End<List<Value>> end) {
        return new Pipe<>(Pipe::bytes, end);
    }

    /** One for bytes that are ready to be sent; they are not to be changed any more. */
    public static Pipe<byte[]> ofBytes(End<byte[]> end) {
        return new Pipe<>(part -> part.length, end);
    }

    /** One for what becomes of rows. */
    static Pipe<RowLine> ofLines(End<RowLine> end) {
        return new Pipe<>(
                line -> bytes(line.first()) + line.end().map(Pipe::bytes).orElse(0L), end);
    }

    /** One for changes. */
    static Pipe<Change> ofChanges(End<Change> end) {
        return new Pipe<>(
                change ->
                        switch (change.entry()) {
                            case Entry.Row row -> bytes(row.before()) + bytes(row.after());
                            case Entry.Schema schema -> bytes(schema.content());
                            case Entry.Message message -> bytes(message.content());
                            case Entry.Sequences sequences -> bytes(sequences.content());
                            default -> ROW_BYTES;
                        },
                end);
    }

    private static long bytes(String content) {
        return ROW_BYTES + content.length();
    }

    private static long bytes(List<Value> row) {
        return ROW_BYTES + RowKey.bytes(row);
    }

    /** Gives it the next. */
    public void add(T one) throws IOException {
        waiting.add(one);
        bytes += size.applyAsLong(one);
        if (waiting.size() >= BATCH_ROWS || bytes >= BATCH_UNITS * UNIT_BYTES) {
            handOver();
        }
    }

    private void handOver() throws IOException {
        if (taker == null) {
            String name = Thread.currentThread().getName() + "-ahead";
            taker = Thread.ofPlatform().name(name).start(this::take);
        }
        int units = Math.toIntExact(Math.min(UNITS, bytes / UNIT_BYTES + 1));
        try {
            room.acquire(units);
        } catch (InterruptedException e) {
            throw interrupted();
        }
        check();
        filled.add(new Batch<>(waiting, units));
        waiting = new ArrayList<>(BATCH_ROWS);
        bytes = 0;
    }

    private void take() {
        try {
            for (Batch<T> batch = filled.take(); !batch.all.isEmpty(); batch = filled.take()) {
                for (T one : batch.all) {
                    end.take(one);
                }
                room.release(batch.units);
            }
        } catch (InterruptedException e) {
            failure =
                    Optional.of(
                            new InterruptedIOException("interrupted while rows were passed on"));
        } catch (IOException | RuntimeException | Error e) {
            failure = Optional.of(e);
        } finally {
            room.release(UNITS); // nobody waits for what is not taken any more
        }
    }

    private void check() throws IOException {
        if (failure.isEmpty()) {
            return;
        }
        switch (failure.get()) {
            case IOException io -> throw io;
            case RuntimeException unchecked -> throw unchecked;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while rows were passed on");
    }

    /** Returns when all was taken. */
    public void finish() throws IOException {
        if (taker == null) {
            for (T one : waiting) {
                end.take(one);
            }
            waiting.clear();
            return;
        }
        if (!waiting.isEmpty()) {
            handOver();
        }
        filled.add(new Batch<>(List.of(), 0));
        try {
            taker.join();
        } catch (InterruptedException e) {
            throw interrupted();
        }
        check();
    }

    /** Returns when nothing is taken any more, finished or not. */
    @Override
    public void close() {
        if (taker == null) {
            return;
        }
        taker.interrupt();
        boolean isInterrupted = false;
        while (taker.isAlive()) {
            try {
                taker.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.tidemark.archiver.base;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Lets another thread pass rows on while this one makes the next. What is on the way is bounded; a
 * large row is alone there. Few rows need no other thread. For one thread, which calls {@link
 * #finish} at the end and {@link #close} in any case.
 */
final class RowPipe implements RowSink, AutoCloseable {
    private static final int BATCH_ROWS = 1_000;
    private static final int BATCH_UNITS = 1_024;
    private static final int UNIT_BYTES = 1_024;

    /** What may be on the way. */
    private static final int UNITS = 4 * BATCH_UNITS;

    /**
     * @param rows none at the end
     */
    private record Batch(List<List<Value>> rows, int units) {}

    private final RowSink sink;
    private final BlockingQueue<Batch> filled = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(UNITS);
    private volatile Optional<Throwable> failure = Optional.empty();
    private List<List<Value>> rows = new ArrayList<>();
    private long bytes; // of them
    private @Nullable Thread writer;

    RowPipe(RowSink sink) {
        this.sink = sink;
    }

    @Override
    public void row(List<Value> row) throws IOException {
        rows.add(row);
        for (Value field : row) {
            bytes +=
                    switch (field) {
                        case Value.Text text -> text.utf8().length;
                        case Value.Large large -> large.utf8().remaining();
                        case Value.Mark mark -> 1;
                    };
        }
        if (rows.size() >= BATCH_ROWS || bytes >= BATCH_UNITS * UNIT_BYTES) {
            handOver();
        }
    }

    private void handOver() throws IOException {
        if (writer == null) {
            String name = Thread.currentThread().getName() + "-file";
            writer = Thread.ofPlatform().name(name).start(this::write);
        }
        int units = Math.toIntExact(Math.min(UNITS, bytes / UNIT_BYTES + 1));
        try {
            room.acquire(units);
        } catch (InterruptedException e) {
            throw interrupted();
        }
        check();
        filled.add(new Batch(rows, units));
        rows = new ArrayList<>(BATCH_ROWS);
        bytes = 0;
    }

    private void write() {
        try {
            for (Batch batch = filled.take(); !batch.rows.isEmpty(); batch = filled.take()) {
                for (List<Value> row : batch.rows) {
                    sink.row(row);
                }
                room.release(batch.units);
            }
        } catch (InterruptedException e) {
            failure = Optional.of(new InterruptedIOException("interrupted while it was written"));
        } catch (IOException | RuntimeException | Error e) {
            failure = Optional.of(e);
        } finally {
            room.release(UNITS); // nobody waits for what is not written any more
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
        return new InterruptedIOException("interrupted while a base was made");
    }

    /** Returns when all rows were passed on. */
    void finish() throws IOException {
        if (writer == null) {
            for (List<Value> row : rows) {
                sink.row(row);
            }
            rows.clear();
            return;
        }
        if (!rows.isEmpty()) {
            handOver();
        }
        filled.add(new Batch(List.of(), 0));
        try {
            writer.join();
        } catch (InterruptedException e) {
            throw interrupted();
        }
        check();
    }

    /** Returns when nothing is passed on any more, finished or not. */
    @Override
    public void close() {
        if (writer == null) {
            return;
        }
        writer.interrupt();
        boolean isInterrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

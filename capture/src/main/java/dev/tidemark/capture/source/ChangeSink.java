package dev.tidemark.capture.source;

import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;

/**
 * Takes the source's transactions in commit order.
 *
 * <p>{@code begin}, {@code add} and {@code end} are called by one thread; {@code awaitDurable} by
 * another. They throw {@link dev.tidemark.schemas.TidemarkException} once something was lost on the
 * way: nothing after that counts.
 */
public interface ChangeSink {
    /** Opens a sink, once the source's stream is held: nobody else can hold it then. */
    interface Opening {
        /** A sink that takes over from whoever wrote before. */
        ChangeSink open() throws InterruptedException;
    }

    /** The last transaction that is there already; those up to it are not wanted again. */
    Position resume();

    /** A transaction starts. */
    void begin(long xid, Instant commitTime) throws InterruptedException;

    /** Something in the transaction that began. */
    void add(Entry entry) throws InterruptedException;

    /** The transaction is whole. */
    void end(Position position, Instant commitTime) throws InterruptedException;

    /** All up to the end of this transaction can no longer be lost. Any thread may ask. */
    Position durable();

    /** Returns once all up to the end of this transaction can no longer be lost. */
    void awaitDurable(Position position) throws InterruptedException;

    /**
     * Ends all waiting, of any thread: nothing more is written, and what is not durable comes
     * again.
     */
    void abandon();
}

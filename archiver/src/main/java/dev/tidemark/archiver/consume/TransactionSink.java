package dev.tidemark.archiver.consume;

import dev.tidemark.schemas.change.Entry;
import java.io.IOException;

/** Takes transactions entry by entry. */
public interface TransactionSink {
    /**
     * A transaction starts.
     *
     * @param offset of the record that it starts in
     */
    void begin(Entry.Begin begin, long offset);

    /** What is in it, in order. */
    void add(Entry entry) throws IOException;

    /** It is whole. */
    void end(Entry.End end) throws IOException;

    /**
     * It was broken off: what came since its beginning counts for nothing.
     *
     * @return could it be taken back? If not, all since the last commit must be read again, without
     *     these records
     */
    boolean takeBack();
}

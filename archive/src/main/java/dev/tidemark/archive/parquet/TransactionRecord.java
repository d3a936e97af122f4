package dev.tidemark.archive.parquet;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.HexFormat;

/**
 * One committed transaction of a segment.
 *
 * @param index its place in the segment, from 0
 * @param position its name: the end of its commit record
 * @param previous the transaction before it: a hole shows
 * @param changes the number of the segment's changes that are its own
 * @param logOffset where it begins in the change log
 * @param digest SHA-256 in hex of its changes, see {@link ChangeDigest}
 */
public record TransactionRecord(
        @JsonIgnore int index, // nobody's business outside: merging changes it
        Position position,
        Position previous,
        long xid,
        Instant commitTime,
        long changes,
        long logOffset,
        String digest) {
    /** The same transaction, at another place in a segment. */
    public TransactionRecord withIndex(int place) {
        return new TransactionRecord(
                place, position, previous, xid, commitTime, changes, logOffset, digest);
    }

    byte[] digestBytes() {
        return HexFormat.of().parseHex(digest);
    }
}

package dev.tidemark.schemas.log;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Frame;
import java.util.Optional;

/**
 * Reads the records of one topic, in clear or encrypted: the one way from a record to its frame.
 * For one thread.
 */
public final class RecordReader {
    private final String topic;
    private final RecordCipher cipher;
    private final FrameDecoder decoder = new FrameDecoder();

    public RecordReader(String topic, RecordCipher cipher) {
        this.topic = topic;
        this.cipher = cipher;
    }

    /**
     * Reads a record.
     *
     * <p>A writer whose record came to another offset than the one it was sealed for was not alone.
     * It acknowledges nothing of what it writes from there on, and all of that comes again.
     *
     * @return empty when it counts for nothing, since it was written for another offset
     * @throws TidemarkException when it is no frame, or cannot be opened
     */
    public Optional<Frame> read(long offset, byte[] record) {
        if (!EncryptedFrame.isIn(record)) {
            return Optional.of(decoder.decode(record));
        }
        EncryptedFrame sealed = EncryptedFrame.decode(record);
        Frame frame = decoder.decode(cipher.open(sealed, topic, offset));
        boolean counts = sealed.offset() == Frame.OPENING || sealed.offset() == offset;
        return counts ? Optional.of(frame) : Optional.empty();
    }

    /** Is a record encrypted? */
    public static boolean isEncrypted(byte[] record) {
        return EncryptedFrame.isIn(record);
    }

    /** Is a record encrypted with a key that is not at hand? A damaged one is not. */
    public boolean isLocked(byte[] record) {
        try {
            return EncryptedFrame.isIn(record)
                    && !cipher.holds(EncryptedFrame.decode(record).kek());
        } catch (TidemarkException e) {
            return false;
        }
    }
}

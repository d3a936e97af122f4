package dev.tidemark.schemas.log;

import dev.tidemark.schemas.TidemarkException;

/**
 * Makes records of a change log unreadable to who has no key, and readable again. What is sealed
 * can be opened as a record of its topic only, and counts at its own offset only. A writer has one
 * of its own; to open is safe for many threads.
 */
public interface RecordCipher {
    /** Of who has no key: leaves records in clear, and opens none. */
    RecordCipher NONE =
            new RecordCipher() {
                @Override
                public byte[] seal(byte[] record, String topic, long offset) {
                    return record;
                }

                @Override
                public boolean holds(String kek) {
                    return false;
                }

                @Override
                public byte[] open(EncryptedFrame sealed, String topic, long offset) {
                    throw TidemarkException.refused(
                            "record %d of the topic '%s' is encrypted with the key %s, and no key is configured"
                                    .formatted(offset, topic, sealed.kek()),
                            "Set encryption.key-file or encryption.key-env to that key.",
                            new MissingKeyException(sealed.kek()));
                }
            };

    /**
     * The record to write for a frame's; the same where this one leaves records in clear.
     *
     * @param offset that it will have; {@link dev.tidemark.schemas.change.Frame#OPENING} when that
     *     is not known
     */
    byte[] seal(byte[] record, String topic, long offset);

    /** Is this key-encryption key at hand? */
    boolean holds(String kek);

    /**
     * The frame's record.
     *
     * @param offset of what is opened, for messages
     * @throws TidemarkException when the key is not at hand, or it was not sealed for this topic
     */
    byte[] open(EncryptedFrame sealed, String topic, long offset);
}

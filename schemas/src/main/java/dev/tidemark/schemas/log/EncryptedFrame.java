package dev.tidemark.schemas.log;

import dev.tidemark.schemas.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * A record of the change log whose frame is encrypted: {@code encrypted-frame.avsc} in Avro's
 * single-object encoding. It carries what is needed to read it, but for the key-encryption key.
 *
 * @param kek the id of the key-encryption key
 * @param key the data key, wrapped
 * @param offset where it counts; {@link dev.tidemark.schemas.change.Frame#OPENING} for anywhere
 * @param content the frame's record, encrypted
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of a large record costs memory
public record EncryptedFrame(String kek, byte[] key, long offset, byte[] content) {
    private static final int HEADER_BYTES = FrameEncoder.MAGIC.length + Long.BYTES;
    private static final int REST_BYTES = 128; // ids, keys and lengths

    /** Is a record one? */
    static boolean isIn(byte[] record) {
        return record.length >= HEADER_BYTES
                && record[0] == FrameEncoder.MAGIC[0]
                && record[1] == FrameEncoder.MAGIC[1]
                && ByteBuffer.wrap(record)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong(FrameEncoder.MAGIC.length)
                        == SchemaStore.ENCRYPTED_FINGERPRINT;
    }

    /** As a record of the log. */
    public byte[] encode() {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + REST_BYTES);
            out.write(FrameEncoder.header(SchemaStore.ENCRYPTED_FINGERPRINT));
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            encoder.writeString(kek);
            encoder.writeBytes(key);
            encoder.writeLong(offset);
            encoder.writeBytes(content);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory only: cannot happen
        }
    }

    /**
     * Reads a record.
     *
     * @throws TidemarkException when it is none
     */
    static EncryptedFrame decode(byte[] record) {
        BinaryDecoder decoder =
                DecoderFactory.get()
                        .binaryDecoder(record, HEADER_BYTES, record.length - HEADER_BYTES, null);
        try {
            return new EncryptedFrame(
                    decoder.readString(),
                    bytes(decoder, record.length),
                    decoder.readLong(),
                    bytes(decoder, record.length));
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
            throw TidemarkException.failed(
                    "an encrypted record of the change log cannot be read (%d bytes): %s"
                            .formatted(record.length, TidemarkException.reason(e)),
                    "The topic is damaged, or another program writes to it: look who else may write there.",
                    e);
        }
    }

    private static byte[] bytes(BinaryDecoder decoder, int most) throws IOException {
        long length = decoder.readLong();
        if (length < 0 || length > most) {
            throw new IOException("a content of " + length + " bytes");
        }
        byte[] bytes = new byte[Math.toIntExact(length)];
        decoder.readFixed(bytes);
        return bytes;
    }

    /** Without the bytes. */
    @Override
    public String toString() {
        return "EncryptedFrame[%s, offset %d, %d bytes]".formatted(kek, offset, content.length);
    }
}

package dev.tidemark.archive.crypt;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A record made smaller before it is encrypted, since nothing can be made smaller after: a byte 1,
 * the length in 4 bytes big-endian, and the record as raw DEFLATE (RFC 1951); or a byte 0 and the
 * record, where that is not longer.
 */
final class PackedRecord {
    private static final byte PLAIN = 0;
    private static final byte DEFLATED = 1;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;

    /** Smaller ones become hardly smaller, and cost as much: 20 µs. */
    private static final int PACKED_BYTES_MIN = 256;

    /** The state of a deflater is 260 kB, which nobody wants to make for each record. */
    private static final ThreadLocal<Deflater> DEFLATERS =
            ThreadLocal.withInitial(() -> new Deflater(Deflater.BEST_SPEED, true));

    private static final ThreadLocal<Inflater> INFLATERS =
            ThreadLocal.withInitial(() -> new Inflater(true));

    private PackedRecord() {}

    static byte[] pack(byte[] record) {
        return record.length < PACKED_BYTES_MIN
                ? plain(record)
                : deflated(record).orElseGet(() -> plain(record));
    }

    private static byte[] plain(byte[] record) {
        byte[] packed = new byte[record.length + 1];
        packed[0] = PLAIN;
        System.arraycopy(record, 0, packed, 1, record.length);
        return packed;
    }

    /** Empty when it would not be smaller. */
    private static Optional<byte[]> deflated(byte[] record) {
        Deflater deflater = DEFLATERS.get();
        deflater.reset();
        deflater.setInput(record);
        deflater.finish();
        byte[] packed = new byte[record.length];
        int length = deflater.deflate(packed, HEAD_BYTES, packed.length - HEAD_BYTES);
        if (!deflater.finished()) {
            return Optional.empty();
        }
        ByteBuffer.wrap(packed).put(DEFLATED).putInt(record.length);
        return Optional.of(Arrays.copyOf(packed, HEAD_BYTES + length));
    }

    /** What was encrypted is what we packed: anything else was not encrypted by this program. */
    static byte[] unpack(byte[] packed) throws GeneralSecurityException {
        if (packed.length > 0 && packed[0] == PLAIN) {
            return Arrays.copyOfRange(packed, 1, packed.length);
        }
        if (packed.length < HEAD_BYTES || packed[0] != DEFLATED) {
            throw new GeneralSecurityException("not a packed record");
        }
        byte[] record = new byte[ByteBuffer.wrap(packed).getInt(1)];
        Inflater inflater = INFLATERS.get();
        inflater.reset();
        try {
            inflater.setInput(packed, HEAD_BYTES, packed.length - HEAD_BYTES);
            if (inflater.inflate(record) != record.length) {
                throw new GeneralSecurityException("a packed record is cut off");
            }
            return record;
        } catch (DataFormatException e) {
            throw new GeneralSecurityException(e);
        }
    }
}

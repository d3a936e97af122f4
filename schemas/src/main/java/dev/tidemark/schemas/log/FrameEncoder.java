package dev.tidemark.schemas.log;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Collects entries and writes them as one record of the change log, in Avro's single-object
 * encoding of {@code change-log.avsc}.
 *
 * <p>Entries are encoded as they come, so that a frame's size is known and nothing is kept twice.
 * For one thread; reused frame after frame.
 */
public final class FrameEncoder {
    /**
     * Avro single-object encoding, version 1:
     * https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding
     */
    static final byte[] MAGIC = {(byte) 0xC3, 0x01};

    private static final byte[] HEADER = header(SchemaStore.fingerprint(SchemaStore.current()));
    private static final int SIZE_START = 16 * 1024;

    /** A buffer that one large row made larger than this is not kept. */
    private static final int KEPT_BYTES_MAX = 1024 * 1024;

    private ByteArrayOutputStream entries = new ByteArrayOutputStream(SIZE_START);
    private BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(entries, null);
    private int count;

    /** One whole frame. */
    public static byte[] encode(Frame frame) {
        FrameEncoder encoder = new FrameEncoder();
        frame.entries().forEach(encoder::add);
        return encoder.finish(frame.session(), frame.end());
    }

    public void add(Entry entry) {
        try {
            write(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory only: cannot happen
        }
        count++;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Bytes of the entries so far, nearly: what the encoder still buffers is left out. */
    public int size() {
        return entries.size();
    }

    /** Writes the frame and starts the next one. */
    public byte[] finish(long session, Position end) {
        try {
            encoder.flush();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            head.write(HEADER);
            BinaryEncoder envelope = EncoderFactory.get().directBinaryEncoder(head, null);
            envelope.writeLong(session);
            envelope.writeLong(end.value());
            envelope.writeArrayStart();
            envelope.setItemCount(count);
            envelope.flush();
            Sized record = new Sized(head.size() + entries.size() + 1);
            head.writeTo(record);
            entries.writeTo(record);
            EncoderFactory.get().directBinaryEncoder(record, null).writeArrayEnd();
            startNext();
            return record.whole();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory only: cannot happen
        }
    }

    private void startNext() {
        if (entries.size() > KEPT_BYTES_MAX) {
            entries = new ByteArrayOutputStream(SIZE_START);
            encoder = EncoderFactory.get().binaryEncoder(entries, encoder);
        } else {
            entries.reset();
        }
        count = 0;
    }

    /** A record whose size is known before, so that a large one is in memory once. */
    private static final class Sized extends OutputStream {
        private final byte[] bytes;
        private int length;

        Sized(int size) {
            this.bytes = new byte[size];
        }

        @Override
        public void write(int one) {
            bytes[length++] = (byte) one;
        }

        @Override
        public void write(byte[] from, int offset, int size) {
            System.arraycopy(from, offset, bytes, length, size);
            length += size;
        }

        byte[] whole() {
            if (length != bytes.length) {
                throw new IllegalStateException(
                        "a record of " + bytes.length + " bytes has " + length);
            }
            return bytes;
        }
    }

    private void write(Entry entry) throws IOException {
        switch (entry) {
            case Entry.Session session -> write(session);
            case Entry.Relation relation -> write(relation);
            case Entry.Begin begin -> {
                encoder.writeIndex(Kind.BEGIN);
                encoder.writeLong(begin.previous().value());
                encoder.writeLong(begin.xid());
                write(begin.commitTime());
            }
            case Entry.Row row -> write(row);
            case Entry.Truncate truncate -> write(truncate);
            case Entry.Schema schema -> {
                encoder.writeIndex(Kind.SCHEMA);
                encoder.writeString(schema.content());
            }
            case Entry.Message message -> {
                encoder.writeIndex(Kind.MESSAGE);
                encoder.writeString(message.prefix());
                encoder.writeString(message.content());
            }
            case Entry.Heartbeat heartbeat -> {
                encoder.writeIndex(Kind.HEARTBEAT);
                write(heartbeat.sent());
            }
            case Entry.Sequences sequences -> {
                encoder.writeIndex(Kind.SEQUENCES);
                encoder.writeString(sequences.content());
            }
            case Entry.Gap gap -> {
                encoder.writeIndex(Kind.GAP);
                encoder.writeLong(gap.from().value());
                encoder.writeLong(gap.to().value());
                encoder.writeString(gap.reason());
                write(gap.noticed());
            }
            case Entry.End end -> {
                encoder.writeIndex(Kind.END);
                encoder.writeLong(end.position().value());
                write(end.commitTime());
                encoder.writeLong(end.changes());
            }
            case Entry.Piece piece -> {
                encoder.writeIndex(Kind.PIECE);
                encoder.writeBytes(piece.content());
                encoder.writeBoolean(piece.last());
            }
        }
    }

    private void write(Entry.Session session) throws IOException {
        encoder.writeIndex(Kind.SESSION);
        encoder.writeString(session.id());
        encoder.writeString(session.source());
        encoder.writeString(session.systemId());
        encoder.writeInt(session.timeline());
        encoder.writeString(session.database());
        encoder.writeString(session.serverVersion());
        encoder.writeString(session.writer());
        write(session.opened());
    }

    private void write(Entry.Relation relation) throws IOException {
        encoder.writeIndex(Kind.RELATION);
        encoder.writeLong(relation.table());
        encoder.writeString(relation.schema());
        encoder.writeString(relation.name());
        encoder.writeArrayStart();
        encoder.setItemCount(relation.columns().size());
        for (Entry.RelationColumn column : relation.columns()) {
            encoder.writeString(column.name());
            encoder.writeLong(column.type());
            encoder.writeInt(column.modifier());
            encoder.writeBoolean(column.key());
        }
        encoder.writeArrayEnd();
    }

    private void write(Entry.Row row) throws IOException {
        encoder.writeIndex(Kind.ROW);
        encoder.writeLong(row.table());
        encoder.writeEnum(code(row.operation()));
        encoder.writeEnum(code(row.image()));
        write(row.before());
        write(row.after());
    }

    private void write(List<Value> values) throws IOException {
        encoder.writeArrayStart();
        encoder.setItemCount(values.size());
        for (int i = 0; i < values.size(); i++) {
            switch (values.get(i)) {
                case Value.Text text -> {
                    encoder.writeIndex(Kind.TEXT);
                    encoder.writeBytes(text.utf8()); // Avro writes a string as its UTF-8 bytes
                }
                case Value.Large large ->
                        throw new IllegalArgumentException(
                                "a text of %d bytes is written in pieces"
                                        .formatted(large.utf8().remaining()));
                case Value.Mark mark -> write(mark);
            }
        }
        encoder.writeArrayEnd();
    }

    private void write(Value.Mark mark) throws IOException {
        switch (mark) {
            case NULL -> encoder.writeIndex(Kind.NULL);
            case UNCHANGED -> {
                encoder.writeIndex(Kind.MARK);
                encoder.writeEnum(0);
            }
            case UNKNOWN -> {
                encoder.writeIndex(Kind.MARK);
                encoder.writeEnum(1);
            }
            case PIECES -> {
                encoder.writeIndex(Kind.MARK);
                encoder.writeEnum(2);
            }
        }
    }

    private void write(Entry.Truncate truncate) throws IOException {
        encoder.writeIndex(Kind.TRUNCATE);
        encoder.writeArrayStart();
        encoder.setItemCount(truncate.tables().size());
        for (long table : truncate.tables()) {
            encoder.writeLong(table);
        }
        encoder.writeArrayEnd();
        encoder.writeBoolean(truncate.cascade());
        encoder.writeBoolean(truncate.restartIdentity());
    }

    private static int code(Operation operation) {
        return switch (operation) {
            case INSERT -> 0;
            case UPDATE -> 1;
            case DELETE -> 2;
            case REWRITE -> 3;
        };
    }

    private static int code(BeforeImage image) {
        return switch (image) {
            case NONE -> 0;
            case KEY -> 1;
            case FULL -> 2;
        };
    }

    private void write(Instant instant) throws IOException {
        encoder.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
    }

    /** What an object with this schema begins with. */
    static byte[] header(long fingerprint) {
        return ByteBuffer.allocate(MAGIC.length + Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putLong(fingerprint)
                .array();
    }
}

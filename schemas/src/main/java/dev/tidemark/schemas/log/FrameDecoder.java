package dev.tidemark.schemas.log;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** Reads records of the change log. For one thread; reused record after record. */
public final class FrameDecoder {
    private static final Operation[] OPERATIONS = Operation.values();
    private static final BeforeImage[] IMAGES = BeforeImage.values();
    private static final Value.Mark[] MARKS = {
        Value.Mark.UNCHANGED, Value.Mark.UNKNOWN, Value.Mark.PIECES
    };
    private static final int HEADER_BYTES = FrameEncoder.MAGIC.length + Long.BYTES;

    private int recordLength; // no text in it is longer
    private BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(new byte[0], null);

    /**
     * Reads one record.
     *
     * @throws TidemarkException when it is not a frame
     */
    public Frame decode(byte[] record) {
        checkHeader(record);
        recordLength = record.length;
        decoder =
                DecoderFactory.get()
                        .binaryDecoder(record, HEADER_BYTES, record.length - HEADER_BYTES, decoder);
        try {
            long session = decoder.readLong();
            Position end = new Position(decoder.readLong());
            List<Entry> entries = new ArrayList<>();
            for (long n = decoder.readArrayStart(); n > 0; n = decoder.arrayNext()) {
                for (long i = 0; i < n; i++) {
                    entries.add(entry());
                }
            }
            return new Frame(session, end, entries);
        } catch (IOException
                | AvroRuntimeException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            throw TidemarkException.failed(
                    "a record of the change log cannot be read ("
                            + record.length
                            + " bytes): "
                            + TidemarkException.reason(e),
                    "The topic is damaged, or another program writes to it: look who else may write there.",
                    e);
        }
    }

    private static void checkHeader(byte[] record) {
        if (record.length < HEADER_BYTES
                || !Arrays.equals(
                        record,
                        0,
                        FrameEncoder.MAGIC.length,
                        FrameEncoder.MAGIC,
                        0,
                        FrameEncoder.MAGIC.length)) {
            throw TidemarkException.refused(
                    "the topic holds a record that is not in Avro's single-object encoding",
                    "Another program writes to it: a change log needs a topic of its own.");
        }
        long fingerprint =
                ByteBuffer.wrap(record)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong(FrameEncoder.MAGIC.length);
        SchemaStore.byFingerprint(fingerprint);
    }

    private Entry entry() throws IOException {
        int kind = decoder.readIndex();
        return switch (kind) {
            case Kind.SESSION ->
                    new Entry.Session(
                            decoder.readString(),
                            decoder.readString(),
                            decoder.readString(),
                            decoder.readInt(),
                            decoder.readString(),
                            decoder.readString(),
                            decoder.readString(),
                            instant());
            case Kind.RELATION ->
                    new Entry.Relation(
                            decoder.readLong(),
                            decoder.readString(),
                            decoder.readString(),
                            relationColumns());
            case Kind.BEGIN -> new Entry.Begin(position(), decoder.readLong(), instant());
            case Kind.ROW ->
                    new Entry.Row(
                            decoder.readLong(),
                            OPERATIONS[decoder.readEnum()],
                            IMAGES[decoder.readEnum()],
                            values(),
                            values());
            case Kind.TRUNCATE ->
                    new Entry.Truncate(tables(), decoder.readBoolean(), decoder.readBoolean());
            case Kind.SCHEMA -> new Entry.Schema(decoder.readString());
            case Kind.MESSAGE -> new Entry.Message(decoder.readString(), decoder.readString());
            case Kind.HEARTBEAT -> new Entry.Heartbeat(instant());
            case Kind.SEQUENCES -> new Entry.Sequences(decoder.readString());
            case Kind.GAP -> new Entry.Gap(position(), position(), decoder.readString(), instant());
            case Kind.END -> new Entry.End(position(), instant(), decoder.readLong());
            case Kind.PIECE -> new Entry.Piece(ByteBuffer.wrap(bytes()), decoder.readBoolean());
            default -> throw new IOException("no entry has the kind " + kind);
        };
    }

    private Position position() throws IOException {
        return new Position(decoder.readLong());
    }

    private Instant instant() throws IOException {
        return Instant.EPOCH.plus(decoder.readLong(), ChronoUnit.MICROS);
    }

    private List<Entry.RelationColumn> relationColumns() throws IOException {
        List<Entry.RelationColumn> columns = new ArrayList<>();
        for (long n = decoder.readArrayStart(); n > 0; n = decoder.arrayNext()) {
            for (long i = 0; i < n; i++) {
                columns.add(
                        new Entry.RelationColumn(
                                decoder.readString(),
                                decoder.readLong(),
                                decoder.readInt(),
                                decoder.readBoolean()));
            }
        }
        return columns;
    }

    private List<Long> tables() throws IOException {
        List<Long> tables = new ArrayList<>();
        for (long n = decoder.readArrayStart(); n > 0; n = decoder.arrayNext()) {
            for (long i = 0; i < n; i++) {
                tables.add(decoder.readLong());
            }
        }
        return tables;
    }

    private List<Value> values() throws IOException {
        long n = decoder.readArrayStart();
        if (n == 0) {
            return List.of();
        }
        List<Value> values = new ArrayList<>(Math.toIntExact(Math.min(n, 1600)));
        for (; n > 0; n = decoder.arrayNext()) {
            for (long i = 0; i < n; i++) {
                values.add(value());
            }
        }
        return values;
    }

    private Value value() throws IOException {
        int kind = decoder.readIndex();
        return switch (kind) {
            case Kind.NULL -> Value.Mark.NULL;
            case Kind.TEXT -> text();
            case Kind.MARK -> MARKS[decoder.readEnum()];
            default -> throw new IOException("no value has the kind " + kind);
        };
    }

    private Value text() throws IOException {
        return new Value.Text(bytes());
    }

    /** Straight into the array that is kept: Avro's own way copies every text twice. */
    private byte[] bytes() throws IOException {
        long length = decoder.readLong();
        if (length < 0 || length > recordLength) {
            throw new IOException("a text of " + length + " bytes");
        }
        byte[] utf8 = new byte[Math.toIntExact(length)];
        decoder.readFixed(utf8);
        return utf8;
    }
}

package dev.tidemark.schemas.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.000001Z");

    private static final List<Entry> ONE_OF_EACH =
            List.of(
                    new Entry.Session("id", "crm", "7001", 1, "crm", "18.6", "host/1", NOON),
                    new Entry.Relation(
                            16384,
                            "crm",
                            "Kontakte",
                            List.of(
                                    new Entry.RelationColumn("id", 23, -1, true),
                                    new Entry.RelationColumn("näme", 1043, 44, false))),
                    new Entry.Begin(new Position(5), 4711, NOON),
                    new Entry.Row(
                            16384,
                            Operation.UPDATE,
                            BeforeImage.KEY,
                            List.of(Value.text("1"), Value.Mark.UNKNOWN),
                            List.of(
                                    Value.text("2"),
                                    Value.Mark.UNCHANGED,
                                    Value.Mark.NULL,
                                    Value.text(""),
                                    Value.Mark.PIECES)),
                    new Entry.Truncate(List.of(1L, 2L), true, false),
                    new Entry.Schema("{}"),
                    new Entry.Message("p", "c"),
                    new Entry.Heartbeat(NOON),
                    new Entry.Sequences("[]"),
                    new Entry.Gap(new Position(1), new Position(2), "why", NOON),
                    new Entry.End(new Position(-1), NOON, 3),
                    new Entry.Piece(ByteBuffer.wrap(new byte[] {(byte) 0xC3}), false));

    private static final Frame FRAME = new Frame(42, new Position(0x1_0000_0002L), ONE_OF_EACH);

    @Test
    void everyEntryComesBackAsItWas() {
        assertThat(new FrameDecoder().decode(FrameEncoder.encode(FRAME))).isEqualTo(FRAME);
    }

    @Test
    void avrosOwnReaderReadsWhatIsWritten() throws IOException {
        BinaryMessageDecoder<GenericRecord> outside =
                new BinaryMessageDecoder<>(GenericData.get(), SchemaStore.current());

        GenericRecord read = outside.decode(FrameEncoder.encode(FRAME));

        assertThat(read.get("session")).isEqualTo(42L);
        List<?> entries = (List<?>) read.get("entries");
        assertThat(entries).hasSize(ONE_OF_EACH.size());
        for (int i = 0; i < entries.size(); i++) {
            Schema schema = ((GenericRecord) entries.get(i)).getSchema();
            assertThat(schema.getName()).isEqualTo(ONE_OF_EACH.get(i).getClass().getSimpleName());
        }
        assertThat(((GenericRecord) entries.get(3)).get("after"))
                .hasToString("[2, UNCHANGED, null, , PIECES]");
    }

    @Test
    void anEncoderIsReusedFrameAfterFrame() {
        FrameEncoder encoder = new FrameEncoder();
        encoder.add(ONE_OF_EACH.get(2));
        byte[] first = encoder.finish(1, Position.ZERO);
        encoder.add(ONE_OF_EACH.get(10));
        byte[] second = encoder.finish(1, Position.ZERO);

        assertThat(new FrameDecoder().decode(first).entries()).containsExactly(ONE_OF_EACH.get(2));
        assertThat(new FrameDecoder().decode(second).entries())
                .containsExactly(ONE_OF_EACH.get(10));
    }

    @Test
    void aRecordFromBeforeThereWerePiecesIsRead() {
        byte[] record = FrameEncoder.encode(new Frame(1, Position.ZERO, ONE_OF_EACH.subList(2, 3)));
        ByteBuffer.wrap(record)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(2, SchemaStore.fingerprint(SchemaStore.load("change-log-1.avsc")));

        assertThat(new FrameDecoder().decode(record).entries()).containsExactly(ONE_OF_EACH.get(2));
    }

    @Test
    void anotherProgramsRecordIsRefused() {
        assertThatThrownBy(
                        () ->
                                new FrameDecoder()
                                        .decode(
                                                "{\"a\":1}"
                                                        .getBytes(
                                                                java.nio.charset.StandardCharsets
                                                                        .UTF_8)))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "the topic holds a record that is not in Avro's single-object encoding");
    }

    @Test
    void aRecordOfANewerVersionIsRefused() {
        byte[] record = FrameEncoder.encode(FRAME);
        record[2] ^= 1;

        assertThatThrownBy(() -> new FrameDecoder().decode(record))
                .isInstanceOf(TidemarkException.class)
                .hasMessageMatching(
                        "the change log has a record with the unknown schema [0-9a-f]{16}");
    }

    @Test
    void aTruncatedRecordIsRefused() {
        byte[] whole = FrameEncoder.encode(FRAME);
        for (int length = 10; length < whole.length - 1; length++) {
            byte[] part = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> new FrameDecoder().decode(part))
                    .isInstanceOf(TidemarkException.class);
        }
    }

    @Test
    void onlyTheNewestSessionCounts() {
        SessionFilter filter = new SessionFilter(Frame.OPENING);
        Frame opening = new Frame(Frame.OPENING, Position.ZERO, List.of(ONE_OF_EACH.get(0)));
        Frame ofFirst = new Frame(0, Position.ZERO, List.of(ONE_OF_EACH.get(2)));
        Frame ofSecond = new Frame(2, Position.ZERO, List.of(ONE_OF_EACH.get(2)));

        assertThat(filter.accepts(0, opening)).isTrue();
        assertThat(filter.accepts(1, ofFirst)).isTrue();
        assertThat(filter.accepts(2, opening)).isTrue();
        assertThat(filter.accepts(3, ofFirst)).isFalse();
        assertThat(filter.accepts(4, ofSecond)).isTrue();
        assertThat(filter.current()).isEqualTo(2);
    }
}

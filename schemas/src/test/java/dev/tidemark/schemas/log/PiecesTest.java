package dev.tidemark.schemas.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PiecesTest {
    private static final String OLD = "é".repeat(Value.LARGE_BYTES);
    private static final String NEW = "n".repeat(Value.LARGE_BYTES);

    private static List<Entry> cut(List<Value> before, List<Value> after) {
        List<Entry> entries = new ArrayList<>();
        new Pieces(new Entry.Row(1, Operation.UPDATE, BeforeImage.FULL, before, after))
                .forEachRemaining(entries::add);
        return entries;
    }

    @Test
    void aRowWithoutLargeTextsPassesAsItIs() {
        List<Value> row = List.of(Value.text(NEW.substring(1)), Value.Mark.NULL);

        assertThat(cut(row, row))
                .containsExactly(new Entry.Row(1, Operation.UPDATE, BeforeImage.FULL, row, row));
    }

    @Test
    void largeTextsComeBeforeTheirRowInItsOrder() {
        Value old = new Value.Large(ByteBuffer.wrap(OLD.getBytes(UTF_8)));

        List<Entry> entries =
                cut(List.of(Value.text("1"), old), List.of(Value.text(NEW), Value.text("2")));

        assertThat(entries.removeLast())
                .isEqualTo(
                        new Entry.Row(
                                1,
                                Operation.UPDATE,
                                BeforeImage.FULL,
                                List.of(Value.text("1"), Value.Mark.PIECES),
                                List.of(Value.Mark.PIECES, Value.text("2"))));
        assertThat(texts(entries)).containsExactly(OLD, NEW);
        assertThat(entries)
                .allSatisfy(
                        piece ->
                                assertThat(((Entry.Piece) piece).content().remaining())
                                        .isBetween(1, Pieces.BYTES_MAX));
    }

    @Test
    void manyTextsGoInPiecesWhereTheirRowWouldBeTooLarge() {
        String some = "s".repeat(Pieces.MANY_BYTES);
        Value small = Value.text(some.substring(1));
        int many = Pieces.WHOLE_BYTES_MAX / Pieces.MANY_BYTES;

        assertThat(cut(List.of(), Collections.nCopies(many, Value.text(some)))).hasSize(1);
        List<Value> more = new ArrayList<>(Collections.nCopies(many, Value.text(some)));
        more.add(small);
        List<Entry> entries = cut(List.of(), more);
        assertThat(((Entry.Row) entries.removeLast()).after())
                .hasSize(many + 1)
                .startsWith(Value.Mark.PIECES)
                .endsWith(Value.Mark.PIECES, small);
        assertThat(texts(entries)).hasSize(many).containsOnly(some);
    }

    private static List<String> texts(List<Entry> pieces) {
        List<String> texts = new ArrayList<>();
        ByteBuffer text = ByteBuffer.allocate(OLD.length() * 2);
        for (Entry entry : pieces) {
            Entry.Piece piece = (Entry.Piece) entry;
            text.put(piece.content());
            if (piece.last()) {
                texts.add(UTF_8.decode(text.flip()).toString());
                text.clear();
            }
        }
        return texts;
    }
}

package dev.tidemark.archiver.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeValuesTest {
    private static final Value PIECES = Value.Mark.PIECES;

    @TempDir private Path folder;
    private LargeValues large;

    @BeforeEach
    void start() {
        large = new LargeValues(folder);
    }

    private void take(String content, boolean last) throws IOException {
        large.take(new Entry.Piece(ByteBuffer.wrap(content.getBytes(UTF_8)), last));
    }

    private static Entry.Row row(List<Value> before, List<Value> after) {
        return new Entry.Row(7, Operation.UPDATE, BeforeImage.FULL, before, after);
    }

    @Test
    void aRowGetsTheValuesInTheirOrder() throws IOException {
        take("o", false);
        take("ld", true);
        take("new", true);

        Entry.Row filled =
                large.fill(row(List.of(Value.text("1"), PIECES), List.of(PIECES, Value.Mark.NULL)));

        assertThat(filled)
                .isEqualTo(
                        row(
                                List.of(Value.text("1"), Value.text("old")),
                                List.of(Value.text("new"), Value.Mark.NULL)));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void onlyLargeValuesAreMapped() throws IOException {
        String text = "m".repeat(Value.LARGE_BYTES);
        take(text, true);
        take(text.substring(1), true);

        List<Value> values = large.fill(row(List.of(), List.of(PIECES, PIECES))).after();

        assertThat(values).containsExactly(Value.text(text), Value.text(text.substring(1)));
        assertThat(values.getFirst()).isInstanceOf(Value.Large.class);
        assertThat(values.getLast()).isInstanceOf(Value.Text.class);
    }

    @Test
    void whatWasBrokenOffCountsForNothing() throws IOException {
        take("whole", true);
        take("half", false);
        large.clear();
        take("next", true);

        assertThat(large.fill(row(List.of(), List.of(PIECES))))
                .isEqualTo(row(List.of(), List.of(Value.text("next"))));
    }

    @Test
    void aRowThatWantsMoreOrFewerValuesIsRefused() throws IOException {
        String message =
                "a row of table 7 in the change log has more or fewer large values than came before it";
        take("one", true);
        assertThatThrownBy(() -> large.fill(row(List.of(), List.of(PIECES, PIECES))))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(message);
        take("two", true);
        assertThatThrownBy(() -> large.fill(row(List.of(), List.of(Value.text("small")))))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(message);
    }
}

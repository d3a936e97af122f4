package dev.tidemark.archive.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedRowsTest {
    private static final List<Value.Mark> MARKS = List.of(Value.Mark.values());
    private static final int[] SIZES = {0, 1, 2, 122, 123, 124, 300, 20_000, 1_100_000};

    @Test
    void whatGoesInComesOutInItsOrder() {
        Random random = new Random(20261129);
        PackedRows packed = new PackedRows();
        List<List<Value>> rows = new ArrayList<>();
        for (int n = 0; n < 3_000; n++) {
            List<Value> row = Arrays.asList(field(random), field(random), field(random));
            rows.add(row);
            packed.add(row);
        }
        assertThat(packed).containsExactlyElementsOf(rows);
        assertThat(packed).as("a second time").containsExactlyElementsOf(rows);
    }

    private static Value field(Random random) {
        if (random.nextInt(4) == 0) {
            return MARKS.get(random.nextInt(MARKS.size()));
        }
        // The largest are few.
        int most = random.nextInt(500) == 0 ? SIZES.length : SIZES.length - 2;
        byte[] utf8 = new byte[SIZES[random.nextInt(most)]];
        random.nextBytes(utf8);
        return new Value.Text(utf8);
    }

    @Test
    void rowsTakeLittleMoreThanTheirBytes() {
        PackedRows packed = new PackedRows();
        List<Value> row = List.of(Value.text("a text of 21 letters!"), Value.Mark.NULL);
        for (int n = 0; n < 1_000_000; n++) {
            packed.add(row);
        }
        assertThat(packed.bytes()).isBetween(23_000_000L, 25_000_000L);
    }

    @Test
    void afterClearingItHoldsRowsOfAnotherShape() {
        PackedRows packed = new PackedRows();
        packed.add(List.of(Value.text("a")));
        packed.clear();
        assertThat(packed).isEmpty();
        assertThat(packed.bytes()).isZero();
        List<Value> other = List.of(Value.text("b"), Value.Mark.NULL);
        packed.add(other);
        assertThat(packed).containsExactly(other);
    }

    @Test
    void rowsOfTwoShapesAreNotMixed() {
        PackedRows packed = new PackedRows();
        packed.add(List.of(Value.text("a")));
        assertThatThrownBy(() -> packed.add(List.of(Value.text("a"), Value.text("b"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a row of 2 fields");
    }

    @Test
    void largeFieldsAndRowsWithoutFieldsAreNotForIt() {
        Value large = new Value.Large(ByteBuffer.allocate(10));
        assertThat(PackedRows.mayHold(List.of(Value.text("a"), large))).isFalse();
        assertThat(PackedRows.mayHold(List.of())).isFalse();
        assertThat(PackedRows.mayHold(List.of(Value.text("a"), Value.Mark.NULL))).isTrue();
    }
}

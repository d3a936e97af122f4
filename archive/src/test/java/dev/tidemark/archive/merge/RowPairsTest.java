package dev.tidemark.archive.merge;

import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.merge.RowPairs.Side;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowPairsTest {
    private static final int ROWS = 2_000;

    /** So little that rows go to files, and these are merged again and again. */
    private static final long MEMORY = 2_000;

    private static final Table TABLE =
            Samples.table(
                    1,
                    "contact",
                    List.of(1),
                    List.of(
                            column(1, "id", "integer", Optional.empty()),
                            column(2, "name", "text", Optional.empty())));

    @TempDir Path folder;

    @Test
    void rowsOfOneKeyComeTogetherInTheOrderOfNumbers() throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (int id = -ROWS / 2; id < ROWS / 2; id++) {
            ids.add(id);
        }
        Collections.shuffle(ids, new Random(1));
        KeyOrder order = KeyOrder.of(TABLE);
        List<String> found = new ArrayList<>();
        try (RowPairs pairs = new RowPairs(folder, MEMORY)) {
            for (int id : ids) {
                String text = Integer.toString(id);
                if (id % 3 != 0) {
                    pairs.add(Side.ONE, order, row(text), row(text, "one"));
                }
                if (id % 5 != 0) {
                    pairs.add(Side.OTHER, order, row(text), row(text, "other"));
                }
            }
            pairs.pairs(
                    (one, other, oneTimes, otherTimes) ->
                            found.add(
                                    one.map(Object::toString).orElse("-")
                                            + other.map(Object::toString).orElse("-")
                                            + oneTimes
                                            + otherTimes));
        }

        List<String> expected = new ArrayList<>();
        for (int id = -ROWS / 2; id < ROWS / 2; id++) {
            boolean isOne = id % 3 != 0;
            boolean isOther = id % 5 != 0;
            if (isOne || isOther) {
                expected.add(
                        (isOne ? "[" + id + ", one]" : "-")
                                + (isOther ? "[" + id + ", other]" : "-")
                                + (isOne ? 1 : 0)
                                + (isOther ? 1 : 0));
            }
        }
        assertThat(found).isEqualTo(expected);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void equalRowsWithoutAKeyAreCounted() throws IOException {
        List<String> found = new ArrayList<>();
        try (RowPairs pairs = new RowPairs(folder, MEMORY)) {
            pairs.add(Side.ONE, row("1", "null"));
            pairs.add(Side.OTHER, row("1", ""));
            for (int n = 0; n < 3; n++) {
                pairs.add(Side.ONE, row("2", "b"));
            }
            pairs.add(Side.OTHER, row("2", "b"));
            pairs.pairs(
                    (one, other, oneTimes, otherTimes) ->
                            found.add(
                                    one.or(() -> other).orElseThrow()
                                            + " "
                                            + oneTimes
                                            + " "
                                            + otherTimes));
        }

        assertThat(found).containsExactlyInAnyOrder("[1, NULL] 1 0", "[1, ] 0 1", "[2, b] 3 1");
    }
}

package dev.tidemark.archive.fold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.merge.RowPairs;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows come in the same order whoever asks, and in whichever JVM. */
class RowKeyTest {
    private static final List<List<Value>> ROWS =
            List.of(
                    Samples.row("z", "null"),
                    Samples.row("null", "b"),
                    Samples.row("a", "b"),
                    Samples.row("null", "null"),
                    Samples.row("m", "n"));

    private static BagOverlay inserted(List<List<Value>> rows) {
        BagOverlay bag = new BagOverlay();
        bag.apply(
                new Entry.Row(
                        1,
                        Operation.DELETE,
                        BeforeImage.FULL,
                        Samples.row("gone", "null"),
                        List.of()));
        rows.forEach(
                row ->
                        bag.apply(
                                new Entry.Row(
                                        1, Operation.INSERT, BeforeImage.NONE, List.of(), row)));
        return bag;
    }

    @Test
    void aHashIsTheSameInEveryRun() {
        int text = 31 + Arrays.hashCode(new byte[] {'a'});

        assertThat(RowKey.of(Samples.row("a", "null")).hashCode())
                .isEqualTo(31 * text + "NULL".hashCode());
    }

    @Test
    void rowsOfATableWithoutAKeyComeInTheOrderOfTheirCommits() throws Exception {
        List<List<Value>> rows = new ArrayList<>();
        BagOverlay bag = inserted(ROWS);
        bag.lay(Samples.row("gone", "null"), rows::add);
        bag.finish(rows::add);

        assertThat(rows).isEqualTo(ROWS);
    }

    @Test
    void thoseThatDifferComeInTheOrderInWhichTheyArePaired() throws Exception {
        List<List<Value>> forwards = touched(inserted(ROWS));

        assertThat(forwards)
                .isSortedAccordingTo(
                        (one, other) ->
                                Arrays.compareUnsigned(RowPairs.hash(one), RowPairs.hash(other)))
                .hasSize(ROWS.size() + 1)
                .isEqualTo(touched(inserted(ROWS.reversed())));
    }

    private static List<List<Value>> touched(BagOverlay bag) throws Exception {
        List<List<Value>> rows = new ArrayList<>();
        new TouchedRows(
                        Samples.table(1, "log", List.of(), List.of(Samples.column(1, "v"))),
                        bag,
                        Map.of(),
                        Map.of())
                .rows(row -> rows.add(row.before().or(row::after).orElseThrow()));
        return rows;
    }
}

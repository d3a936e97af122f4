package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A table without a key that grew by many rows, before some of them go again. */
class BagOverlayTest {
    private static final int ROWS = 100_000;
    private static final Table TABLE =
            table(1, "log", List.of(), List.of(column(1, "v", "text", Optional.empty())));

    private final BagOverlay overlay = new BagOverlay();

    private static List<Value> row(int number) {
        return List.of(Value.text("the text of row " + number));
    }

    private void grow() {
        for (int n = 0; n < ROWS; n++) {
            overlay.apply(new Entry.Row(1, Operation.INSERT, BeforeImage.NONE, List.of(), row(n)));
        }
    }

    private void delete(int number) {
        overlay.apply(new Entry.Row(1, Operation.DELETE, BeforeImage.FULL, row(number), List.of()));
    }

    private List<List<Value>> laidOver(List<List<Value>> base) throws Exception {
        List<List<Value>> rows = new ArrayList<>();
        for (List<Value> row : base) {
            overlay.lay(row, rows::add);
        }
        overlay.finish(rows::add);
        return rows;
    }

    @Test
    void rowsThatGoTakeLittleMoreMemory() {
        grow();
        long before = overlay.bytes();
        delete(7);
        assertThat(overlay.bytes()).isLessThan(before + 1_000);
    }

    @Test
    void whatGoesIsOfTheBaseOrOfThoseThatCame() throws Exception {
        grow();
        delete(ROWS); // of the base
        delete(7);
        delete(8);
        overlay.apply(new Entry.Row(1, Operation.INSERT, BeforeImage.NONE, List.of(), row(8)));
        List<List<Value>> left = laidOver(List.of(row(ROWS), row(9), row(ROWS + 1)));
        List<List<Value>> expected = new ArrayList<>(List.of(row(9), row(ROWS + 1)));
        for (int n = 0; n < ROWS; n++) {
            if (n != 7) {
                expected.add(row(n));
            }
        }
        assertThat(left).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aNewColumnIsInAllOfThem() throws Exception {
        grow();
        delete(7);
        Table wider =
                table(
                        1,
                        "log",
                        List.of(),
                        List.of(
                                column(1, "v", "text", Optional.empty()),
                                column(2, "w", "text", Optional.empty())));
        overlay.reshape(new ShapeChange(TABLE, wider, Map.of(2, Value.text("new"))), wider);
        List<List<Value>> rows = laidOver(List.of());
        assertThat(rows)
                .hasSize(ROWS - 1)
                .allMatch(row -> row.get(1).equals(Value.text("new")))
                .doesNotContain(List.of(row(7).getFirst(), Value.text("new")));
    }

    @Test
    void theirDifferencesAreCountedAsTheyAreTaken() {
        grow();
        assertThat(overlay.differencesBytes()).isGreaterThan(2 * overlay.bytes());
        delete(7);
        assertThat(overlay.differences()).hasSize(ROWS - 1).doesNotContainKey(RowKey.of(row(7)));
    }
}

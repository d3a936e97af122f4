package dev.tidemark.replay.search;

import static dev.tidemark.archive.Samples.row;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowSetTest {
    private static RowSet of(RowSet.Room room, int rows) {
        RowSet set = new RowSet(room);
        for (int n = 0; n < 2; n++) {
            for (int i = 0; i < rows; i++) {
                set.add(row(Integer.toString(i)));
            }
        }
        return set;
    }

    @Test
    void differentRowsAreCountedOnce() {
        RowSet set = of(new RowSet.Room(1_000_000), 5_000);

        assertThat(set.size()).isEqualTo(5_000);
        assertThat(set.isFull()).isFalse();
    }

    @Test
    void severalHaveOneRoomTogether() {
        RowSet.Room room = new RowSet.Room(100_000);
        RowSet first = of(room, 3_000);
        RowSet second = of(room, 5_000);

        assertThat(first.size()).isEqualTo(3_000);
        assertThat(first.isFull()).isFalse();
        assertThat(second.size()).isBetween(1_000L, 4_999L);
        assertThat(second.isFull()).isTrue();
    }
}

package dev.tidemark.replay.difference;

import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.replay.difference.MatchedColumns.Later;
import dev.tidemark.replay.difference.MatchedColumns.Match;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowDifferenceTest {
    /** Numbers of columns are a cluster's own, and two of them have the same ones. */
    @Test
    void aRowOfAnotherClusterHasTheFieldsThatItsColumnsHaveByName() {
        Table later =
                table(
                        7,
                        "contact",
                        List.of(1),
                        List.of(column(1, "id"), column(2, "note"), column(3, "deleted")));
        Table earlier =
                table(1, "contact", List.of(1), List.of(column(1, "id"), column(2, "deleted")));
        TablePair pair = new TablePair(Optional.of(later), Optional.of(earlier));
        MatchedColumns backwards = MatchedColumns.of(pair, Match.NAME, Later.FROM);

        assertThat(
                        RowDifference.fields(
                                        pair, backwards, backwards.ofFrom(row("9", "told", "t")))
                                .text("deleted"))
                .hasValue("t");
    }
}

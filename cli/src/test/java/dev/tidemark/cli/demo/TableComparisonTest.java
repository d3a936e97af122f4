package dev.tidemark.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.change.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TableComparisonTest {
    private static final RowsChecksum SEVEN_ROWS = new RowsChecksum(7, 1, 2);
    private static final RowsChecksum OTHER_ROWS = new RowsChecksum(7, 1, 3);
    private static final DatabaseContent SOURCE =
            new DatabaseContent(Map.of("crm.a", SEVEN_ROWS), Map.of());

    @Test
    void theSameRowsAreEqual() {
        DemoReport.Moment moment = compared(SOURCE, SEVEN_ROWS);

        assertThat(moment.isEqual()).isTrue();
        assertThat(moment.differences()).isEmpty();
    }

    @Test
    void otherRowsAreADifferenceEvenWhenTheyAreAsMany() {
        DemoReport.Moment moment =
                compared(new DatabaseContent(Map.of("crm.a", OTHER_ROWS), Map.of()), OTHER_ROWS);

        assertThat(moment.isEqual()).isFalse();
        assertThat(moment.differences())
                .containsExactly(
                        "crm.a: the source had 7 rows with checksum 00000000000000010000000000000002,"
                                + " the restored database has 7 rows with checksum"
                                + " 00000000000000010000000000000003, the restore reported 7 rows with"
                                + " checksum 00000000000000010000000000000003");
    }

    @Test
    void aRestoreThatReportsOtherRowsThanAreThereIsADifference() {
        assertThat(compared(SOURCE, OTHER_ROWS).isEqual()).isFalse();
    }

    @Test
    void aTableTooFewOrTooManyIsADifference() {
        DemoReport.Moment missing = compared(new DatabaseContent(Map.of(), Map.of()), SEVEN_ROWS);
        DemoReport.Moment additional =
                compared(
                        new DatabaseContent(
                                Map.of("crm.a", SEVEN_ROWS, "crm.b", OTHER_ROWS), Map.of()),
                        SEVEN_ROWS);

        assertThat(missing.differences())
                .containsExactly(
                        "crm.a: the source had 7 rows with checksum 00000000000000010000000000000002,"
                                + " the restored database has no such table, the restore reported 7 rows"
                                + " with checksum 00000000000000010000000000000002");
        assertThat(additional.differences())
                .containsExactly(
                        "crm.b: the source had no such table, the restored database has 7 rows with"
                                + " checksum 00000000000000010000000000000003, the restore reported no"
                                + " such table");
    }

    private static DemoReport.Moment compared(DatabaseContent restored, RowsChecksum reported) {
        RestoreReport report =
                new RestoreReport(
                        "to 0/10",
                        Position.of("0/10"),
                        Instant.EPOCH,
                        Optional.empty(),
                        List.of(new RestoreReport.RestoredTable("crm.a", reported)),
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        0);
        CrmDay.Truth truth =
                new CrmDay.Truth("a test", "--to", "0/10", Position.of("0/10"), SOURCE);
        return Rebuilding.compared(truth, "restored", report, restored, Duration.ZERO);
    }
}

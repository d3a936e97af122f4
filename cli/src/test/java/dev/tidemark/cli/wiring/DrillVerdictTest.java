package dev.tidemark.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.wiring.DrillReport.Outcome;
import dev.tidemark.cli.wiring.DrillReport.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DrillVerdictTest {
    @Test
    void equalMeansThatEveryTableWasCompared() {
        assertThat(Verdict.of(List.of(Outcome.EQUAL, Outcome.EQUAL)))
                .isEqualTo(Verdict.EQUAL_TO_THE_SOURCE);
        for (List<Outcome> partly :
                List.of(
                        List.of(Outcome.EQUAL, Outcome.NOT_COMPARED),
                        List.of(Outcome.NOT_COMPARED))) {
            assertThat(Verdict.of(partly)).isEqualTo(Verdict.PARTLY_COMPARED);
            assertThat(Verdict.of(partly).isGood()).isFalse();
        }
    }

    @Test
    void oneTableThatDiffersIsEnough() {
        assertThat(Verdict.of(List.of(Outcome.EQUAL, Outcome.NOT_COMPARED, Outcome.DIFFERENT)))
                .isEqualTo(Verdict.DIFFERENT);
        assertThat(Verdict.of(List.of(Outcome.READ_BACK)))
                .isEqualTo(Verdict.RESTORED_AND_READ_BACK);
    }
}

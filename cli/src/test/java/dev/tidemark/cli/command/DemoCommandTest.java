package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.cli.demo.DemoReport;
import dev.tidemark.schemas.change.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DemoCommandTest {
    @Test
    void theExitCodeSaysWhetherAllIsEqual() {
        assertThat(DemoCommand.exitCode(report(true, true))).isEqualTo(ExitCode.DONE);
        assertThat(DemoCommand.exitCode(report(false, false))).isEqualTo(ExitCode.NO);
        assertThat(ExitCode.NO.number()).isOne();
    }

    @Test
    void aReportThatContradictsItselfCannotBeMade() {
        assertThatThrownBy(() -> report(true, false))
                .hasMessage("a report that contradicts itself");
    }

    private static DemoReport report(boolean isEqual, boolean isMomentEqual) {
        return new DemoReport(
                isEqual,
                1,
                1,
                Path.of("tidemark.yaml"),
                false,
                new DemoReport.FirstBase(1, 1, Duration.ZERO),
                new DemoReport.Work(1, 1, 0, 1, 1, Duration.ofSeconds(1)),
                new DemoReport.Accident(4711, Map.of()),
                List.of(moment(isMomentEqual)),
                new DemoReport.Loss(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                new DemoReport.Archived(1, 1, 1, 1, 1, 1),
                new DemoReport.Verified(true, 1, 1, 1, List.of(), Duration.ZERO),
                Optional.empty(),
                Duration.ofSeconds(1));
    }

    private static DemoReport.Moment moment(boolean isEqual) {
        return new DemoReport.Moment(
                "a test",
                "--to 0/10",
                Position.of("0/10"),
                Position.of("0/10"),
                "restored_1",
                1,
                1,
                isEqual,
                isEqual ? List.of() : List.of("crm.a: differs"),
                List.of(),
                List.of(),
                List.of(),
                Duration.ZERO);
    }
}

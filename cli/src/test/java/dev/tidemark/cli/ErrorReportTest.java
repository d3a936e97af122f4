package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.command.ExitCode;
import dev.tidemark.schemas.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ErrorReportTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ErrorReport report =
            new ErrorReport(new PrintStream(err, true, StandardCharsets.UTF_8), false);

    @Test
    void aRefusalIsExitCodeThree() {
        assertThat(report.print(TidemarkException.refused("no base at 0/1", "Take one.")))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(text()).isEqualTo("error: no base at 0/1\nHINT: Take one.\n");
    }

    @Test
    void aFailureIsExitCodeFourAndHasNoStackTrace() {
        assertThat(report.print(TidemarkException.failed("no answer", "Try again.")))
                .isEqualTo(ExitCode.FAILED);
        assertThat(text()).isEqualTo("error: no answer\nHINT: Try again.\n");
    }

    @Test
    void anUnexpectedErrorIsExitCodeFourAndAsksForAReport() {
        assertThat(report.print(new IllegalStateException("a < b"))).isEqualTo(ExitCode.FAILED);
        assertThat(text())
                .isEqualTo(
                        """
                        error: unexpected: IllegalStateException: a < b
                        HINT: This is a defect of Tidemark. Run it again with --debug, and report what it prints.
                        """);
    }

    @Test
    void tooLittleMemoryIsNamedWithWhatHelps() {
        assertThat(report.print(new IllegalStateException(new OutOfMemoryError("Java heap space"))))
                .isEqualTo(ExitCode.FAILED);
        assertThat(text())
                .matches(
                        """
                        error: out of memory: the heap holds [0-9.]+ .iB
                        HINT: Give it more, for example with TIDEMARK_HEAP=4g in the environment. A restore takes a \
                        third of it for the rows that changed since the base \\(--memory says otherwise\\), and reading back the \
                        largest row once for each of --jobs; a rewind those that changed in between: several steps need less.
                        """);
    }

    @Test
    void anInterruptIsExitCode130WhateverWrapsIt() {
        assertThat(report.print(new InterruptedException())).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(report.print(new UncheckedIOException(new ClosedByInterruptException())))
                .isEqualTo(ExitCode.INTERRUPTED);
        assertThat(text()).isEqualTo("error: interrupted\nerror: interrupted\n");
        assertThat(ExitCode.INTERRUPTED.number()).isEqualTo(130);
    }

    private String text() {
        return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}

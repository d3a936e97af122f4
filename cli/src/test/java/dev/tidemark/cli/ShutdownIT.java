package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShutdownIT {
    private static final int CODE_AFTER_INTERRUPT = 42;
    private static final int CODE_AT_END = 7;

    /** Waits for an interrupt, or ends by itself. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            var shutdown = Shutdown.interrupting(Thread.currentThread(), System.err);
            shutdown.exit(arguments.length > 0 ? CODE_AT_END : codeAfterInterrupt());
        }

        private static int codeAfterInterrupt() {
            try {
                System.out.println("ready");
                new CountDownLatch(1).await();
                return 0;
            } catch (InterruptedException e) {
                return CODE_AFTER_INTERRUPT;
            }
        }
    }

    @Test
    void sigtermInterruptsTheMainThreadWhichChoosesTheExitCode() throws Exception {
        Process process = start();
        try (var lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");

            process.toHandle().destroy();

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(CODE_AFTER_INTERRUPT);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void withoutASignalTheExitCodeIsTheCommands() throws Exception {
        Process process = start("end");

        assertThat(process.waitFor()).isEqualTo(CODE_AT_END);
    }

    private static Process start(String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder =
                new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName());
        builder.command().addAll(List.of(arguments));
        return builder.start();
    }
}

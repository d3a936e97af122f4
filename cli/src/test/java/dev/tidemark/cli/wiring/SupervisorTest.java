package dev.tidemark.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.apache.kafka.common.errors.DisconnectException;
import org.junit.jupiter.api.Test;

final class SupervisorTest {
    private static final String DISK = "Look at that file's disk, and at the rights there.";
    private static final String SERVERS = "Check that Kafka and the storage are up.";

    @Test
    void theHintIsOfTheFileWhereverInTheCausesItIs() {
        var full = new FileSystemException("/a", null, "No space left on device");

        assertThat(Supervisor.hint(full)).isEqualTo(DISK);
        assertThat(Supervisor.hint(new IOException("cannot fold", full))).isEqualTo(DISK);
    }

    @Test
    void theHintIsOfTheServersElse() {
        assertThat(Supervisor.hint(new IOException("Connect timed out"))).isEqualTo(SERVERS);
        assertThat(Supervisor.hint(new DisconnectException())).isEqualTo(SERVERS);
    }
}

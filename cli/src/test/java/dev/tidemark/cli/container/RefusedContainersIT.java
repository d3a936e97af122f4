package dev.tidemark.cli.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import dev.tidemark.cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A container that lacks something says what, and ends or waits for it. */
@OnDocker
final class RefusedContainersIT {
    private static final String CONFIGURATION =
            """
            source:
              name: crm
              url: postgresql://tidemark@postgres:5432/crm
              password-file: /run/secrets/source-password
            kafka: {bootstrap-servers: "kafka:9092"}
            archive: {url: /srv/archive}
            temporary-directory: /var/lib/tidemark/temporary
            """;

    private static final Path ARCHIVE =
            Path.of("..", "archive", "src", "test", "resources", "golden-merged").toAbsolutePath();

    private static final Duration SAID_MAX = Duration.ofMinutes(1);

    @TempDir private Path directory;

    @Test
    void withoutConfigurationItEndsAndSaysWhereThatWas() {
        assertRefused(
                "error: no configuration: /etc/tidemark/tidemark.yaml does not exist", List.of());
    }

    /** Docker makes a folder where the file of a mount is missing. */
    @Test
    void aFolderInsteadOfAConfigurationIsNamed() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("missing.yaml"));

        assertRefused(
                "error: cannot read the configuration /etc/tidemark/tidemark.yaml: Is a directory",
                List.of(mounted(folder, "/etc/tidemark/tidemark.yaml")));
    }

    @Test
    void aMissingSecretIsNamed() throws IOException {
        assertRefused(
                "error: cannot read the password file /run/secrets/source-password: no such file",
                List.of(configuration()));
    }

    @Test
    void aSecretOfSomebodyElseIsNamed() throws IOException {
        assertRefused(
                "error: cannot read the password file /run/secrets/source-password: permission denied",
                List.of(configuration(), secret("rw-------")));
    }

    /** As a volume that root made, until somebody gives it away. */
    @Test
    void aServiceWaitsForAVolumeThatItMayWrite() throws Exception {
        Path volume = Files.createDirectory(directory.resolve("volume"));
        List<Bind> files =
                List.of(
                        configuration(),
                        secret("rw-r--r--"),
                        mounted(ARCHIVE, "/srv/archive"),
                        new Bind(volume.toString(), new Volume("/var/lib/tidemark")));
        try (Part archiver = part(files).withCommand("archiver")) {
            archiver.start();
            awaitSaid(archiver, "/var/lib/tidemark.* permission denied; trying again");
            assertThat(archiver.getLogs())
                    .containsPattern(
                            "'/var/lib/tidemark' belongs to user \\d+, and this program runs as user 10001");

            Files.setPosixFilePermissions(volume, PosixFilePermissions.fromString("rwxrwxrwx"));

            // Which is what is wrong next.
            awaitSaid(
                    archiver,
                    "Kafka at kafka:9092 .* HINT: Check kafka.bootstrap-servers: each is");
            archiver.end(); // so that it takes away what it wrote
        }
    }

    private static void awaitSaid(Part part, String words) {
        long end = System.nanoTime() + SAID_MAX.toNanos();
        while (!Pattern.compile(words).matcher(part.getLogs()).find()) {
            assertThat(System.nanoTime())
                    .as(() -> "said '" + words + "' in time; all it said: " + part.getLogs())
                    .isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private void assertRefused(String message, List<Bind> files) {
        try (Part capture = part(files)) {
            Outcome outcome = capture.run("capture");

            assertThat(outcome.err()).contains(message).contains("\nHINT: ");
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.code()).isEqualTo(2);
        }
    }

    private static Part part(List<Bind> files) {
        return Part.ofTidemark("refused", new Networks(), List.of(), files);
    }

    private Bind configuration() throws IOException {
        Path file = Files.writeString(directory.resolve("tidemark.yaml"), CONFIGURATION);
        return mounted(file, "/etc/tidemark/tidemark.yaml");
    }

    private Bind secret(String rights) throws IOException {
        Path file = Files.writeString(directory.resolve("source-password"), "secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
        return mounted(file, "/run/secrets/source-password");
    }

    private static Bind mounted(Path file, String at) {
        return new Bind(
                file.toAbsolutePath().normalize().toString(), new Volume(at), AccessMode.ro);
    }
}

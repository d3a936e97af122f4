package dev.tidemark.cli.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a server that we start may know of our environment. */
class ChildEnvironmentTest {
    @Test
    void noSecretIsInherited() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/env");
        builder.environment()
                .putAll(
                        Map.of(
                                "CRM_KEY", "secret-of-the-test",
                                "TIDEMARK_SOURCE_PASSWORD", "secret-of-the-test",
                                "AWS_SECRET_ACCESS_KEY", "secret-of-the-test",
                                "PGPASSWORD", "secret-of-the-test",
                                "PATH", "/usr/bin:/bin",
                                "LC_ALL", "C"));

        Process child = ChildEnvironment.cleaned(builder).start();
        String seen = new String(child.getInputStream().readAllBytes(), UTF_8);

        assertThat(child.waitFor()).isZero();
        assertThat(seen).doesNotContain("secret-of-the-test");
        assertThat(seen.lines()).contains("PATH=/usr/bin:/bin", "LC_ALL=C");
    }
}

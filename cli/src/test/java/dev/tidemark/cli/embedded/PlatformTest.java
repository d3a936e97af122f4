package dev.tidemark.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PlatformTest {
    @Test
    void archivesAreNamedByThePublishersWords() {
        assertThat(Platform.of("Linux", "amd64", false).archiveName())
                .isEqualTo("postgres-linux-x86_64.txz");
        assertThat(Platform.of("Linux", "aarch64", true).archiveName())
                .isEqualTo("postgres-linux-arm_64-alpine_linux.txz");
        assertThat(Platform.of("Mac OS X", "aarch64", false).archiveName())
                .isEqualTo("postgres-darwin-arm_64.txz");
    }
}

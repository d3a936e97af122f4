package dev.tidemark.replay.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DottedVersionTest {
    @Test
    void eachPartIsANumber() {
        assertThat(DottedVersion.compare("1.9", "1.10")).hasValue(-1);
        assertThat(DottedVersion.compare("2.0", "1.10.3")).hasValue(1);
        assertThat(DottedVersion.compare("1.2", "1.2.0")).hasValue(0);
        assertThat(DottedVersion.compare("3", "20240101")).hasValue(-1);
    }

    @Test
    void anotherFormIsNotCompared() {
        assertThat(DottedVersion.compare("1.0", "1.0-dev")).isEmpty();
        assertThat(DottedVersion.compare("unpackaged", "1.0")).isEmpty();
    }
}

package dev.tidemark.capture.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SourceNamesTest {
    @Test
    void namesHaveLettersDigitsAndUnderscoresOnly() {
        assertThat(SourceNames.of("CRM-eu.2"))
                .isEqualTo(new SourceNames("tidemark_crm_eu_2", "tidemark_crm_eu_2"));
    }

    @Test
    void longNamesDifferWhereTheSourcesDo() {
        SourceNames one = SourceNames.of("x".repeat(80) + "1");
        SourceNames two = SourceNames.of("x".repeat(80) + "2");
        assertThat(one.slot()).hasSize(63).isNotEqualTo(two.slot());
        assertThat(one.slot()).isEqualTo(SourceNames.of("x".repeat(80) + "1").slot());
    }
}

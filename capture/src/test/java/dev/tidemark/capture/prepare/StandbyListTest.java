package dev.tidemark.capture.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandbyListTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tidemark_crm",
                "TIDEMARK_CRM, other",
                "\"tidemark_crm\",other",
                "1 (tidemark_crm)",
                "FIRST 1 (\"tidemark_crm\")",
                "first 2 (other , tidemark_crm, third)",
                "ANY 2 (other, tidemark_crm)",
                "FIRST 1 (tidemark_crm, *)",
                "FIRST 2 (\"a,\"\"b\", tidemark_crm)",
            })
    void noCommitReturnsWithoutOneOfThoseWaitedForAlways(String setting) {
        assertThat(StandbyList.parse(setting).alwaysWaitsFor("tidemark_crm")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "other, tidemark_crm",
                "FIRST 1 (other, tidemark_crm)",
                "ANY 1 (other, tidemark_crm)",
                "ANY 2 (tidemark_crm, *)",
                "FIRST 2 (*, tidemark_crm)",
                "tidemark_crm2",
                "\"x tidemark_crm\"",
            })
    void otherwiseACommitMayReturnWithoutIt(String setting) {
        assertThat(StandbyList.parse(setting).alwaysWaitsFor("tidemark_crm")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "' ', true",
        "'*', false",
        "'FIRST 1 (a)', false",
    })
    void anEmptyListWaitsForNobody(String setting, boolean isEmpty) {
        assertThat(StandbyList.parse(setting).isEmpty()).isEqualTo(isEmpty);
    }
}

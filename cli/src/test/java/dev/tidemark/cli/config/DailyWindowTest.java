package dev.tidemark.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DailyWindowTest {
    @ParameterizedTest
    @CsvSource({
        "01:00-05:00, 01:00, true",
        "01:00-05:00, 04:59, true",
        "01:00-05:00, 05:00, false",
        "01:00-05:00, 00:59, false",
        "22:30-05:00, 23:59, true",
        "22:30-05:00, 00:00, true",
        "22:30-05:00, 05:00, false",
        "22:30-05:00, 22:29, false",
        "06:00-06:00, 05:59, true"
    })
    void itIsOpenFromItsBeginningToJustBeforeItsEnd(String window, String time, boolean isOpen) {
        assertThat(DailyWindow.parse(window).isOpen(LocalTime.parse(time))).isEqualTo(isOpen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1:00-5:00", "01:00", "25:00-05:00", "01:00 - 05:00"})
    void anythingElseIsNone(String text) {
        assertThatThrownBy(() -> DailyWindow.parse(text)).isInstanceOf(RuntimeException.class);
    }
}

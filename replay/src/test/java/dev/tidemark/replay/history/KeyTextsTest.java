package dev.tidemark.replay.history;

import static dev.tidemark.archive.Samples.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KeyTextsTest {
    private static Table table(String... types) {
        List<Integer> ids = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        for (String type : types) {
            int id = ids.size() + 1;
            ids.add(id);
            columns.add(column(id, "k" + id, type, Optional.empty()));
        }
        return Samples.table(1, "deal", ids, columns);
    }

    private static void assertRead(String type, String typed, String text) {
        assertThat(KeyTexts.read(table(type), List.of(typed)))
                .as("%s as %s", typed, type)
                .containsExactly(Value.text(text));
    }

    private static void assertRefused(String type, String typed) {
        assertThatThrownBy(() -> KeyTexts.read(table(type), List.of(typed)))
                .as("%s as %s", typed, type)
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("'%s' is no %s".formatted(typed, type));
    }

    @Test
    void aKeyIsReadIntoTheTextThatTheSourceHasOfIt() {
        assertRead("integer", "007", "7");
        assertRead("bigint", "-9223372036854775808", "-9223372036854775808");
        assertRead("numeric(10,2)", "5", "5.00");
        assertRead("numeric", "5.50", "5.50");
        assertRead("boolean", "TRUE", "t");
        assertRead(
                "uuid",
                "{A0EEBC99-9C0B4EF8BB6D6BB9BD380A11}",
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        assertRead("date", "2026-11-20", "2026-11-20");
        assertRead("date", "0044-03-15 BC", "0044-03-15 BC");
        assertRead("date", "infinity", "infinity");
        assertRead(
                "timestamp without time zone", "2026-11-20T14:03:07.500", "2026-11-20 14:03:07.5");
        assertRead("timestamp(3) without time zone", "2026-11-20 14:03", "2026-11-20 14:03:00");
        assertRead("timestamp with time zone", "2026-11-20 14:03:07+02", "2026-11-20 12:03:07+00");
        assertRead("character(5)", "ab", "ab   ");
        assertRead("character varying(5)", "ab", "ab");
        assertRead("text", " 007", " 007");
    }

    @Test
    void whatIsNoValueOfTheTypeIsRefused() {
        assertRefused("integer", "abc");
        assertRefused("integer", "1.0");
        assertRefused("smallint", "40000");
        assertRefused("bigint", "9223372036854775808");
        assertRefused("numeric(10,2)", "5.001");
        assertRefused("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1");
        assertRefused("date", "2026-02-30");
        assertRefused("date", "20.11.2026");
        assertRefused("timestamp with time zone", "2026-11-20 14:03:07");
        assertRefused("boolean", "yes");
    }

    @Test
    void aKeyOfAnotherNumberOfColumnsIsRefusedWithWhatTheKeyIs() {
        assertThatThrownBy(() -> KeyTexts.read(table("integer", "uuid"), List.of("1")))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "the key of table public.deal is k1 (integer), k2 (uuid), and 1 value was given");
    }

    @Test
    void aTableWithoutAKeyIsRefused() {
        assertThatThrownBy(() -> KeyTexts.read(table(), List.of("1")))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "table public.deal has no key, so that its rows have no history of their own");
    }
}

package dev.tidemark.replay.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What psql's documentation says of patterns. */
final class NamePatternTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "int*, integer, true",
                "int*, point, false",
                "FOO, foo, true",
                "FOO, FOO, false",
                "\u00dcBEL, \u00dcbel, true",
                "\u00dcBEL, \u00fcbel, false",
                "`\"FOO\"`, FOO, true",
                "`\"FOO\"`, foo, false",
                "`FOO\"BAR\"`, fooBAR, true",
                "`\"a*b\"`, a*b, true",
                "`\"a*b\"`, axb, false",
                "`\"a\"\"b\"`, `a\"b`, true",
                "con?act, contact, true",
                "con?act, conntact, false",
                "t[0-9], t7, true",
                "t[0-9], ta, false",
                "a|b, b, true",
                "cost$, cost$, true",
                "cost$, cost, false",
                "int[], int[], true",
            })
    void aPatternMatchesAsPsqlSays(String pattern, String name, boolean isMatch) {
        assertThat(NamePattern.parse(pattern).matches(name)).isEqualTo(isMatch);
    }

    @Test
    void aDotInQuotesIsPartOfAName() {
        TablePattern pattern = TablePattern.parse("\"a.b\".c*");

        assertThat(pattern.matches("a.b", "cd")).isTrue();
        assertThat(pattern.matches("a", "b")).isFalse();
        assertThat(TablePattern.parse("contact").isOneAnywhere()).isTrue();
        assertThat(TablePattern.parse("*.contact").isOneAnywhere()).isFalse();
        assertThat(TablePattern.parse("cont?ct").isOneAnywhere()).isFalse();
    }

    @Test
    void aNewNameKeepsCapitalsThatPostgresKeeps() {
        Rename rename = Rename.parse("\u00dcBEL=\u00c4rger");

        assertThat(rename.was()).containsExactly("\u00dcbel");
        assertThat(rename.is()).containsExactly("\u00c4rger");
    }

    @Test
    void whatIsNoPatternIsNamed() {
        assertThat(catchThrowableOfType(TidemarkException.class, () -> TablePattern.parse("a.b.c")))
                .hasMessage("'a.b.c' is no pattern of tables");
        assertThat(catchThrowableOfType(TidemarkException.class, () -> TablePattern.parse("\"a")))
                .hasMessage("'\"a' is no pattern of names: a double quote is not closed");
        assertThat(catchThrowableOfType(TidemarkException.class, () -> Rename.parse("a")))
                .hasMessage("'a' does not say how to rename a table");
    }
}

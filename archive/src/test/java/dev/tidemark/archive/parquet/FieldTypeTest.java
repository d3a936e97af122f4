package dev.tidemark.archive.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A number stands for a text only where it gives the very same text back. */
class FieldTypeTest {
    private static final int TIMES = 20_000;
    private static final long MICROS_PER_YEAR = 31_556_952_000_000L;

    @ParameterizedTest
    @CsvSource({
        "integer, -2147483648",
        "smallint, 0",
        "bigint, 9223372036854775807",
        "bigint, -9223372036854775808",
        "boolean, t",
        "boolean, f",
        "date, 2026-11-20",
        "date, 0001-01-01",
        "date, 9999-12-31",
        "timestamp without time zone, 2026-11-20 14:03:07",
        "timestamp(3) without time zone, 1969-12-31 23:59:59.999999",
        "timestamp with time zone, 2026-11-20 14:03:07.5+00",
        "timestamp(0) with time zone, 0001-01-01 00:00:00.000001+00"
    })
    void aTextThatANumberGivesBackIsKeptAsOne(String type, String text) {
        FieldType kept = FieldType.of(type);

        OptionalLong number = kept.number(Value.text(text));

        assertThat(number).isPresent();
        assertThat(kept.text(number.getAsLong())).isEqualTo(Value.text(text));
    }

    @ParameterizedTest
    @CsvSource({
        "integer, 2147483648",
        "integer, 007",
        "integer, -0",
        "integer, +1",
        "integer, ''",
        "integer, aside",
        "bigint, 9223372036854775808",
        "boolean, true",
        "date, infinity",
        "date, 0044-03-15 BC",
        "date, 10000-01-01",
        "date, 2026-02-30",
        "timestamp without time zone, -infinity",
        "timestamp without time zone, 2026-11-20 14:03:07.50",
        "timestamp without time zone, 2026-11-20 14:03:07.",
        "timestamp without time zone, 2026-11-20 14:03:07.1234567",
        "timestamp without time zone, 2026-11-20T14:03:07",
        "timestamp without time zone, 2026-11-20 24:00:00",
        "timestamp without time zone, 294276-12-31 23:59:59.999999",
        "timestamp with time zone, 2026-11-20 14:03:07+01",
        "timestamp with time zone, 2026-11-20 14:03+00",
        "timestamp with time zone, 0044-03-15 12:00:00+00 BC",
        "text, 7",
        "numeric, 7",
        "tinyint, 7"
    })
    void anyOtherTextHasNone(String type, String text) {
        assertThat(FieldType.of(type).number(Value.text(text))).isEmpty();
    }

    @Test
    void everyTimeOfNineThousandYearsComesBack() {
        Random random = new Random(1);
        for (FieldType type : List.of(FieldType.TIMESTAMP, FieldType.INSTANT)) {
            for (int n = 0; n < TIMES; n++) {
                long micros = random.nextLong(-1969 * MICROS_PER_YEAR, 8000 * MICROS_PER_YEAR);
                long rounded = micros - Math.floorMod(micros, 1 + random.nextInt(1_000_000));

                assertThat(type.number(type.text(rounded))).hasValue(rounded);
            }
        }
    }
}

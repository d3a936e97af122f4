package dev.tidemark.archive.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.change.Value;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an export makes of a column, and which texts that cannot hold. */
class ExportTypeTest {
    private static ExportType of(String sourceType) {
        return ExportType.of(sourceType, new HeapByteBufferAllocator());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    numeric(9,2)                | optional int32 c (DECIMAL(9,2))
                    numeric(10,0)               | optional int64 c (DECIMAL(10,0))
                    numeric(18,18)              | optional int64 c (DECIMAL(18,18))
                    numeric(19,2)               | optional fixed_len_byte_array(9) c (DECIMAL(19,2))
                    numeric(38,10)              | optional fixed_len_byte_array(16) c (DECIMAL(38,10))
                    numeric(39,10)              | optional binary c (STRING)
                    numeric(5,-2)               | optional int32 c (DECIMAL(7,0))
                    numeric(37,-2)              | optional binary c (STRING)
                    numeric(2,4)                | optional int32 c (DECIMAL(4,4))
                    numeric(2,39)               | optional binary c (STRING)
                    numeric                     | optional binary c (STRING)
                    numeric(9,2)[]              | optional binary c (STRING)
                    real                        | optional float c
                    double precision            | optional double c
                    double precision[]          | optional binary c (STRING)
                    uuid                        | optional fixed_len_byte_array(16) c (UUID)
                    bytea                       | optional binary c
                    json                        | optional binary c (JSON)
                    jsonb                       | optional binary c (JSON)
                    time without time zone      | optional int64 c (TIME(MICROS,false))
                    time(3) without time zone   | optional int64 c (TIME(MICROS,false))
                    time with time zone         | optional binary c (STRING)
                    integer                     | optional int32 c (INTEGER(32,true))
                    timestamp(3) with time zone | optional int64 c (TIMESTAMP(MICROS,true))
                    crm.uuid                    | optional binary c (STRING)
                    """)
    void aTypeOfTheSourceHasOneOfParquet(String sourceType, String column) {
        assertThat(of(sourceType).column("c")).hasToString(column);
    }

    @ParameterizedTest
    @CsvSource({
        "'numeric(4,2)', -99.99",
        "'numeric(4,2)', 0.00",
        "'numeric(3,0)', 7",
        "'numeric(5,-2)', -9999900",
        "'numeric(2,4)', 0.0099",
        "'numeric(38,38)', -0.99999999999999999999999999999999999999",
        "double precision, 5e-324",
        "double precision, 1.7976931348623157e+308",
        "double precision, -0",
        "double precision, 0.0001",
        "double precision, NaN",
        "double precision, -Infinity",
        "real, 1e-45",
        "real, 3.4028235e+38",
        "real, 0.000123456785",
        "uuid, a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "bytea, \\x",
        "bytea, \\x00ff",
        "json, '\"\\ud83d\\ude00\"'",
        "json, '\"\\\\ud83d \\n\"'",
        "json, '\"\\u0000\"'",
        "time without time zone, 23:59:59.999999",
        "time without time zone, 00:00:00"
    })
    void aTextThatSaysTheSameIsHeld(String type, String text) {
        assertThat(of(type).holds(Value.text(text))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'numeric(4,2)', 100.00",
        "'numeric(4,2)', 1.5",
        "'numeric(4,2)', 1.500",
        "'numeric(4,2)', -0.00",
        "'numeric(4,2)', +1.50",
        "'numeric(4,2)', 01.50",
        "'numeric(4,2)', 1e1",
        "'numeric(4,2)', NaN",
        "'numeric(4,2)', -Infinity",
        "'numeric(4,2)', ''",
        "'numeric(38,0)', 100000000000000000000000000000000000000",
        "double precision, 1e999",
        "double precision, 1e-999",
        "double precision, 0.12345678901234567891",
        "double precision, nan",
        "double precision, 0x1p3",
        "double precision, 1d",
        "double precision, ' 1'",
        "double precision, ''",
        "real, 1e+39",
        "real, 1e-46",
        "real, 0.12345678901",
        "uuid, A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
        "uuid, 1-1-1-1-1",
        "uuid, none",
        "bytea, \\x0",
        "bytea, \\x0g",
        "bytea, \\000",
        "bytea, x0",
        "bytea, ''",
        "json, '\"\\ud83d\"'",
        "json, '\"\\ude00\"'",
        "json, '\"\\ud83d\\n\"'",
        "json, '\"\\ud83d\\ud83d\\ude00\"'",
        "time without time zone, 24:00:00",
        "time without time zone, 14:03",
        "time without time zone, 14:03:07.50",
        "time without time zone, '14:03:07 '",
        "date, infinity"
    })
    void aTextThatATypeCannotSayIsNot(String type, String text) {
        assertThat(of(type).holds(Value.text(text))).isFalse();
    }
}

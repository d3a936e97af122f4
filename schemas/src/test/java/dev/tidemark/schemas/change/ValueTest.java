package dev.tidemark.schemas.change;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ValueTest {
    private static Value large(String text) {
        byte[] within = ("<" + text + ">").getBytes(UTF_8);
        return new Value.Large(ByteBuffer.wrap(within, 1, within.length - 2));
    }

    @Test
    void aTextIsTheSameHoweverItIsHeld() {
        Value here = Value.text("ñandú 🦤");
        Value there = large("ñandú 🦤");

        assertThat(there).isEqualTo(here).isEqualTo(large("ñandú 🦤")).hasSameHashCodeAs(here);
        assertThat(here).isEqualTo(there);
        assertThat(there).hasToString("ñandú 🦤");
    }

    @Test
    void anotherTextAndAMarkDiffer() {
        assertThat(large("a")).isNotEqualTo(Value.text("b")).isNotEqualTo(large("b"));
        assertThat(Value.text("a")).isNotEqualTo(large("ab"));
        assertThat(large("")).isNotEqualTo(Value.Mark.NULL).isEqualTo(Value.text(""));
    }
}

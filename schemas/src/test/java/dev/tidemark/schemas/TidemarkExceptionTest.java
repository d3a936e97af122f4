package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import org.junit.jupiter.api.Test;

final class TidemarkExceptionTest {
    private final IOException cause = new IOException("Connect timed out");

    @Test
    void aMessageThatEndsWithTheReasonSaysMoreThanIt() {
        var error = new IOException("cannot put 'a' in bucket 'b': Connect timed out", cause);

        assertThat(TidemarkException.messageOf(error))
                .isEqualTo("cannot put 'a' in bucket 'b': Connect timed out");
        assertThat(TidemarkException.reason(error)).isEqualTo("Connect timed out");
    }

    @Test
    void aMessageThatIsTheNameOfAClassSaysNoMoreThanTheReason() {
        assertThat(TidemarkException.messageOf(new IOException(cause)))
                .isEqualTo("Connect timed out");
        assertThat(TidemarkException.messageOf(new IOException("it failed", cause)))
                .isEqualTo("Connect timed out");
    }

    @Test
    void whatIsNotTextSaysSo() {
        assertThat(TidemarkException.reason(new MalformedInputException(1)))
                .isEqualTo("it is not text in UTF-8");
    }
}

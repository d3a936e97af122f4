package dev.tidemark.archive.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows go through a pipe as they came, and what fails behind it ends what is before it. */
class PipeTest {
    private static final int ROWS = 20_000;

    private static List<Value> row(int n) {
        return List.of(Value.text(Integer.toString(n)));
    }

    @Test
    void rowsComeOutInOrder() throws IOException {
        List<String> out = new ArrayList<>();
        try (Pipe<List<Value>> pipe = Pipe.ofRows(row -> out.add(row.getFirst().toString()))) {
            for (int n = 0; n < ROWS; n++) {
                pipe.add(row(n));
            }
            pipe.finish();
        }
        assertThat(out).hasSize(ROWS).startsWith("0", "1").endsWith("19998", "19999");
    }

    @Test
    void fewRowsNeedNoOtherThread() throws IOException {
        List<Thread> takers = new ArrayList<>();
        try (Pipe<List<Value>> pipe = Pipe.ofRows(row -> takers.add(Thread.currentThread()))) {
            pipe.add(row(1));
            pipe.finish();
        }
        assertThat(takers).containsExactly(Thread.currentThread());
    }

    @Test
    void rowsThatAreLargerThanThePipePassToo() throws IOException {
        List<List<Value>> out = new ArrayList<>();
        Value large = new Value.Text(new byte[6 << 20]);
        try (Pipe<List<Value>> pipe = Pipe.ofRows(out::add)) {
            for (int n = 0; n < 3; n++) {
                pipe.add(List.of(large));
            }
            pipe.finish();
        }
        assertThat(out).hasSize(3);
    }

    @Test
    void aFailureBehindItEndsWhatIsBeforeIt() {
        assertThatThrownBy(
                        () -> {
                            try (Pipe<List<Value>> pipe = Pipe.ofRows(PipeTest::fail)) {
                                for (int n = 0; ; n++) {
                                    pipe.add(row(n));
                                }
                            }
                        })
                .isInstanceOf(IOException.class)
                .hasMessage("disk full");
    }

    private static void fail(List<Value> row) throws IOException {
        throw new IOException("disk full");
    }

    @Test
    void nothingComesOutAfterItWasClosed() throws IOException {
        List<List<Value>> out = new ArrayList<>();
        try (Pipe<List<Value>> pipe = Pipe.ofRows(out::add)) {
            for (int n = 0; n < ROWS; n++) {
                pipe.add(row(n));
            }
        }
        int there = out.size();
        Thread.onSpinWait();
        assertThat(out).hasSize(there).hasSizeLessThanOrEqualTo(ROWS);
    }
}

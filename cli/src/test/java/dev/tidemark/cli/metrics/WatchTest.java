package dev.tidemark.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {
    private static final int WAIT_SECONDS_MAX = 30;

    private final AtomicReference<Instant> now = new AtomicReference<>(Fakes.NOW);
    private final InstantSource time = now::get;
    private final Clock clock = time.withZone(ZoneOffset.UTC);

    @TempDir private Path directory;

    @Test
    void whatWasFoundLongAgoIsNotKnown() {
        try (Watch<String> watch = new Watch<>("test", new Word("found"), clock)) {
            assertThat(watch.newest()).isEmpty();

            watch.lookOnce();
            now.set(Fakes.NOW.plus(Watch.FRESH_MAX));
            assertThat(watch.newest()).hasValue("found");

            now.set(Fakes.NOW.plus(Watch.FRESH_MAX).plusNanos(1));
            assertThat(watch.newest()).isEmpty();
        }
    }

    @Test
    void itsOwnThreadLooksAndClosesTheLook() throws Exception {
        Word word = new Word("found");
        try (Watch<String> watch = new Watch<>("test", word, clock).start()) {
            assertThat(word.looked.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
            assertThat(word.closed.getCount()).isOne();
        }
        assertThat(word.closed.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aFolderThatIsNotThereYetHasTheDiskOfItsParent() {
        try (DiskLook look = new DiskLook(Map.of("archive", directory.resolve("a/b")), clock)) {
            List<DiskSample> found = look.look();

            assertThat(found).hasSize(1);
            assertThat(found.getFirst().place()).isEqualTo("archive");
            assertThat(found.getFirst().freeBytes()).isPositive();
            assertThat(found.getFirst().forecastSeconds()).isNaN();
        }
    }

    @Test
    void aSourceThatDoesNotAnswerIsDown() {
        Observed.Slot slot = Fakes.observed(List.of()).slot().orElseThrow();
        try (SourceLook look = new SourceLook(slot, clock)) {
            assertThat(look.look()).isEqualTo(SourceSample.DOWN);
        }
    }

    /** A look that finds the same each time. */
    private record Word(String word, CountDownLatch looked, CountDownLatch closed)
            implements Watch.Look<String> {
        Word(String word) {
            this(word, new CountDownLatch(1), new CountDownLatch(1));
        }

        @Override
        public String look() {
            looked.countDown();
            return word;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}

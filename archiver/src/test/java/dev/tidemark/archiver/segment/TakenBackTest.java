package dev.tidemark.archiver.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archiver.consume.TransactionReader;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakenBackTest {
    @TempDir private Path folder;
    private final SegmentLimits limits =
            new SegmentLimits(Duration.ZERO, Duration.ZERO, 1_000_000, 1_000_000);

    @Test
    void aSampleThatWasTakenBackComesAgain() throws Exception {
        SegmentBuilder builder =
                new SegmentBuilder(folder, limits, new ShapeTracker(DisturbedLog.catalog()));
        Entry.Begin begin = new Entry.Begin(DisturbedLog.START, 1, Instant.EPOCH);
        Entry sample = new Entry.Sequences("[{\"id\":7,\"last\":5,\"called\":true}]");
        builder.begin(begin, 1);
        builder.add(sample);
        builder.takeBack();
        builder.begin(begin, 3);
        builder.add(sample);
        builder.end(new Entry.End(new Position(110), Instant.EPOCH, 1));
        assertThat(builder.seal().rows()).isEqualTo(1);
    }

    @Test
    void aBrokenOffChangeDoesNotCount() throws Exception {
        SegmentBuilder builder =
                new SegmentBuilder(folder, limits, new ShapeTracker(DisturbedLog.catalog()));
        Entry.Begin begin = new Entry.Begin(DisturbedLog.START, 1, Instant.EPOCH);
        builder.begin(begin, 1);
        builder.add(new Entry.Message("a", "b"));
        builder.takeBack();
        assertThat(builder.hasChanges()).isFalse();
    }

    @Test
    void aDiscardedSegmentHasNothingToPublish() throws Exception {
        SegmentBuilder builder =
                new SegmentBuilder(folder, limits, new ShapeTracker(DisturbedLog.catalog()));
        builder.begin(new Entry.Begin(DisturbedLog.START, 1, Instant.EPOCH), 1);
        builder.add(new Entry.Message("a", "b"));
        builder.end(new Entry.End(new Position(110), Instant.EPOCH, 1));
        assertThat(builder.isEmpty()).isFalse();

        builder.discard();

        assertThat(builder.isEmpty()).isTrue();
        assertThat(builder.bytes()).isZero();
    }

    @Test
    void aLostSessionRecordIsAHole() {
        SegmentBuilder builder =
                new SegmentBuilder(folder, limits, new ShapeTracker(DisturbedLog.catalog()));
        TransactionReader reader =
                new TransactionReader(
                        builder, DisturbedLog.standpoint(DisturbedLog.START, 0), List.of());
        Entry.Begin begin = new Entry.Begin(DisturbedLog.START, 1, Instant.EPOCH);
        assertThatThrownBy(() -> reader.take(9, new Frame(8, DisturbedLog.START, List.of(begin))))
                .hasMessage(
                        "the change log has a hole before record 9: the record that opened its session, 8, is missing");
    }
}

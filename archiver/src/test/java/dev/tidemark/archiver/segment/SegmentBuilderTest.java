package dev.tidemark.archiver.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangeDigest;
import dev.tidemark.archive.parquet.JournalReader;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archiver.consume.OffsetRange;
import dev.tidemark.archiver.consume.TransactionReader;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archiving in small: a log is read as the archiver does, without Kafka and without an archive. */
class SegmentBuilderTest {
    private static final int SEEDS = 30;
    private static final int TRANSACTIONS = 25;
    private static final int READS_AGAIN_MAX = 200; // every broken-off copy costs one at most

    @TempDir Path folder;

    /** What is published, and the work since. */
    private final class Simulation {
        final Random random;
        final SegmentLimits limits;
        final List<DisturbedLog.Truth> archived = new ArrayList<>();
        Catalog catalog = DisturbedLog.catalog();
        long offset;
        long session = Frame.OPENING;
        Position end = DisturbedLog.START;
        ShapeTracker shapes = new ShapeTracker(catalog);
        SegmentBuilder builder;
        TransactionReader reader;
        int readsAgain;

        Simulation(Random random) {
            this.random = random;
            long memory = random.nextBoolean() ? 250 : 1_000_000;
            limits = new SegmentLimits(Duration.ZERO, Duration.ZERO, 1_000_000, memory);
            builder = new SegmentBuilder(folder, limits, shapes);
            reader =
                    new TransactionReader(
                            builder, DisturbedLog.standpoint(end, session), List.of());
        }

        private void start(List<OffsetRange> skipped) {
            builder = new SegmentBuilder(folder, limits, shapes);
            reader = new TransactionReader(builder, DisturbedLog.standpoint(end, session), skipped);
        }

        private void startAgain(List<OffsetRange> skipped) throws IOException {
            builder.discard();
            shapes = new ShapeTracker(catalog);
            start(skipped);
        }

        /** Reads a log; a frame that is absent was lost. */
        void read(List<Optional<Frame>> log) throws IOException {
            long next = 0;
            while (next < log.size()) {
                Optional<Frame> frame = log.get(Math.toIntExact(next));
                if (frame.isEmpty()) {
                    next++;
                } else if (reader.take(next, frame.get()) == TransactionReader.Outcome.READ_AGAIN) {
                    assertThat(++readsAgain).isLessThan(READS_AGAIN_MAX);
                    startAgain(reader.skipped());
                    next = offset;
                } else {
                    next++;
                    next = random.nextInt(20) == 0 ? crash() : next;
                    if (random.nextInt(4) == 0 || next == log.size()) {
                        publish(next);
                    }
                }
            }
        }

        private long crash() throws IOException {
            startAgain(List.of());
            return offset;
        }

        private void publish(long next) throws IOException {
            if (builder.isEmpty() || reader.isInTransaction()) {
                return;
            }
            SegmentBuilder.Sealed sealed = builder.seal();
            archive(sealed);
            offset = next;
            session = reader.session();
            end = sealed.transactions().getLast().position();
            catalog = shapes.catalog();
            shapes.published();
            start(List.of());
        }

        private void archive(SegmentBuilder.Sealed sealed) throws IOException {
            List<Change> journal = new ArrayList<>();
            try (JournalReader changes = JournalReader.open(sealed.journal())) {
                changes.forEachRemaining(journal::add);
            }
            Files.delete(sealed.journal());
            assertThat(sealed.rows()).isEqualTo(journal.size());
            for (TransactionRecord transaction : sealed.transactions()) {
                archive(transaction, journal);
            }
        }

        private void archive(TransactionRecord transaction, List<Change> journal) {
            List<Entry> entries = new ArrayList<>();
            List<Integer> versions = new ArrayList<>();
            ChangeDigest digest = new ChangeDigest();
            for (Change change : journal) {
                if (change.transaction() == transaction.index()) {
                    entries.add(change.entry());
                    versions.add(change.version());
                    digest.add(change);
                }
            }
            assertThat(transaction.digest()).isEqualTo(digest.finish());
            assertThat(transaction.changes()).isEqualTo(entries.size());
            archived.add(new DisturbedLog.Truth(transaction.position(), entries, versions));
        }
    }

    private static List<Optional<Frame>> present(List<Frame> frames) {
        return new ArrayList<>(frames.stream().map(Optional::of).toList());
    }

    @Test
    void eachTransactionIsArchivedOnceAndInOrderWhateverDisturbsTheLog() throws IOException {
        long only = Long.getLong("seed", -1);
        int readsAgain = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            if (only >= 0 && seed != only) {
                continue;
            }
            Random random = new Random(seed);
            DisturbedLog log = new DisturbedLog(random, TRANSACTIONS);
            Simulation simulation = new Simulation(random);
            try {
                simulation.read(present(log.writeDisturbed()));
            } catch (TidemarkException | IllegalStateException e) {
                throw new AssertionError(failedAt(seed), e);
            }
            assertThat(simulation.archived).describedAs(failedAt(seed)).isEqualTo(log.history());
            assertThat(folder).describedAs(failedAt(seed)).isEmptyDirectory();
            readsAgain += simulation.readsAgain;
        }
        assertThat(only >= 0 || readsAgain > SEEDS / 4).isTrue();
    }

    private static String failedAt(long seed) {
        return "failed at seed %d; rerun with -Dseed=%d".formatted(seed, seed);
    }

    @Test
    void aLostFrameStopsEverything() throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            DisturbedLog log = new DisturbedLog(random, TRANSACTIONS);
            Map<Integer, List<Integer>> places = log.writeClean();
            List<Integer> of = places.getOrDefault(random.nextInt(TRANSACTIONS - 1), List.of());
            List<Integer> lost =
                    random.nextBoolean() ? of : List.of(of.get(random.nextInt(of.size())));

            assertStops(seed, new Simulation(random), log, lost);
        }
    }

    private void assertStops(long seed, Simulation simulation, DisturbedLog log, List<Integer> lost)
            throws IOException {
        List<Optional<Frame>> frames = present(log.frames());
        lost.forEach(place -> frames.set(place, Optional.empty()));

        assertThatThrownBy(() -> simulation.read(frames))
                .describedAs("%s, frames %s are lost", failedAt(seed), lost)
                .isInstanceOf(TidemarkException.class)
                .hasMessageMatching("the change log has a hole before record \\d+: .*");
        simulation.builder.discard();
        int archived = simulation.archived.size();
        assertThat(simulation.archived).isEqualTo(log.history().subList(0, archived));
    }
}

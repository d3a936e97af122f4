package dev.tidemark.archiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random runs, one seed after the other, for {@code simulation.seconds} or up to {@code
 * simulation.seeds} of them, from {@code simulation.seed} on.
 */
@ExtendWith(InTurns.class)
class SimulationTest {
    private static final int SECONDS = 30;

    @TempDir private Path folder;

    @Test
    void eachTransactionIsArchivedOnceAndWholeWhateverFails() throws IOException {
        long first = Long.getLong("simulation.seed", 1);
        long seedsMax = Long.getLong("simulation.seeds", Long.MAX_VALUE - first);
        long nanosMax = Integer.getInteger("simulation.seconds", SECONDS) * 1_000_000_000L;
        long begun = System.nanoTime();
        Tally tally = new Tally();
        for (long seed = first;
                seed < first + seedsMax && System.nanoTime() - begun < nanosMax;
                seed++) {
            run(seed, tally);
        }
        System.out.println("simulation from seed " + first + ": " + tally);
        assertThat(tally.runs).isPositive();
    }

    @Test
    void aSeedDoesTheSameAgain() throws IOException {
        for (long seed = 1; seed <= 5; seed++) {
            assertThat(run(seed, new Tally())).isEqualTo(run(seed, new Tally()));
        }
    }

    /** What happened. */
    private List<String> run(long seed, Tally tally) throws IOException {
        Path own = Files.createTempDirectory(folder, "run");
        RandomRun run = new RandomRun(seed, own, tally);
        try {
            run.run();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "failed at seed %d; rerun with: make simulate SEED=%d SEEDS=1\n%s"
                            .formatted(seed, seed, run.site().lastEvents()),
                    e);
        }
        return run.site().events().stream()
                .map(event -> event.replace(own.toString(), "FOLDER"))
                .toList();
    }
}

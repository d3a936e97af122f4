package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is killed, and whenever: each restore is what the source was, money is neither made nor
 * lost, and each commit that a client was told of is in the archive. 'make kills' runs more seeds.
 */
final class KilledAtRandomIT {
    private static final long SEED = Long.getLong("kills.seed", 1);
    private static final int SEEDS = Integer.getInteger("kills.seeds", 1);
    private static final int SECONDS = Integer.getInteger("kills.seconds", 20);

    private static final int ROW_SESSIONS = 4;
    private static final int BANK_SESSIONS = 3;
    private static final Duration THINKING_MAX = Duration.ofMillis(60);
    private static final Duration STRUCTURE_EVERY_MAX = Duration.ofSeconds(3);

    /** Some parts are killed while they still start, some after they have worked for a while. */
    private static final Duration UNDISTURBED_MAX = Duration.ofSeconds(3);

    /** Times at which the total is looked at, beside the truths. */
    private static final int TIMES = 3;

    @TempDir private Path directory;

    static LongStream seeds() {
        return LongStream.range(SEED, SEED + SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostAndNothingIsInvented(long seed) throws Exception {
        Random random = new Random(seed);
        try (Deployment tidemark = deployment(seed)) {
            RestlessLoad load = RestlessLoad.create(tidemark);
            Bank bank = Bank.create(tidemark.server());
            tidemark.succeed("init");
            Killer killer = new Killer(tidemark, random);
            Clients clients = new Clients(tidemark.server());
            try {
                killer.startServices();
                startAll(clients, load, bank, seed);
                List<Truth> truths = disturbed(tidemark, killer, load, random);
                clients.close();
                assertThat(clients.failures()).isEmpty();
                truths.add(tidemark.truth());
                assertArchived(tidemark, truths, bank);
                assertBalancedAtAnyTime(tidemark, truths, bank, random);
                System.out.printf(
                        "killed at random: seed %d, %d s: %s; %d moments and %d times restored; %s; %s%n",
                        seed, SECONDS, killer, truths.size() + 1, TIMES, bank, clients);
            } catch (Throwable e) {
                System.out.printf(
                        "killed at random: seed %d failed; repeat it with: make kills SEED=%d SECONDS=%d%n%s%n",
                        seed, seed, SECONDS, killer.history());
                throw e;
            } finally {
                clients.close();
            }
        }
    }

    /** Kills until the time is up; returns what the source held meanwhile. */
    private static List<Truth> disturbed(
            Deployment tidemark, Killer killer, RestlessLoad load, Random random) throws Exception {
        List<Truth> truths = new ArrayList<>(List.of(load.truth(tidemark)));
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (System.nanoTime() < end) {
            Clients.pause(random, UNDISTURBED_MAX);
            if (random.nextInt(3) == 0) {
                truths.add(load.truth(tidemark));
                killer.note("truth at " + truths.getLast().position());
            }
            killer.disturb();
        }
        return truths;
    }

    private static void assertArchived(Deployment tidemark, List<Truth> truths, Bank bank)
            throws Exception {
        Truth last = truths.getLast();
        tidemark.awaitArchivedPast(last);
        for (int i = 0; i < truths.size(); i++) {
            Truth truth = truths.get(i);
            if (i == truths.size() / 2) {
                tidemark.succeed("merge", "--all"); // the services go on
            }
            assertThat(tidemark.restored("moment", "--to", truth.position().toString()))
                    .as("restored to %s", truth.position())
                    .isEqualTo(truth.tables());
            RestlessLoad.assertNumbersAreUsedUp(tidemark, "moment");
            assertBalanced(tidemark, bank);
        }
        assertThat(tidemark.restored("latest", "--to", "latest")).isEqualTo(last.tables());
        RestlessLoad.assertNumbersAreUsedUp(tidemark, "latest");
        bank.assertKept(tidemark.server(), "latest");
        assertThat(tidemark.succeed("verify").out()).startsWith("whole: ");
    }

    /** Beside the truths, at times that nobody looked at the source. */
    private static void assertBalancedAtAnyTime(
            Deployment tidemark, List<Truth> truths, Bank bank, Random random) throws Exception {
        Instant from = truths.getFirst().time();
        long millis = Duration.between(from, truths.getLast().time()).toMillis();
        for (int i = 0; i < TIMES; i++) {
            Instant time = from.plusMillis(random.nextLong(millis));
            tidemark.restored("moment", "--to", time.toString());
            assertBalanced(tidemark, bank);
        }
    }

    private Deployment deployment(long seed) throws Exception {
        return Deployment.start(
                Files.createDirectories(directory.resolve("seed-" + seed)),
                PostgresBinaries.onClassPath(),
                "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms, takeover-after: 4s}");
    }

    private static void startAll(Clients clients, RestlessLoad load, Bank bank, long seed) {
        Random seeds = new Random(seed); // each session has its own sequence
        for (int i = 0; i < ROW_SESSIONS; i++) {
            load.changeRows(clients, "rows-" + i, new Random(seeds.nextLong()), THINKING_MAX);
        }
        for (int i = 0; i < BANK_SESSIONS; i++) {
            bank.openAt(clients, "bank-" + i, new Random(seeds.nextLong()), THINKING_MAX);
        }
        load.changeStructure(
                clients, "structure", new Random(seeds.nextLong()), STRUCTURE_EVERY_MAX);
    }

    private static void assertBalanced(Deployment tidemark, Bank bank) throws Exception {
        bank.assertBalanced(tidemark.server(), "moment");
        tidemark.execute("postgres", "DROP DATABASE moment WITH (FORCE)");
    }
}

package dev.tidemark.cli.differential;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Seed after seed, until the budget is used up. */
final class Differential {
    private final Settings settings;
    private final PrintStream out;
    private final Tally tally = new Tally();
    private final List<Long> failed = new ArrayList<>();
    private int done;

    Differential(Settings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Returns the seeds that failed. */
    List<Long> run(Path directory) throws SQLException, IOException, InterruptedException {
        long deadline = System.nanoTime() + settings.budget().toNanos();
        try (Servers servers = Servers.start(directory, settings.isOldest())) {
            for (long seed = settings.seed();
                    done < settings.seeds() && System.nanoTime() < deadline;
                    seed++) {
                one(servers, seed);
            }
        }
        out.printf(
                "differential: %d seeds from %d, %d failed %s; %d moments restored, %d not known; %d statements, %.1f %% refused by the server%n",
                done,
                settings.seed(),
                failed.size(),
                failed,
                tally.restoredMoments(),
                tally.refusedMoments(),
                tally.statements(),
                100.0 * tally.failures() / Math.max(1, tally.statements()));
        tally.failuresMost(settings.isTalkative() ? 100 : 5)
                .forEach(line -> out.println("  " + line));
        return failed;
    }

    private void one(Servers servers, long seed)
            throws SQLException, IOException, InterruptedException {
        long start = System.nanoTime();
        Trial.Result result = new Trial(servers, settings, seed).run();
        done++;
        tally.add(result.tally());
        if (!result.differences().isEmpty()) {
            failed.add(seed);
            out.printf("seed %d differs; repeat it with: %s%n", seed, settings.repeat(seed));
            result.differences().forEach(line -> out.println("  " + line));
        } else if (settings.isTalkative()) {
            out.printf("seed %d is equal (%d ms)%n", seed, (System.nanoTime() - start) / 1_000_000);
        }
        out.flush();
    }
}

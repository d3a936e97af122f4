package dev.tidemark.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a restore of a large database needs: the program's resident memory at its highest, with its
 * JVM, in a small heap.
 *
 * @param gigabytes of the database with its indexes, nearly
 */
record LargeRestoreRun(Path directory, int gigabytes) {
    private static final double GIGABYTE = 1e9;
    private static final double GIBIBYTE = 1024.0 * 1024 * 1024;

    /** A million accounts take 150 MB, index and all; one of pgbench's scale is 100,000. */
    private static final int SCALE_PER_GIGABYTE = 67;

    private static final int TRANSACTIONS = 100_000;
    private static final double SEED = 0.5;
    private static final String HEAP = "640m";
    private static final Duration ARCHIVED_MAX = Duration.ofMinutes(5);

    List<Figure> run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(directory.resolve("archive"));
        try (Site site = Site.start(directory)) {
            Pgbench pgbench = new Pgbench(site, gigabytes * SCALE_PER_GIGABYTE);
            pgbench.fill();
            site.commands().tidemark("init");
            pgbench.work(TRANSACTIONS, SEED);
            Process service = site.commands().service("run");
            try {
                site.awaitArchived(ARCHIVED_MAX);
            } finally {
                Commands.stop(service);
            }
            return restore(site);
        }
    }

    private static List<Figure> restore(Site site)
            throws IOException, SQLException, InterruptedException {
        double bytes = Double.parseDouble(site.ask("SELECT pg_database_size('bench')"));
        String url = site.create("restored").url().toString();
        AtomicReference<Double> most = new AtomicReference<>(0.0);
        Duration took =
                site.commands()
                        .tidemark(
                                HEAP,
                                process -> most.accumulateAndGet(Resident.most(process), Math::max),
                                "restore",
                                "--to=latest",
                                "--into=" + url);
        String metric = "restore of %.1f GB".formatted(bytes / GIGABYTE);
        Figure time = Figure.of(metric, took.toMillis() / 1e3, "seconds");
        if (most.get() == 0) {
            return List.of(time); // the system does not tell
        }
        return List.of(
                time,
                Figure.of(metric + ", most resident", most.get(), "bytes")
                        .within("goal of 1 GiB", GIBIBYTE));
    }
}

package dev.tidemark.cli.bench;

import dev.tidemark.capture.prepare.SynchronousCommits;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.wiring.FirstBase;
import dev.tidemark.cli.wiring.Services;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a commit costs when it returns with Kafka's word: beside the same commits without. Servers
 * of its own; the broker writes to disk before it answers, as an embedded one does in this mode.
 */
record SynchronousRun(Path directory, Duration each) {
    private static final int CLIENTS = 16;

    /** The first commits of a session, and of a service, are none that count. */
    private static final int WARM_UP = 200;

    private static final double ONE_CLIENT_MILLIS_MAX = 25;
    private static final double ALL_CLIENTS_RATE_MIN = 1_000;

    List<Figure> run() throws Exception {
        try (Site site =
                Site.start(
                        directory,
                        Map.of("log.flush.interval.messages", "1"),
                        "capture: {acknowledge: synchronous}")) {
            site.execute("CREATE TABLE public.probe (id text PRIMARY KEY, v text)");
            new FirstBase(site.parts(), Progress.SILENT, 2).run(site.topic());
            Services services = new Services(site.parts(), site.topic());
            services.startCapture();
            try {
                Site.await(Duration.ofSeconds(60), "capture", () -> isStreaming(site));
                List<Figure> figures = new ArrayList<>();
                Double[] without = measured(site, "asynchronous");
                SynchronousCommits.begin(site.parts().admin(), site.parts().names());
                Double[] with = measured(site, "synchronous");
                figures.add(Figure.of("commit, 1 client, asynchronous, p50", without[0], "ms"));
                figures.add(
                        Figure.of("commit, 1 client, synchronous, p50", with[0], "ms")
                                .within("goal of 25 ms", ONE_CLIENT_MILLIS_MAX));
                figures.add(
                        Figure.of("commits, 16 clients, asynchronous", without[1], "commits/s"));
                figures.add(
                        Figure.of("commits, 16 clients, synchronous", with[1], "commits/s")
                                .beside("goal of 1,000", ALL_CLIENTS_RATE_MIN, Optional.of(1.0)));
                return figures;
            } finally {
                SynchronousCommits.end(site.parts().admin(), site.parts().names());
                services.stop();
            }
        }
    }

    private static boolean isStreaming(Site site) {
        try {
            return site.ask("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
                    .equals("1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Double[] measured(Site site, String name) throws Exception {
        double[] one = commits(site, name + "-one-", 1).getFirst();
        Arrays.sort(one);
        long start = System.nanoTime();
        long all = commits(site, name + "-all-", CLIENTS).stream().mapToLong(of -> of.length).sum();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Double[] {one[one.length / 2], all / seconds};
    }

    /** How long each commit of each client took, in milliseconds. */
    private List<double[]> commits(Site site, String name, int clients) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Callable<double[]>> works = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                String of = name + client + "-";
                works.add(() -> client(site, of));
            }
            List<double[]> all = new ArrayList<>();
            for (Future<double[]> done : threads.invokeAll(works)) {
                all.add(done.get());
            }
            return all;
        }
    }

    private double[] client(Site site, String name) throws SQLException {
        List<Double> millis = new ArrayList<>();
        try (Connection session =
                        DriverManager.getConnection(
                                site.postgres().jdbcUrl("bench"), site.postgres().superuser(), "");
                Statement statement = session.createStatement()) {
            long end = System.nanoTime() + each.toNanos();
            for (int n = 0; System.nanoTime() < end || n <= WARM_UP; n++) {
                long start = System.nanoTime();
                statement.execute(
                        "INSERT INTO public.probe VALUES ('%s%d', 'x')".formatted(name, n));
                if (n >= WARM_UP) {
                    millis.add((System.nanoTime() - start) / 1e6);
                }
            }
        }
        return millis.stream().mapToDouble(Double::doubleValue).toArray();
    }
}

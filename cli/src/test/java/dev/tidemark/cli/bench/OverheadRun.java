package dev.tidemark.cli.bench;

import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a source loses of its throughput while it is captured: pgbench's transactions a second
 * beside the same without, in turn. The server and its clients have one processor, all else
 * another, as if it ran on another machine: what is lost is what the server itself does for
 * capture.
 */
record OverheadRun(Path directory, Path pgbench, Path taskset, int rounds) {
    private static final Duration EACH = Duration.ofSeconds(20);
    private static final Duration CAUGHT_UP_MAX = Duration.ofMinutes(5);
    private static final int SCALE = 20;
    private static final int CLIENTS = 8;
    private static final double GOAL = 0.95;
    private static final Pattern RATE = Pattern.compile("(?m)^tps = ([0-9.]+)");

    /** Empty where pgbench or taskset is not installed, or where there is only one processor. */
    static Optional<OverheadRun> find(Path directory, int rounds) throws IOException {
        Optional<Path> pgbench = Installed.find("pgbench");
        Optional<Path> taskset = Installed.find("taskset");
        return Runtime.getRuntime().availableProcessors() < 2
                ? Optional.empty()
                : pgbench.flatMap(
                        found ->
                                taskset.map(pin -> new OverheadRun(directory, found, pin, rounds)));
    }

    List<Figure> run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(directory.resolve("archive"));
        try (Site site = Site.start(directory)) {
            pgbench(site, "-i", "-q", "-s", String.valueOf(SCALE));
            site.commands().tidemark("init");
            pin(rest(), "1"); // the broker too
            pin(server(site), "0");
            List<Double> without = new ArrayList<>();
            List<Double> with = new ArrayList<>();
            try {
                measured(site); // the first one makes the server's files and caches
                for (int round = 0; round < rounds; round++) {
                    without.add(measured(site));
                    with.add(captured(site));
                    System.err.printf("captured: %s, not: %s%n", with, without);
                }
            } finally {
                pin(Stream.of(ProcessHandle.current()), "0-" + lastProcessor());
            }
            Figure before = Figure.ofRounds("pgbench, not captured", without, "transactions/s");
            return List.of(
                    before,
                    Figure.ofRounds("pgbench, captured", with, "transactions/s")
                            .beside("not captured", before.value(), Optional.of(GOAL)));
        }
    }

    private double captured(Site site) throws IOException, SQLException, InterruptedException {
        Process service = site.commands().service("run");
        try {
            Position now = Position.of(site.ask("SELECT pg_current_wal_lsn()"));
            Site.await(CAUGHT_UP_MAX, "capture of " + now, () -> isCaptured(site, now));
            return measured(site);
        } finally {
            Commands.stop(service);
        }
    }

    private static boolean isCaptured(Site site, Position position) {
        try {
            return !Position.of(
                            site.ask(
                                    "SELECT coalesce(max(confirmed_flush_lsn), '0/0') FROM pg_replication_slots"
                                            + " WHERE active"))
                    .isBefore(position);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private double measured(Site site) throws IOException, InterruptedException {
        Matcher rate =
                RATE.matcher(
                        pgbench(
                                site,
                                "-n",
                                "-M",
                                "prepared",
                                "-c",
                                String.valueOf(CLIENTS),
                                "-T",
                                String.valueOf(EACH.toSeconds())));
        if (!rate.find()) {
            throw new IllegalStateException("pgbench tells no rate");
        }
        return Double.parseDouble(rate.group(1));
    }

    private String pgbench(Site site, String... words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(taskset.toString(), "-c", "0", pgbench.toString()));
        command.addAll(site.connection());
        command.addAll(List.of(words));
        command.add(site.source().url().database());
        return site.commands().output(new ProcessBuilder(command));
    }

    /** This process and all that come from it. */
    private static Stream<ProcessHandle> rest() {
        return Stream.concat(
                Stream.of(ProcessHandle.current()), ProcessHandle.current().descendants());
    }

    /** The server's first process, which all others come from, and those that are there. */
    private Stream<ProcessHandle> server(Site site) throws IOException, SQLException {
        Path file = Path.of(site.ask("SHOW data_directory"), "postmaster.pid");
        ProcessHandle first =
                ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                        .orElseThrow();
        return Stream.concat(Stream.of(first), first.descendants());
    }

    /** All threads of processes, and all that they begin later, to some processors. */
    private void pin(Stream<ProcessHandle> processes, String processors)
            throws IOException, InterruptedException {
        for (ProcessHandle process : processes.toList()) {
            Process pinned =
                    new ProcessBuilder(
                                    taskset.toString(),
                                    "-a",
                                    "-p",
                                    "-c",
                                    processors,
                                    String.valueOf(process.pid()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            pinned.waitFor(); // a process that is gone by now needs none
        }
    }

    private static int lastProcessor() {
        return Runtime.getRuntime().availableProcessors() - 1;
    }
}

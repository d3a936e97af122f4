package dev.tidemark.cli.bench;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.cli.embedded.PostgresBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whole restores beside those of other tools, each as a user would start it: programs of their own,
 * with their start.
 *
 * @param binaries of a server that the installed tools of others can read
 * @param scale of pgbench
 * @param millions of changes after the base, growing, at which is restored
 */
record ReplayRace(
        Path directory, PostgresBinaries binaries, int scale, List<Integer> millions, int rounds) {
    private static final double MILLION = 1e6;
    private static final Duration ARCHIVED_MAX = Duration.ofMinutes(15);
    private static final double BASE_GOAL = 1.3;
    private static final double JOURNALS_GOAL = 0.3;
    private static final long REWOUND = 10_000;
    private static final double REWIND_GOAL = 3;
    private static final double ROW_GOAL = 2;
    private static final int FIRST_ROW = 4711;

    List<Figure> run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(directory.resolve("archive"));
        Optional<PgBackRest> physical = PgBackRest.find(directory.resolve("pgbackrest"));
        if (physical.isPresent()) {
            physical.get().prepare(directory.resolve("postgres/data"));
        }
        try (Site site =
                Site.start(
                        directory, binaries, physical.map(PgBackRest::settings).orElse(Map.of()))) {
            return run(site, physical);
        }
    }

    private List<Figure> run(Site site, Optional<PgBackRest> physical)
            throws IOException, SQLException, InterruptedException {
        new Pgbench(site, scale).fill();
        if (physical.isPresent()) {
            physical.get().backUp(site);
        }
        site.commands().tidemark("init");
        List<Figure> figures = new ArrayList<>(base(site));
        long logBefore = physical.isPresent() ? physical.get().logBytes() : 0;
        Process service = site.commands().service("run");
        try {
            long done = 0;
            for (int count : millions) {
                long changes = Math.round(count * MILLION);
                work(site, changes - done, physical);
                done = changes;
                figures.addAll(latest(site, count, physical));
            }
            if (physical.isPresent()) {
                figures.add(
                        Figure.of("journals", (double) journalBytes(site), "bytes")
                                .atMost(
                                        "pgBackRest's zstd log",
                                        (double) (physical.get().logBytes() - logBefore),
                                        JOURNALS_GOAL));
            }
            String url = site.create("rewound").url().toString();
            String before = site.ask("SELECT pg_current_wal_lsn()");
            work(site, REWOUND, physical);
            site.commands().tidemark("restore", "--to", "latest", "--into", url);
            figures.addAll(rewind(site, before, url, "rewind over %d changes".formatted(REWOUND)));
            figures.add(row(site, "one row of %s changes".formatted(done)));
            site.commands().tidemark("merge", "--all");
            figures.addAll(rewind(site, before, url, "rewind, merged"));
            figures.add(row(site, "one row, merged").atMost("goal of 2 s", ROW_GOAL, 1));
        } finally {
            Commands.stop(service);
        }
        return figures;
    }

    private List<Figure> base(Site site) throws IOException, SQLException, InterruptedException {
        Optional<PgRestore> logical = PgRestore.find(directory.resolve("dump"));
        if (logical.isPresent()) {
            logical.get().dump(site);
        }
        String position;
        try (Archive archive = site.parts().archive()) {
            position = archive.state().bases().getFirst().span().to().toString();
        }
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            if (logical.isPresent()) {
                theirs.add(seconds(logical.get().restore(site, "dumped_" + round)));
            }
            ours.add(seconds(restore(site, position, "base_" + round)));
            say("base alone", ours, theirs);
        }
        return List.of(compared("restore of the base", ours, theirs, PgRestore.NAME, BASE_GOAL));
    }

    private void work(Site site, long changes, Optional<PgBackRest> physical)
            throws SQLException, IOException, InterruptedException {
        System.err.println("making " + changes + " changes");
        new Pgbench(site, scale).work(changes / Pgbench.CHANGES, changes / 1e9);
        if (physical.isPresent()) {
            physical.get().awaitLog(site);
        }
        site.awaitArchived(ARCHIVED_MAX);
    }

    private List<Figure> latest(Site site, int count, Optional<PgBackRest> physical)
            throws IOException, SQLException, InterruptedException {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            String name = count + "_" + round;
            if (physical.isPresent()) {
                theirs.add(seconds(physical.get().restore(site, binaries, name)));
            }
            ours.add(seconds(restore(site, "latest", "latest_" + name)));
            say(count + " million changes", ours, theirs);
        }
        return List.of(
                compared(
                        "restore after %d million changes".formatted(count),
                        ours,
                        theirs,
                        "pgBackRest and recovery",
                        count >= 8 ? 0.4 : 0.8));
    }

    /** One row by its key, as somebody would bring it back who changed it by mistake. */
    private Figure row(Site site, String metric)
            throws IOException, SQLException, InterruptedException {
        List<Double> ours = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Path file = directory.resolve("row.sql");
            Files.deleteIfExists(file);
            Duration took =
                    site.commands()
                            .tidemark(
                                    "restore",
                                    "--to=latest",
                                    "--into=sql:" + file,
                                    "--table=accounts",
                                    "--where=aid = " + (FIRST_ROW + round));
            ours.add(seconds(took));
        }
        say(metric, ours, List.of());
        return Figure.ofRounds(metric, ours, "seconds");
    }

    /** Some changes back and forth again, in a database that was restored. */
    private List<Figure> rewind(Site site, String before, String url, String metric)
            throws IOException, InterruptedException {
        List<Double> back = new ArrayList<>();
        List<Double> forth = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            back.add(seconds(site.commands().tidemark("rewind", "--to", before, "--on", url)));
            forth.add(seconds(site.commands().tidemark("rewind", "--to", "latest", "--on", url)));
        }
        say(metric, back, forth);
        return List.of(
                Figure.ofRounds(metric + ", back", back, "seconds")
                        .atMost("goal of 3 s", REWIND_GOAL, 1),
                Figure.ofRounds(metric + ", forth", forth, "seconds")
                        .atMost("goal of 3 s", REWIND_GOAL, 1));
    }

    private static Duration restore(Site site, String moment, String database)
            throws IOException, InterruptedException, SQLException {
        String url = site.create(database).url().toString();
        Duration took = site.commands().tidemark("restore", "--to", moment, "--into", url);
        site.drop(database);
        return took;
    }

    private static Figure compared(
            String metric, List<Double> ours, List<Double> theirs, String name, double goal) {
        Figure figure = Figure.ofRounds(metric, ours, "seconds");
        return theirs.isEmpty()
                ? figure
                : figure.atMost(name, Figure.ofRounds(name, theirs, "seconds").value(), goal);
    }

    private static long journalBytes(Site site) throws IOException {
        try (Archive archive = site.parts().archive()) {
            long bytes = 0;
            for (Manifest segment : archive.state().segments()) {
                bytes += segment.file(FileRef.Kind.JOURNAL).map(FileRef::bytes).orElse(0L);
            }
            return bytes;
        }
    }

    private static void say(String what, List<Double> ours, List<Double> theirs) {
        System.err.printf("%s: %s seconds, others %s%n", what, ours, theirs);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}

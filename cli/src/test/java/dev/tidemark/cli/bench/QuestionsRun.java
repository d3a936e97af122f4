package dev.tidemark.cli.bench;

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
 * Questions of an auditor, each as somebody asks it: a program of its own, with its start.
 *
 * @param millions of changes in the archive
 */
record QuestionsRun(Path directory, int millions, int rounds) {
    private static final int ROWS = 1_000_000; // of the largest table
    private static final double MILLION = 1e6;
    private static final int PARTS = 20; // of the work that is merged
    private static final String NOT_MERGED = "maintenance: {merge: false}\n";
    private static final String SHORTER = "200ms"; // an hour's segments in two and a half minutes
    private static final int HOUR_TRANSACTIONS = 1_440; // ten changes each, and two in a segment
    private static final double HOUR_PAUSE_SECONDS = 0.1;
    private static final int LOOKS = 12; // of the archiver's, in an hour
    private static final int ROWS_ASKED = 20; // for the 95th percentile
    private static final int MONTH_FROM = 16; // a tenth of the work, which has two parts of 20
    private static final Duration ARCHIVED_MAX = Duration.ofMinutes(15);
    private static final double HISTORY_GOAL = 1;
    private static final double COUNT_GOAL = 2;
    private static final double FIND_GOAL = 5;
    private static final String NAME = "Deal of round 7"; // in each part of the work
    private static final String DUCKDB = "DuckDB by hand, already started";

    List<Figure> run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(directory.resolve("archive"));
        // Merged when it is time for that here.
        try (Site site = Site.start(directory, Map.of(), NOT_MERGED)) {
            Audited work = new Audited(site, ROWS);
            work.fill();
            site.commands().tidemark("init");
            List<String> ends = new ArrayList<>();
            archiving(
                    site,
                    () -> {
                        for (int part = 0; part < PARTS; part++) {
                            System.err.printf("making changes, part %d of %d%n", part + 1, PARTS);
                            work.work(
                                    Math.round(millions * MILLION / PARTS), part / (double) PARTS);
                            site.awaitArchived(ARCHIVED_MAX);
                            ends.add(site.ask("SELECT to_json(clock_timestamp())#>>'{}'"));
                        }
                        workCalmly(site, work, 1); // the newest segment is never merged
                    });
            site.commands().tidemark("merge", "--all");
            site.commands().tidemark("base");
            site.configure(NOT_MERGED + "segment: {max-age: %s}".formatted(SHORTER));
            archiving(
                    site,
                    () -> {
                        System.err.println("making the changes of an hour");
                        for (int look = 0; look < LOOKS; look++) {
                            workCalmly(site, work, HOUR_TRANSACTIONS / LOOKS);
                            if (look < LOOKS - 1) {
                                site.commands().tidemark("merge"); // as the archiver does
                            }
                        }
                    });
            return ask(site, ends);
        }
    }

    private static void workCalmly(Site site, Audited work, int transactions)
            throws SQLException, InterruptedException {
        work.calmly(transactions, HOUR_PAUSE_SECONDS);
        site.awaitArchived(ARCHIVED_MAX);
    }

    /** What is done while changes are captured and archived. */
    private interface Work {
        void run() throws IOException, SQLException, InterruptedException;
    }

    private static void archiving(Site site, Work work)
            throws IOException, SQLException, InterruptedException {
        Process service = site.commands().service("run");
        try {
            work.run();
        } finally {
            Commands.stop(service);
        }
    }

    private List<Figure> ask(Site site, List<String> ends)
            throws IOException, SQLException, InterruptedException {
        String since = ends.get(MONTH_FROM - 1);
        String until = ends.get(MONTH_FROM + 1);
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.ofRounds("start of a command", times(site, "--version"), "seconds"));
        List<Double> histories = new ArrayList<>();
        for (int row = 1; row <= ROWS_ASKED; row++) {
            String key = String.valueOf(row * (ROWS / ROWS_ASKED) - row);
            histories.add(seconds(site.commands().tidemark("history", Audited.LARGEST, key)));
        }
        DuckDbQuestions duckDb = new DuckDbQuestions(site);
        figures.add(
                Figure.ofRounds("history of a row", histories, "seconds")
                        .beside(DUCKDB, duckDb.history(Audited.LARGEST, "4711"), Optional.empty()));
        figures.add(
                Figure.of("  95th percentile", percentile(histories), "seconds")
                        .atMost("goal of 1 s", HISTORY_GOAL, 1));
        String count = "SELECT count(*) FROM " + Audited.LARGEST;
        figures.add(
                Figure.ofRounds("count as of now", times(site, "query", count), "seconds")
                        .atMost("goal of 2 s", COUNT_GOAL, 1));
        figures.add(
                Figure.ofRounds(
                                "  as of before the base",
                                times(site, "query", count, "--as-of", ends.getLast()),
                                "seconds")
                        .atMost("goal of 2 s", COUNT_GOAL, 1));
        figures.add(
                Figure.of(
                        "DuckDB by hand: find in all",
                        duckDb.find(Audited.LARGEST, "name", NAME),
                        "seconds"));
        figures.add(
                Figure.ofRounds(
                                "find by value in a tenth",
                                times(
                                        site,
                                        "find",
                                        Audited.LARGEST,
                                        "--column=name",
                                        "--to=" + NAME,
                                        "--since=" + since,
                                        "--until=" + until),
                                "seconds")
                        .atMost("goal of 5 s", FIND_GOAL, 1));
        figures.add(
                Figure.ofRounds(
                                "  in all tables",
                                times(
                                        site,
                                        "find",
                                        "--text=" + NAME,
                                        "--since=" + since,
                                        "--until=" + until),
                                "seconds")
                        .atMost("goal of 5 s", FIND_GOAL, 1));
        return figures;
    }

    private List<Double> times(Site site, String... words)
            throws IOException, InterruptedException {
        List<Double> times = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            times.add(seconds(site.commands().tidemark(words)));
        }
        System.err.printf("%s: %s seconds%n", List.of(words), times);
        return times;
    }

    private static double percentile(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.ceilDiv(sorted.size() * 95, 100) - 1);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}

package dev.tidemark.cli.bench;

import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.cli.output.JsonOutput;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.FirstBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The benchmark's command. What it measures, and how, is in docs/benchmarks.md. */
@Command(
        name = "make bench",
        mixinStandardHelpOptions = true,
        description = "Measures Tidemark beside other tools, on servers started for it.")
public final class Bench implements Callable<Integer> {
    private static final double ARCHIVER_GOAL = 3;

    @Option(
            names = "--transactions",
            description = "Small transactions of 4 changes; ${DEFAULT-VALUE} when not given.",
            defaultValue = "50000")
    int transactions;

    @Option(
            names = "--rows",
            description = "Rows in bulk transactions; ${DEFAULT-VALUE} when not given.",
            defaultValue = "600000")
    int rows;

    @Option(
            names = "--large",
            description = "Rows of the large transaction, 0 for none; ${DEFAULT-VALUE} else.",
            defaultValue = "5000000")
    int largeRows;

    @Option(
            names = "--rounds",
            description = "Rounds, of which the median counts; ${DEFAULT-VALUE} when not given.",
            defaultValue = "3")
    int rounds;

    @Option(
            names = "--directory",
            description = "Where servers keep their data; a temporary one when not given.")
    Optional<Path> directory = Optional.empty();

    @Option(
            names = "--commit-seconds",
            description =
                    "How long commits are measured, each way; ${DEFAULT-VALUE} when not given.",
            defaultValue = "10")
    int commitSeconds;

    /** What there is to measure, in this order; docs/benchmarks.md has a part for each. */
    enum Part {
        RESTORES,
        MEMORY,
        CAPTURE,
        OVERHEAD,
        COMMITS,
        QUESTIONS
    }

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description =
                    "Measure nothing but these: ${COMPLETION-CANDIDATES}; all when not given.")
    Set<Part> only = EnumSet.noneOf(Part.class);

    @Option(
            names = "--scale",
            description = "pgbench's scale for these; ${DEFAULT-VALUE} when not given.",
            defaultValue = "20")
    int scale;

    @Option(
            names = "--millions",
            split = ",",
            description =
                    "After how many million changes is restored; ${DEFAULT-VALUE} when not given.",
            defaultValue = "2,8")
    List<Integer> millions = List.of();

    @Option(
            names = "--asked-millions",
            description =
                    "Of how many million changes questions are asked; ${DEFAULT-VALUE} when not given.",
            defaultValue = "10")
    int askedMillions;

    @Option(
            names = "--gigabytes",
            description =
                    "About how large the database is whose restore's memory is measured; ${DEFAULT-VALUE} when not given.",
            defaultValue = "1")
    int gigabytes;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    /** Runs it. */
    public static void main(String[] args) {
        System.exit(
                new CommandLine(new Bench())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path place =
                directory.isPresent()
                        ? directory.get()
                        : Files.createTempDirectory("tidemark-bench-");
        List<Figure> lines = new ArrayList<>();
        try {
            for (Part part : Part.values()) {
                if (only.isEmpty() || only.contains(part)) {
                    say("part " + part);
                    measure(
                            part,
                            Files.createDirectories(
                                    place.resolve(part.name().toLowerCase(Locale.ROOT))),
                            lines);
                }
            }
        } finally {
            print(lines); // what was measured before a failure still counts
            if (directory.isEmpty()) {
                delete(place);
            }
        }
        return 0;
    }

    /** pgBackRest and pg_restore as distributions have them read no newer server's files. */
    private static PostgresBinaries oldServer() {
        Path launcher = Path.of(System.getProperty("tidemark.launcher", "./tidemark"));
        return new PostgresBinaries(launcher.resolveSibling("cli").resolve(Release.OLDEST.jar()));
    }

    private void measure(Part part, Path place, List<Figure> lines) throws Exception {
        switch (part) {
            case RESTORES ->
                    lines.addAll(new ReplayRace(place, oldServer(), scale, millions, rounds).run());
            case MEMORY -> lines.addAll(new LargeRestoreRun(place, gigabytes).run());
            case CAPTURE -> {
                try (Site site = Site.start(place)) {
                    measure(site, lines);
                }
            }
            case OVERHEAD -> {
                Optional<OverheadRun> run = OverheadRun.find(place, rounds);
                if (run.isPresent()) {
                    lines.addAll(run.get().run());
                } else {
                    say("left out: pgbench, taskset or a second processor is missing");
                }
            }
            case COMMITS ->
                    lines.addAll(
                            new SynchronousRun(place, Duration.ofSeconds(commitSeconds)).run());
            case QUESTIONS -> lines.addAll(new QuestionsRun(place, askedMillions, rounds).run());
        }
    }

    private void measure(Site site, List<Figure> lines) throws Exception {
        Workload workload = new Workload(site, transactions, rows, largeRows);
        say("filling the source and taking the first base");
        workload.fill();
        new FirstBase(site.parts(), Progress.SILENT, 2).run(site.topic());
        String from = site.ask("SELECT pg_current_wal_lsn()");
        Leg small = workload.small();
        Leg bulk = workload.bulk();
        String walBytes = site.ask("SELECT pg_current_wal_lsn() - '" + from + "'::pg_lsn");

        List<Contender> contenders = new ArrayList<>();
        PgRecvlogical.find(site).ifPresent(contenders::add);
        contenders.add(new EmptyDebezium(site));
        contenders.add(new TidemarkCapture(site));
        Race race = new Race(site, contenders, rounds);
        lines.addAll(race.run(small));
        lines.addAll(race.run(bulk));
        site.execute(
                "SELECT pg_drop_replication_slot('bench_small')",
                "SELECT pg_drop_replication_slot('bench_bulk')");

        lines.addAll(archive(site, small, bulk, Double.parseDouble(walBytes)));
        say("restoring");
        lines.addAll(new RestoreRun(site).base());
        lines.addAll(new RestoreRun(site).latest());
        say("merging, and making a base");
        lines.addAll(new KeepingRun(site).merge());
        lines.addAll(new RestoreRun(site).merged());
        lines.addAll(new KeepingRun(site).base());
        if (largeRows > 0) {
            say("making a transaction of " + largeRows + " rows");
            Leg large = workload.large();
            say("capturing and archiving it in processes of 512 MiB");
            lines.addAll(new MemoryRun(site).run(large));
        }
    }

    /** Fills the change log that the archiver reads, archives it, and looks at what that made. */
    private List<Figure> archive(Site site, Leg small, Leg bulk, double walBytes)
            throws IOException, InterruptedException {
        String slot = site.parts().names().slot();
        Leg both = new Leg("both", slot, bulk.end(), small.changes() + bulk.changes());
        say("capturing both kinds of transactions");
        double capture =
                Race.rate(both, new TidemarkCapture(site).read(both, slot, site.topic()).toNanos());
        Slots.awaitRelease(site, slot);
        say("archiving them");
        ArchiverRun archiver = new ArchiverRun(site);
        List<Double> rates = archiver.run(both, rounds);
        ArchiverRun.Journals journals = archiver.journals();
        return List.of(
                Figure.of("both: Tidemark into Kafka", capture, "changes/s"),
                Figure.ofRounds("both: archiver", rates, "changes/s")
                        .beside("capture", capture, Optional.of(ARCHIVER_GOAL)),
                Figure.of(
                                "journals a change",
                                (double) journals.bytes() / journals.changes(),
                                "bytes")
                        .beside("the source's log", walBytes / both.changes(), Optional.empty()));
    }

    private static void say(String what) {
        System.err.println(what);
    }

    private void print(List<Figure> lines) {
        if (isJson) {
            System.out.println(JsonOutput.text(lines));
            return;
        }
        TextTable table = new TextTable("metric", "value", "rounds", "ratio", "goal", "met");
        for (Figure line : lines) {
            table.row(
                    line.metric(),
                    line.valueText(),
                    line.spreadText(),
                    line.ratio().map(Figure.Ratio::text).orElse(""),
                    line.ratio().map(Figure.Ratio::goalText).orElse(""),
                    line.ratio()
                            .flatMap(Figure.Ratio::isMet)
                            .map(met -> met ? "yes" : "no")
                            .orElse(""));
        }
        table.print(System.out, false);
    }

    private static void delete(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

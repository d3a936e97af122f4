package dev.tidemark.cli.bench;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Place;
import dev.tidemark.cli.wiring.RestoreJob;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreReport;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Restores into new databases of the same server. */
record RestoreRun(Site site) {
    /** All that is archived. */
    List<Figure> latest() throws IOException, SQLException, InterruptedException {
        return run("restore at latest", "restored_latest", new Moment.Latest());
    }

    /** The same after segments were merged. */
    List<Figure> merged() throws IOException, SQLException, InterruptedException {
        return run("restore at latest, merged", "restored_merged", new Moment.Latest());
    }

    /** The first base, without a change after it. */
    List<Figure> base() throws IOException, SQLException, InterruptedException {
        try (Archive archive = site.parts().archive()) {
            return run(
                    "restore of the base",
                    "restored_base",
                    new Moment.AtPosition(archive.state().bases().getFirst().span().to()));
        }
    }

    private List<Figure> run(String metric, String database, Moment moment)
            throws IOException, SQLException, InterruptedException {
        try (Archive archive = site.parts().archive();
                TemporaryFolder temporary = site.parts().temporary("restore")) {
            RestoreJob job =
                    new RestoreJob(
                            archive,
                            temporary.path(),
                            RestoreOptions.of(Runtime.getRuntime().availableProcessors()),
                            Progress.SILENT,
                            Clock.systemUTC());
            long start = System.nanoTime();
            RestoreReport report =
                    job.run(
                            job.plan(new Target(moment, false)),
                            site.create(database),
                            Place.AS_IT_IS,
                            new LedgerPen(Clock.systemUTC(), warning -> {}));
            Duration whole = Duration.ofNanos(System.nanoTime() - start);
            return figures(metric, report, whole);
        }
    }

    private static List<Figure> figures(String metric, RestoreReport report, Duration whole) {
        List<Figure> lines = new ArrayList<>();
        Duration phases =
                report.durations().values().stream().reduce(Duration.ZERO, Duration::plus);
        lines.add(Figure.of(metric, report.rows() * 1e3 / whole.toMillis(), "rows/s"));
        lines.add(Figure.of("  whole", seconds(whole), "seconds"));
        lines.add(Figure.of("  plan and fold", seconds(whole.minus(phases)), "seconds"));
        for (RestorePhase phase : RestorePhase.values()) {
            Duration took = report.durations().getOrDefault(phase, Duration.ZERO);
            lines.add(Figure.of("  " + phase, seconds(took), "seconds"));
        }
        return lines;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}

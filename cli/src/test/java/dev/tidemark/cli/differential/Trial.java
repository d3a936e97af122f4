package dev.tidemark.cli.differential;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** One seed: a history, moments of truth in it, and a restore to each of them. */
final class Trial {
    /**
     * Truths under load; one more comes when all is quiet, and another one after a look, which is
     * to find what schema changes beside each other could not tell.
     */
    private static final int TRUTHS = 2;

    private static final int PRELUDE_STEPS = 60;

    private final Servers servers;
    private final Settings settings;
    private final long seed;
    private final List<String> script = new ArrayList<>();
    private final List<String> report = new ArrayList<>();
    private final Tally tally = new Tally();

    Trial(Servers servers, Settings settings, long seed) {
        this.servers = servers;
        this.settings = settings;
        this.seed = seed;
    }

    /**
     * How it went.
     *
     * @param differences lines for a person; none when all was equal
     */
    record Result(List<String> differences, Tally tally) {}

    Result run() throws SQLException, IOException, InterruptedException {
        try (Site site = Site.create(servers, "d" + seed)) {
            List<Truth> truths = history(site);
            for (int i = 0; i < truths.size(); i++) {
                compare(site, truths.get(i), i);
            }
        } catch (TidemarkException e) {
            report.add(e.getMessage() + " HINT: " + e.hint());
        }
        if (!report.isEmpty()) {
            Path file = Path.of("target", "differential-" + seed + ".sql");
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, script);
            report.add("statements: " + file.toAbsolutePath());
        }
        return new Result(report, tally);
    }

    private List<Truth> history(Site site) throws SQLException, IOException, InterruptedException {
        List<Truth> truths = new ArrayList<>();
        try (Load load = Load.open(servers, "d" + seed, seed, this::note)) {
            load.prelude(PRELUDE_STEPS, settings.without(seed));
            note("-- init");
            site.protect();
            try {
                for (int i = 0; i < TRUTHS; i++) {
                    load.work(settings.steps() / TRUTHS, settings.without(seed));
                    truths.add(truthUnder(load, site));
                }
                load.work(10, settings.without(seed));
            } finally {
                tally.add(load.tally());
            }
            load.endAll();
            truths.add(quietTruth(site));
            if (settings.hasConcurrentSchemaChanges(seed)) {
                site.look();
                truths.add(quietTruth(site));
            }
        }
        servers.execute("d" + seed, "SELECT tidemark.heartbeat()");
        site.awaitArchived(truths.getLast().position());
        site.stop();
        return truths;
    }

    private Truth quietTruth(Site site) throws SQLException {
        Truth truth = Truth.read(site.source(), settings.compared());
        note("-- truth at " + truth.position());
        return truth;
    }

    private void note(String line) {
        script.add(line);
        if (settings.isTalkative()) {
            System.out.println(line);
        }
    }

    /** Rows go on changing, as long as it takes. */
    private Truth truthUnder(Load load, Site site) throws SQLException, InterruptedException {
        load.endSchemaChanges();
        note("-- truth begins");
        FutureTask<Truth> reading =
                new FutureTask<>(() -> Truth.read(site.source(), settings.compared()));
        Thread.ofPlatform().name("truth").start(reading);
        load.workOnRows(reading::isDone, settings.without(seed));
        try {
            Truth truth = reading.get();
            note("-- truth at " + truth.position());
            return truth;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the truth could not be read", e.getCause());
        }
    }

    /**
     * What the source could not tell in time is not known, and said so: then nothing is restored.
     */
    private static boolean isHonest(TidemarkException e) {
        return e.kind() == TidemarkException.Kind.REFUSED
                && String.valueOf(e.getMessage())
                        .matches(
                                "(?s)(the archive is not exact at|the rows of .* are not known|not known at).*");
    }

    private void compare(Site site, Truth truth, int number)
            throws SQLException, IOException, InterruptedException {
        Position position = truth.position();
        try {
            Database restored = site.restore(position, number);
            try (Connection connection = restored.connect()) {
                connection.setAutoCommit(false);
                List<String> lines =
                        Difference.between(
                                truth.image(), DatabaseImage.read(connection, settings.compared()));
                tally.restored();
                if (!lines.isEmpty()) {
                    report.add("restored to " + position + ":");
                    report.addAll(lines);
                }
            }
        } catch (TidemarkException e) {
            if (isHonest(e)) {
                tally.refused();
                return;
            }
            report.add("restore to " + position + ": " + e.getMessage() + " HINT: " + e.hint());
        }
    }
}

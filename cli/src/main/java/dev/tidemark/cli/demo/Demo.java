package dev.tidemark.cli.demo;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.capture.publish.CaptureProgress;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.wiring.FirstBase;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.Services;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.verify.Verification;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The main job on real parts, from an empty directory to three restored databases that are compared
 * with the source as it was.
 *
 * <p>Whatever happens, an interrupt too, it ends with all servers stopped and, unless they are to
 * be kept, all files deleted. For one thread.
 */
public final class Demo {
    /** What is waited for takes 3 s; a loaded machine is given twenty times that. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private static final long LOOK_MILLIS = 50;
    private static final int STEPS = 7;

    private final DemoSettings settings;
    private final Consumer<String> steps;
    private final Clock clock;
    private int step;

    /**
     * A demo.
     *
     * @param steps hears what is going on, a line at a time
     */
    public Demo(DemoSettings settings, Consumer<String> steps, Clock clock) {
        this.settings = settings;
        this.steps = steps;
        this.clock = clock;
    }

    /** Runs it. */
    public DemoReport run() throws InterruptedException {
        long start = System.nanoTime();
        try (QuietLogs logs = QuietLogs.begin();
                DemoDirectory directory = DemoDirectory.open(settings)) {
            step("Starting PostgreSQL and Kafka in " + directory.path());
            try (DemoSite site = DemoSite.start(directory.path(), clock)) {
                return run(site, start);
            }
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "the demo's database refused: " + TidemarkException.reason(e),
                    "Run the demo again with --debug, and report what it prints.",
                    e);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "the demo's archive cannot be read: " + TidemarkException.reason(e),
                    "Check that the directory has room.",
                    e);
        }
    }

    private DemoReport run(DemoSite site, long start)
            throws SQLException, IOException, InterruptedException {
        step("Filling a CRM");
        fill(site);
        step("Preparing the source and taking the first base, as 'tidemark init' does");
        ChangeLogTopic topic = site.parts().topic(site.bootstrapServers());
        DemoReport.FirstBase base = firstBase(site, topic);
        step(
                "The CRM at work: %d sessions, a release, an accident; capture and archiver follow"
                        .formatted(CrmDay.SESSIONS));
        Services services = new Services(site.parts(), topic);
        CrmDay.Result day;
        CaptureProgress.Snapshot capture;
        try {
            services.startCapture();
            services.startArchiver();
            awaitCapturing(services);
            day = new CrmDay(settings, site, services, steps).run();
            capture = services.captureProgress().orElseThrow();
            step("Waiting until the archive has all of it, up to " + day.end());
            awaitArchived(services, day.end());
        } finally {
            stop(services);
        }
        return check(site, start, base, day, capture);
    }

    private void step(String what) {
        step++;
        steps.accept("%d/%d %s".formatted(step, STEPS, what));
    }

    /** The driver does not hear an interrupt; without its connection it ends at once. */
    private void fill(DemoSite site) throws SQLException, InterruptedException {
        Database crm = site.create(DemoSite.SOURCE);
        try (Connection connection = crm.connect()) {
            FutureTask<Long> filling = new FutureTask<>(() -> fill(connection));
            Thread.ofPlatform().name("fill").daemon().start(filling);
            try {
                filling.get();
            } catch (InterruptedException e) {
                connection.abort(Runnable::run);
                throw e;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SQLException refused) {
                    throw refused;
                }
                throw new IllegalStateException("filling the CRM failed", e.getCause());
            }
        }
    }

    private long fill(Connection connection) throws SQLException {
        CrmSchema.create(connection);
        return new CrmFill(settings.seed(), settings.scale()).fill(connection);
    }

    private DemoReport.FirstBase firstBase(DemoSite site, ChangeLogTopic topic)
            throws InterruptedException {
        long start = System.nanoTime();
        int jobs = Runtime.getRuntime().availableProcessors();
        LedgerPen pen = new LedgerPen(clock, steps);
        FirstBase.Result result = new FirstBase(site.parts(), Progress.SILENT, jobs).run(topic);
        pen.note(site.parts(), LedgerEntry.Kind.INIT, true, result.base().dataBytes());
        return new DemoReport.FirstBase(
                result.rows(), result.catalog().tables().size(), since(start));
    }

    /**
     * Else the first seconds' work would wait for capture's start, and tell nothing of its pace.
     */
    private static void awaitCapturing(Services services) throws InterruptedException {
        await(
                services,
                () ->
                        services.captureProgress()
                                .filter(now -> now.acknowledged().isAfter(Position.ZERO))
                                .isPresent(),
                "capture did not start");
    }

    private static void awaitArchived(Services services, Position end) throws InterruptedException {
        await(
                services,
                () ->
                        services.archiverProgress()
                                .filter(now -> now.archive().to().isAfter(end))
                                .isPresent(),
                "the archive did not get to " + end);
    }

    private static void await(Services services, BooleanSupplier isDone, String otherwise)
            throws InterruptedException {
        long start = System.nanoTime();
        while (!isDone.getAsBoolean()) {
            services.failure()
                    .ifPresent(
                            failure -> {
                                throw failure;
                            });
            if (since(start).compareTo(WAIT_MAX) > 0) {
                throw TidemarkException.failed(
                        otherwise + " within " + Figures.duration(WAIT_MAX),
                        "Run the demo again when the machine has less to do.");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Also after an interrupt, which would else end the waiting for the services' own end. */
    private static void stop(Services services) throws InterruptedException {
        boolean isInterrupted = Thread.interrupted();
        try {
            services.stop();
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private DemoReport check(
            DemoSite site,
            long start,
            DemoReport.FirstBase base,
            CrmDay.Result day,
            CaptureProgress.Snapshot capture)
            throws SQLException, IOException, InterruptedException {
        try (Archive archive = site.parts().archive();
                TemporaryFolder temporary = site.parts().temporary("demo")) {
            step("Restoring three moments from the archive, and comparing each with the source");
            Rebuilding rebuilding = new Rebuilding(site, archive, clock, steps);
            List<DemoReport.Moment> moments = new ArrayList<>();
            for (CrmDay.Truth truth : day.truths()) {
                moments.add(rebuilding.run(truth, "restored_" + (moments.size() + 1)));
            }
            step("Verifying the archive");
            DemoReport.Verified verified = verify(site.parts(), archive, temporary);
            ArchiveFigures figures = ArchiveFigures.of(archive, temporary.path());
            return new DemoReport(
                    DemoReport.isEqual(moments, verified),
                    settings.seed(),
                    settings.scale(),
                    site.configurationFile(),
                    settings.isKept(),
                    base,
                    day.work(figures.archived().changes()),
                    new DemoReport.Accident(day.damage().xid(), day.damage().rowsDeleted()),
                    moments,
                    new DemoReport.Loss(
                            capture.lagMedian(),
                            capture.lagHigh(),
                            figures.age(50),
                            figures.age(99)),
                    figures.archived(),
                    verified,
                    example(site.database(moments.getLast().database())),
                    since(start));
        }
    }

    private DemoReport.Verified verify(Parts parts, Archive archive, TemporaryFolder temporary)
            throws IOException {
        long start = System.nanoTime();
        LedgerPen pen = new LedgerPen(clock, steps);
        Verification.Report report =
                Verification.run(
                        archive,
                        parts.chain(List.of()),
                        temporary.path(),
                        Verification.Extent.all(Verification.Level.REBUILD),
                        read -> {});
        pen.note(archive, LedgerEntry.Kind.VERIFY, report.isWhole(), report.bytes());
        return new DemoReport.Verified(
                report.isWhole(),
                report.files(),
                report.transactions(),
                report.changes(),
                report.problems(),
                since(start));
    }

    /** The contact with the most history of those that the accident deleted. */
    private static Optional<Long> example(Database beforeAccident) throws SQLException {
        try (Connection connection = beforeAccident.connect();
                PreparedStatement query =
                        connection.prepareStatement(
                                """
                                SELECT c.id FROM crm.contacts c
                                  JOIN crm.audit_log l
                                    ON l.table_name = 'contacts' AND l.record_id = c.id
                                 WHERE c.id % 3 <> 0
                                 GROUP BY c.id ORDER BY count(*) DESC, c.id LIMIT 1
                                """);
                ResultSet row = query.executeQuery()) {
            return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}

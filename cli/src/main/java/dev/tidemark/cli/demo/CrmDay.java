package dev.tidemark.cli.demo;

import dev.tidemark.cli.wiring.Services;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The CRM's day: people at work, a release, an accident; and at three moments a look at the source.
 * One thread directs it, while sessions go on.
 */
final class CrmDay {
    static final int SESSIONS = 4;
    private static final long LOOK_MILLIS = 50;

    private final DemoSettings settings;
    private final DemoSite site;
    private final Services services;
    private final Database admin;
    private final Consumer<String> steps;

    CrmDay(DemoSettings settings, DemoSite site, Services services, Consumer<String> steps) {
        this.settings = settings;
        this.site = site;
        this.services = services;
        this.steps = steps;
        this.admin = site.database(DemoSite.SOURCE);
    }

    /**
     * What the source held at a moment.
     *
     * @param option {@code --to} or {@code --before}
     * @param moment as the command line has it
     */
    record Truth(
            String name,
            String option,
            String moment,
            Position position,
            DatabaseContent content) {}

    /**
     * How the day went.
     *
     * @param end nothing of the CRM was committed after it
     */
    record Result(
            Truth byTime,
            Truth byPosition,
            Truth beforeAccident,
            CrmAccident.Damage damage,
            CrmCounts counts,
            Duration duration,
            Position end) {
        /** In commit order. */
        List<Truth> truths() {
            return List.of(byTime, byPosition, beforeAccident);
        }

        /**
         * For the report.
         *
         * @param changes that the archive has of it
         */
        DemoReport.Work work(long changes) {
            return new DemoReport.Work(
                    SESSIONS,
                    counts.committed(),
                    counts.rolledBack(),
                    changes,
                    changes * 1_000 / Math.max(1, duration.toMillis()),
                    duration);
        }
    }

    Result run() throws SQLException, InterruptedException {
        CrmWorkload.Load load =
                CrmWorkload.Load.endless(settings.seed(), SESSIONS).atMost(settings.perSecondMax());
        try (Connection connection = site.source().getConnection();
                CrmWorkload workload = new CrmWorkload(site.source(), load)) {
            long start = System.nanoTime();
            workload.start();
            work(workload);
            Truth byTime = betweenTransactions(workload);
            tell("moment 1 is " + byTime.moment());
            CrmMigration.addColumns(connection);
            workload.migrated();
            tell("the release is out: columns added, renamed and dropped");
            work(workload);
            Truth byPosition = amongTransactions();
            tell("moment 2 is " + byPosition.moment());
            workload.pause();
            DatabaseContent lastGood = contentNow();
            Position before = position(connection);
            CrmAccident.Damage damage = CrmAccident.bulkDelete(connection);
            workload.resume();
            tell("the accident was xid:%d; moment 3 is just before it".formatted(damage.xid()));
            work(workload);
            workload.close();
            refuseFailures(workload);
            return new Result(
                    byTime,
                    byPosition,
                    new Truth(
                            "just before the accident",
                            "--before",
                            "xid:" + damage.xid(),
                            before,
                            lastGood),
                    damage,
                    workload.counts(),
                    Duration.ofNanos(System.nanoTime() - start),
                    position(connection));
        }
    }

    private void tell(String what) {
        steps.accept("    " + what);
    }

    /** Lets the sessions work for a while. */
    private void work(CrmWorkload workload) throws InterruptedException {
        long end = System.nanoTime() + settings.phase().toNanos();
        while (System.nanoTime() < end) {
            refuseFailures(workload);
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private void refuseFailures(CrmWorkload workload) {
        services.failure()
                .ifPresent(
                        failure -> {
                            throw failure;
                        });
        if (!workload.failures().isEmpty()) {
            Throwable first = workload.failures().getFirst();
            throw TidemarkException.failed(
                    "a session of the CRM ended: " + TidemarkException.reason(first),
                    "Run the demo again with --debug, and report what it prints.",
                    first);
        }
    }

    /** No session is inside a transaction, so a time names the moment too. */
    private Truth betweenTransactions(CrmWorkload workload)
            throws SQLException, InterruptedException {
        workload.pause();
        try (SourceState state = SourceState.take(admin)) {
            workload.resume();
            return new Truth(
                    "between two transactions",
                    "--to",
                    state.time().toString(),
                    state.position(),
                    state.content());
        }
    }

    private Truth amongTransactions() throws SQLException {
        try (SourceState state = SourceState.take(admin)) {
            return new Truth(
                    "in the midst of work",
                    "--to",
                    state.position().toString(),
                    state.position(),
                    state.content());
        }
    }

    /** While no session works: the accident would have to wait for one that still reads. */
    private DatabaseContent contentNow() throws SQLException {
        try (Connection connection = admin.connect()) {
            connection.setAutoCommit(false);
            return DatabaseContent.read(connection);
        }
    }

    private static Position position(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_lsn()")) {
            row.next();
            return Position.of(row.getString(1));
        }
    }
}

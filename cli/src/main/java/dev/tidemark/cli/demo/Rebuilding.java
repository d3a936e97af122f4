package dev.tidemark.cli.demo;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.moment.MomentParser;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Place;
import dev.tidemark.cli.wiring.RestoreJob;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.drill.TableComparison;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Restores moments from the archive, and compares each with what the source held then. */
record Rebuilding(DemoSite site, Archive archive, Clock clock, Consumer<String> warnings) {
    DemoReport.Moment run(CrmDay.Truth truth, String name)
            throws SQLException, InterruptedException {
        Database target = site.create(name);
        long start = System.nanoTime();
        RestoreReport report = restore(target(truth), target);
        Duration duration = Duration.ofNanos(System.nanoTime() - start);
        return compared(truth, name, report, read(target), duration);
    }

    /** What the source held beside what was restored. */
    static DemoReport.Moment compared(
            CrmDay.Truth truth,
            String database,
            RestoreReport report,
            DatabaseContent restored,
            Duration duration) {
        List<TableComparison> tables =
                TableComparison.of(
                        truth.content().checksums(), restored.checksums(), report.tables());
        List<String> differences =
                tables.stream()
                        .filter(table -> !table.isEqual())
                        .map(TableComparison::difference)
                        .toList();
        List<String> unlike = truth.content().objectsUnlike(restored);
        List<String> beyond = restored.objectsUnlike(truth.content());
        return new DemoReport.Moment(
                truth.name(),
                truth.option() + " " + truth.moment(),
                truth.position(),
                report.cut(),
                database,
                tables.size(),
                restored.rows(),
                differences.isEmpty() && unlike.isEmpty() && beyond.isEmpty(),
                differences,
                unlike,
                beyond,
                report.warnings(),
                duration);
    }

    /** By the same way as the command's options. */
    private Target target(CrmDay.Truth truth) {
        Moment moment = new MomentParser(Optional.empty(), clock).parse(truth.moment());
        return new Target(moment, truth.option().equals("--before"));
    }

    private RestoreReport restore(Target moment, Database target) throws InterruptedException {
        int jobs = Runtime.getRuntime().availableProcessors();
        try (TemporaryFolder temporary = site.parts().temporary("restore")) {
            RestoreJob job =
                    new RestoreJob(
                            archive,
                            temporary.path(),
                            RestoreOptions.of(jobs),
                            Progress.SILENT,
                            clock);
            LedgerPen pen = new LedgerPen(clock, warnings);
            RestoreReport report = job.run(job.plan(moment), target, Place.AS_IT_IS, pen);
            pen.note(archive, LedgerEntry.Kind.RESTORE, report.leftOut().isEmpty(), report.bytes());
            return report;
        }
    }

    private static DatabaseContent read(Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            return DatabaseContent.read(connection);
        }
    }
}

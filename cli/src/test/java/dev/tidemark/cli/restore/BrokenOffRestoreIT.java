package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreProgress;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A restore that did not finish leaves its mark, and no such database is taken for a whole one. */
@ExtendWith(RestoreServer.Shared.class)
final class BrokenOffRestoreIT {
    private final RestoreServer server;

    BrokenOffRestoreIT(RestoreServer server) {
        this.server = server;
    }

    @Test
    void aValueThatTheTypeRefusesFailsNamingTableAndLeavesTheMark() throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, SampleSource.SCHEMA);
        Map<Long, List<List<Value>>> broken = SampleSource.baseRows(source);
        broken.put(
                RestoreServer.table(source, "log").id(),
                List.of(List.of(Value.text("not a number"), Value.text("line"))));
        HandmadeArchive archive = SampleSource.archive(server, source, "broken", broken);
        HandmadeArchive.Folded folded = archive.foldLatest();
        Database target = server.newDatabase();

        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> RestoreServer.restore(target, folded, RestoreServer.SILENT));

        assertThat(thrown)
                .hasMessage(
                        "cannot restore into %s: rows of app.log: invalid input syntax for type bigint: \"not a number\""
                                .formatted(target));
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.FAILED);
        assertThat(thrown.hint())
                .isEqualTo(
                        "The database is not complete and marked so. Remove the cause, then restore again with --replace --confirm.");
        assertMarked(target, "to latest", "0/3E8");
    }

    @Test
    void aDatabaseWithTheMarkOfABrokenOffRestoreIsRefused() throws Exception {
        HandmadeArchive.Folded folded =
                SampleSource.foldedWithChanges(server, server.newDatabase());
        Database target = server.newDatabase();
        interruptedIn(RestorePhase.ROWS, target, folded);

        RestoreServer.assertRefused(
                target,
                SampleSource.foldedWithChanges(server, server.newDatabase()),
                target
                        + " holds a restore that did not finish: to latest (cut 0/7D0), begun at 2026-11-20T12:00:00Z",
                "Its contents are not complete. Restore again with --replace --confirm, which drops and creates the"
                        + " database, or choose another one.");
    }

    @Test
    void anInterruptInAnyPhaseLeavesTheMark() throws Exception {
        for (RestorePhase phase : RestorePhase.values()) {
            HandmadeArchive.Folded folded =
                    SampleSource.foldedWithChanges(server, server.newDatabase());
            Database target = server.newDatabase();

            interruptedIn(phase, target, folded);

            assertMarked(target, "to latest", "0/7D0");
        }
    }

    private static void interruptedIn(
            RestorePhase when, Database target, HandmadeArchive.Folded folded) {
        Thread runner = Thread.currentThread();
        AtomicBoolean isFirst = new AtomicBoolean(true); // progress comes from several threads
        RestoreProgress interrupting =
                (phase, done, total) -> {
                    if (phase == when && isFirst.getAndSet(false)) {
                        runner.interrupt();
                    }
                };
        assertThatThrownBy(() -> RestoreServer.restore(target, folded, interrupting))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    private static void assertMarked(Database target, String moment, String cut)
            throws SQLException {
        try (Connection there = target.connect()) {
            assertThat(
                            RestoreServer.rows(
                                    there, "SELECT moment, cut FROM tidemark_restore.unfinished"))
                    .containsExactly("[" + moment + ", " + cut + "]");
        }
    }
}

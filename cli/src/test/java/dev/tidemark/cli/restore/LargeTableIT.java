package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreProgress;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A table that is most of a database is loaded by several sessions at once. */
@ExtendWith(RestoreServer.Shared.class)
final class LargeTableIT {
    private static final long ROWS = 300_000;
    private static final long WIDE_ROW = 150_000; // does not fit into a buffer, as others do

    private final RestoreServer server;

    LargeTableIT(RestoreServer server) {
        this.server = server;
    }

    @Test
    void itComesInSeveralSessionsAndIsWholeOrNotThere() throws Exception {
        HandmadeArchive archive = archive();
        Database target = server.newDatabase();
        AtomicInteger most = new AtomicInteger();

        assertThatThrownBy(() -> restore(target, archive, endingAllAfter(ROWS / 2, target, most)))
                .isInstanceOf(TidemarkException.class);

        assertThat(most).as("sessions that copied at once").hasValue(2);
        try (Connection there = target.connect()) {
            assertThat(RestoreServer.rows(there, "SELECT id FROM tidemark_restore.loaded"))
                    .as("tables that are noted as whole")
                    .isEmpty();
        }

        RestoreReport report = restore(target, archive, RestoreServer.SILENT);

        assertThat(report.rows()).isEqualTo(ROWS);
        try (Connection there = target.connect()) {
            assertThat(
                            RestoreServer.rows(
                                    there,
                                    "SELECT count(*), count(DISTINCT id), sum(id), count(line), max(length(line)) FROM public.log"))
                    .containsExactly(
                            "[%d, %d, %d, %d, 200000]"
                                    .formatted(ROWS, ROWS, ROWS * (ROWS - 1) / 2, ROWS));
        }
    }

    private HandmadeArchive archive() throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, List.of("CREATE TABLE public.log (id bigint, line text)"));
        List<List<Value>> rows = new ArrayList<>();
        LongStream.range(0, ROWS)
                .mapToObj(
                        id ->
                                List.of(
                                        Value.text(Long.toString(id)),
                                        Value.text(id == WIDE_ROW ? "w".repeat(200_000) : "line")))
                .forEach(rows::add);
        long table = RestoreServer.table(source, "log").id();
        return SampleSource.archive(server, source, "large", Map.of(table, rows));
    }

    private static RestoreReport restore(
            Database target, HandmadeArchive archive, RestoreProgress progress) throws Exception {
        RestoreOptions options = RestoreOptions.of(2).withStart(RestoreOptions.Start.UNFINISHED);
        return RestoreServer.restore(target, archive.foldLatest(), options, progress);
    }

    /**
     * Ends every session when so many rows were sent.
     *
     * @param most hears how many copied then
     */
    private RestoreProgress endingAllAfter(long rows, Database target, AtomicInteger most) {
        return (phase, done, total) -> {
            if (phase == RestorePhase.ROWS && done >= rows) {
                try (Connection other = server.database("postgres").connect()) {
                    String name = target.url().database();
                    int copying =
                            RestoreServer.rows(
                                            other,
                                            "SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY%' AND datname = '"
                                                    + name
                                                    + "'")
                                    .size();
                    most.accumulateAndGet(copying, Math::max);
                    RestoreServer.rows(
                            other,
                            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '"
                                    + name
                                    + "'");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }
}

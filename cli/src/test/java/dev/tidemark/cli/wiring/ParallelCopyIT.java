package dev.tidemark.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ParallelCopyIT {
    @TempDir private Path directory;

    @Test
    void afterAFailureNobodyReadsTheSourceAnyMore() throws Exception {
        try (PostgresServer server =
                PostgresServer.start(directory, PostgresBinaries.onClassPath(), Map.of())) {
            Database source =
                    new Database(
                            Database.Role.SOURCE,
                            DatabaseUrl.parse(
                                    "postgresql://postgres@127.0.0.1:"
                                            + server.port()
                                            + "/postgres"),
                            Optional.empty());
            List<TablePart> parts = twoParts(source);
            CountDownLatch reading = new CountDownLatch(1);
            AtomicBoolean isReading = new AtomicBoolean();

            assertThatThrownBy(
                            () ->
                                    ParallelCopy.run(
                                            parts,
                                            2,
                                            source::connect,
                                            (session, part, number) -> {
                                                if (number == 0) {
                                                    readForLong(session, reading, isReading);
                                                } else {
                                                    fail(reading);
                                                }
                                            }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the archive is full");

            assertThat(isReading).isFalse();
        }
    }

    private static List<TablePart> twoParts(Database source) throws SQLException {
        try (Connection session = source.connect();
                Statement statement = session.createStatement()) {
            statement.execute("CREATE TABLE public.a (id int); CREATE TABLE public.b (id int)");
            session.setAutoCommit(false);
            return CatalogReader.read(session).tables().stream()
                    .filter(Table::holdsRows)
                    .map(table -> new TablePart(table, 0, OptionalLong.empty(), 1, 1, true))
                    .toList();
        }
    }

    private static void readForLong(
            Connection session, CountDownLatch reading, AtomicBoolean isReading)
            throws IOException {
        isReading.set(true);
        reading.countDown();
        try (Statement statement = session.createStatement()) {
            statement.execute("SELECT pg_sleep(300)");
        } catch (SQLException e) {
            throw new IOException(e);
        } finally {
            isReading.set(false);
        }
    }

    private static void fail(CountDownLatch reading) throws IOException {
        try {
            reading.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("the archive is full");
    }
}

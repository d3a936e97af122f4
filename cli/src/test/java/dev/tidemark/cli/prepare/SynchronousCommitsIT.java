package dev.tidemark.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.capture.prepare.SynchronousCommits;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.prepare.Sources.Version;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/** Commits are made to wait only for a capture that can answer, and who does not wait is named. */
final class SynchronousCommitsIT {
    private static final SourceNames NAMES = SourceNames.of("crm");

    /** More than a connection holds between two processes, so that a reader who stops is behind. */
    private static final int ROWS = 40_000;

    @TempDir private Path directory;

    private PostgresServer server() {
        return Sources.server(directory, Version.NEWEST, Map.of("wal_level", "logical"));
    }

    @Test
    void commitsAreNotMadeToWaitForACaptureThatStillCatchesUp() throws Exception {
        try (PostgresServer server = server()) {
            Database admin = Sources.database(server, "postgres", server.superuser());
            Sources.execute(
                    admin,
                    "CREATE TABLE t (id int PRIMARY KEY, pad text)",
                    "CREATE PUBLICATION tidemark_crm FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('tidemark_crm', 'pgoutput')",
                    "INSERT INTO t SELECT n, repeat('x', 1000) FROM generate_series(1, %d) n"
                            .formatted(ROWS));
            try (Connection capture = replicating(server);
                    PGReplicationStream stream = stream(capture)) {
                assertThatThrownBy(() -> SynchronousCommits.begin(admin, NAMES))
                        .hasMessageMatching(
                                "capture is still catching up with the source .*, \\d+ bytes of its log behind,"
                                        + " so that every commit would wait");
                assertThat(standbys(admin)).isEmpty();

                Thread reader = Thread.ofPlatform().start(() -> readAndAnswer(stream));
                SynchronousCommits.begin(admin, NAMES);
                assertThat(standbys(admin)).isEqualTo("FIRST 1 (\"tidemark_crm\")");
                Sources.execute(admin, "INSERT INTO t VALUES (0, '')");
                SynchronousCommits.end(admin, NAMES);
                assertThat(standbys(admin)).isEmpty();
                reader.interrupt();
                reader.join();
            }
        }
    }

    private static String standbys(Database admin) throws SQLException {
        return Sources.ask(admin, "SHOW synchronous_standby_names").getFirst();
    }

    private static Connection replicating(PostgresServer server) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, server.superuser());
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
        PGProperty.APPLICATION_NAME.set(properties, NAMES.slot());
        return DriverManager.getConnection(server.jdbcUrl("postgres"), properties);
    }

    private static PGReplicationStream stream(Connection connection) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(NAMES.slot())
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", NAMES.publication())
                .withStatusInterval(10, TimeUnit.MILLISECONDS)
                .start();
    }

    private static void readAndAnswer(PGReplicationStream stream) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (stream.readPending() == null) {
                    Thread.sleep(1);
                }
                stream.setFlushedLSN(stream.getLastReceiveLSN());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoseCommitsDoNotWaitIsNamed() throws Exception {
        try (PostgresServer server = server()) {
            Database admin = Sources.database(server, "postgres", server.superuser());
            Sources.execute(
                    admin,
                    "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (other, tidemark_crm)'",
                    "ALTER SYSTEM SET synchronous_commit = remote_write",
                    "SELECT pg_reload_conf()",
                    "CREATE ROLE hasty LOGIN",
                    "ALTER ROLE hasty SET synchronous_commit = off",
                    "CREATE ROLE careful LOGIN",
                    "ALTER ROLE careful SET synchronous_commit = remote_apply",
                    "CREATE DATABASE elsewhere",
                    "ALTER DATABASE elsewhere SET synchronous_commit = off",
                    "ALTER DATABASE postgres SET synchronous_commit = local");

            assertThat(SynchronousCommits.check(admin, NAMES, Acknowledgement.SYNCHRONOUS))
                    .extracting(problem -> problem.severity() + " " + problem.what())
                    .containsExactlyInAnyOrder(
                            "ERROR commits do not always wait for capture: synchronous_standby_names is"
                                    + " 'ANY 1 (other, tidemark_crm)'",
                            "WARNING commits of some do not wait for capture:"
                                    + " role hasty in all databases synchronous_commit=off",
                            "WARNING commits of some do not wait for capture:"
                                    + " all roles in database postgres synchronous_commit=local");
            Database beside = Sources.database(server, "beside", server.superuser());
            Sources.execute(admin, "CREATE DATABASE beside");
            assertThat(SynchronousCommits.check(beside, NAMES, Acknowledgement.ASYNCHRONOUS))
                    .extracting(problem -> problem.severity() + " " + problem.what())
                    .containsExactlyInAnyOrder(
                            "WARNING commits wait for capture, and capture.acknowledge is asynchronous",
                            "WARNING commits of some do not wait for capture:"
                                    + " role hasty in all databases synchronous_commit=off",
                            "WARNING commits of some do not wait for capture:"
                                    + " the server, synchronous_commit=remote_write");
            assertThatThrownBy(() -> SynchronousCommits.begin(admin, NAMES))
                    .hasMessageContaining("commits of the source")
                    .hasMessageContaining("wait for others already, and not always for capture");
            assertThatThrownBy(() -> SynchronousCommits.end(admin, NAMES))
                    .hasMessageContaining("wait for the capture that is to go");
        }
    }
}

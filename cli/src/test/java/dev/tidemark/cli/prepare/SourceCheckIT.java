package dev.tidemark.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.capture.prepare.SourceCheck;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.prepare.Sources.Version;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each problem is provoked and found. */
final class SourceCheckIT {
    private static final String NO_SLOT_IS_FREE =
            "WARNING no replication slot or WAL sender is free for a base of a rewritten table: 1 of 1 slots and 0 of 10 senders are in use";

    private static final SourceNames NAMES = SourceNames.of("crm");

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(Version.class)
    void everyProblemBeforeInitIsFoundAtOnce(Version version) throws SQLException {
        Map<String, String> settings =
                new HashMap<>(
                        Map.of(
                                "wal_level", "replica",
                                "max_replication_slots", "0",
                                "max_wal_senders", "0",
                                "max_slot_wal_keep_size", "1GB"));
        if (version == Version.NEWEST) {
            settings.put("idle_replication_slot_timeout", "10min");
        }
        try (PostgresServer server = Sources.server(directory, version, settings)) {
            Database admin = Sources.database(server, "postgres", "postgres");
            Sources.execute(
                    admin,
                    "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0",
                    "CREATE ROLE ordinary LOGIN");
            Database source = Sources.database(server, "latin", "ordinary");
            Sources.execute(
                    Sources.as(source, "postgres"),
                    "CREATE UNLOGGED TABLE u (id int)",
                    "SELECT lo_create(0)",
                    "CREATE TABLE bag (id int)",
                    "CREATE PUBLICATION mine FOR TABLE bag",
                    "CREATE SUBSCRIPTION elsewhere CONNECTION '' PUBLICATION p WITH (connect = false)",
                    "CREATE TYPE public.shell",
                    "CREATE FUNCTION public.shell_in(cstring) RETURNS public.shell LANGUAGE internal IMMUTABLE STRICT AS 'int4in'",
                    "CREATE FUNCTION public.shell_out(public.shell) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'",
                    "CREATE TYPE public.shell (INPUT = public.shell_in, OUTPUT = public.shell_out, LIKE = integer)",
                    "CREATE TABLE computed (id int, g int GENERATED ALWAYS AS (id + 1) STORED)");

            List<Problem> problems = SourceCheck.beforeInit(source);

            List<String> expected =
                    new java.util.ArrayList<>(
                            List.of(
                                    "ERROR wal_level is replica, not logical",
                                    "ERROR the database's encoding is LATIN1, not UTF8",
                                    "WARNING max_slot_wal_keep_size is 1GB: the server may drop changes before they are"
                                            + " captured",
                                    "ERROR the role ordinary is not a superuser",
                                    "ERROR no replication slot is free: 0 of 0 are in use",
                                    "ERROR no WAL sender is free: 0 of 0 are in use",
                                    "WARNING rows of unlogged tables are not captured: public.u",
                                    "WARNING large objects are not captured: the database has 1",
                                    "WARNING not captured, and so not restored:"
                                            + " subscription elsewhere"));
            if (version == Version.NEWEST) {
                expected.add(
                        3,
                        "WARNING idle_replication_slot_timeout is 10min: the server gives up a slot that nobody reads"
                                + " for so long");
                expected.add(
                        7,
                        "ERROR no usable replica identity, so that UPDATE and DELETE would fail once it is published:"
                                + " public.computed");
            }
            assertThat(problems).extracting(SourceCheckIT::brief).isEqualTo(expected);
            assertThat(problems).allSatisfy(problem -> assertThat(problem.hint()).endsWith("."));
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aStandbyIsFound(Version version) throws SQLException, IOException {
        Sources.server(directory, version, Map.of()).close();
        Files.createFile(directory.resolve("data").resolve("standby.signal"));
        try (PostgresServer server = Sources.server(directory, version, Map.of())) {
            assertThat(SourceCheck.beforeInit(Sources.database(server, "postgres", "postgres")))
                    .extracting(SourceCheckIT::brief)
                    .containsExactly("ERROR the server is a standby");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void everyProblemOfAPreparedSourceIsFound(Version version) throws SQLException {
        try (PostgresServer server =
                Sources.server(directory, version, Map.of("max_replication_slots", "1"))) {
            Database source = Sources.database(server, "postgres", "postgres");
            Preparation.run(source, NAMES, "capture", Optional.empty(), 1 << 20);
            Database capture = Sources.as(source, "capture");
            assertThat(prepared(capture))
                    .containsExactly("ERROR replication slot tidemark_crm does not exist");
            SourceSnapshot.create(source, NAMES).close();
            assertThat(prepared(capture)).containsExactly(NO_SLOT_IS_FREE);

            Sources.execute(
                    source,
                    "ALTER EVENT TRIGGER tidemark_ddl DISABLE",
                    "DROP EVENT TRIGGER tidemark_drop",
                    "CREATE TABLE mute (id int)",
                    "ALTER PUBLICATION tidemark_crm SET (publish = 'insert', publish_via_partition_root = true)",
                    "DELETE FROM tidemark.secret",
                    "DROP FUNCTION tidemark.set_context(text, text, text)",
                    "GRANT SELECT ON tidemark.secret TO capture",
                    "GRANT EXECUTE ON FUNCTION tidemark.emit(text, text) TO PUBLIC");
            assertThat(prepared(capture))
                    .containsExactly(
                            "ERROR no usable replica identity, so that UPDATE and DELETE fail: public.mute",
                            "ERROR publication tidemark_crm does not publish every operation",
                            "ERROR publication tidemark_crm publishes partitions as their root",
                            "ERROR event trigger tidemark_ddl is not enabled always",
                            "ERROR event trigger tidemark_drop does not exist",
                            "ERROR tidemark.heartbeat() fails: the secret of tidemark's messages is missing",
                            "WARNING the function tidemark.set_context does not exist, so that no application can say who acts",
                            "ERROR others may use what is Tidemark's own: tidemark.emit(), tidemark.secret",
                            NO_SLOT_IS_FREE);

            Preparation.run(source, NAMES, "capture", Optional.empty(), 1 << 20);
            assertThat(prepared(capture)).containsExactly(NO_SLOT_IS_FREE);
            Sources.execute(
                    source,
                    "DROP PUBLICATION tidemark_crm",
                    "SELECT pg_drop_replication_slot('tidemark_crm')",
                    "SELECT pg_create_physical_replication_slot('tidemark_crm', true)",
                    "REVOKE EXECUTE ON FUNCTION tidemark.set_context(text, text, text) FROM PUBLIC");
            assertThat(prepared(capture))
                    .containsExactly(
                            "ERROR replication slot tidemark_crm is for the plugin null, not pgoutput",
                            "ERROR replication slot tidemark_crm is for the database null, not postgres",
                            "ERROR publication tidemark_crm does not exist",
                            "WARNING not everybody may call the function tidemark.set_context, with which applications say who acts",
                            NO_SLOT_IS_FREE);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void withoutAFreeSlotTheSnapshotIsRefusedWithTheCounts(Version version) throws SQLException {
        try (PostgresServer server =
                Sources.server(directory, version, Map.of("max_replication_slots", "1"))) {
            Database source = Sources.database(server, "postgres", "postgres");
            try (SourceSnapshot first = SourceSnapshot.createTemporary(source, "first")) {
                var error =
                        catchThrowableOfType(
                                TidemarkException.class,
                                () -> SourceSnapshot.create(source, NAMES));
                assertThat(first.timeline()).isEqualTo(1);
                assertThat(error)
                        .hasMessage(
                                "no replication slot is free in the "
                                        + source
                                        + ": 1 of 1 are in use");
                assertThat(SourceCheck.beforeInit(source))
                        .extracting(SourceCheckIT::brief)
                        .containsExactly("ERROR no replication slot is free: 1 of 1 are in use");
            }
        }
    }

    private static List<String> prepared(Database database) {
        return SourceCheck.prepared(database, NAMES).stream().map(SourceCheckIT::brief).toList();
    }

    private static String brief(Problem problem) {
        return problem.severity() + " " + problem.what();
    }
}

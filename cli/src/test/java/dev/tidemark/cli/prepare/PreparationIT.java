package dev.tidemark.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.Removal;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.cli.prepare.Sources.Version;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/** A source is prepared, and everything is taken back. */
final class PreparationIT {
    @TempDir private static Path directory;
    private static Sources sources;

    @BeforeAll
    static void start() {
        sources = new Sources(directory);
    }

    @AfterAll
    static void stop() {
        sources.close();
    }

    /** Else PostgreSQL looks into it first, and a user's temporary view stands for a catalog. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void noFunctionLooksIntoTheCallersTemporarySchemaFirst(Version version) throws SQLException {
        assertThat(
                        Sources.ask(
                                sources.prepared(version),
                                """
                                SELECT p.proname, c.setting FROM pg_proc p, unnest(p.proconfig) AS c(setting)
                                 WHERE p.pronamespace = 'tidemark'::regnamespace
                                   AND c.setting LIKE 'search_path=%' AND c.setting NOT LIKE '%, pg_temp'
                                 UNION ALL
                                SELECT p.proname, 'no search_path' FROM pg_proc p
                                 WHERE p.pronamespace = 'tidemark'::regnamespace AND p.prosecdef
                                   AND NOT coalesce(p.proconfig::text, '') LIKE '%search_path%'
                                """))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aSchemaThatSomebodyElseMadeIsRefused(Version version) throws SQLException {
        Database source = sources.database(version);
        String somebody = "somebody_" + source.url().database();
        Sources.execute(
                source,
                "CREATE ROLE " + somebody,
                "CREATE SCHEMA tidemark AUTHORIZATION " + somebody);

        TidemarkException error = refusal(source);

        assertThat(error).hasMessageContaining("the schema tidemark belongs to another role");
        assertThat(error.hint())
                .isEqualTo(
                        "Tidemark makes it itself: find out who made it, and drop or rename it.");
        Sources.execute(source, "DROP SCHEMA tidemark", "DROP ROLE " + somebody);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void preparingTwiceIsPreparingOnce(Version version) throws SQLException {
        Database source = sources.prepared(version, "CREATE TABLE bag (a int)");
        List<String> once = Sources.everything(source, Sources.EVERYTHING);

        Preparation.run(
                source, Sources.names(source), Sources.role(source), Optional.empty(), 1 << 20);

        assertThat(Sources.everything(source, Sources.EVERYTHING)).isEqualTo(once);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void thePrintedScriptDoesTheSame(Version version) throws SQLException {
        Database source = sources.database(version);
        Sources.execute(source, "CREATE TABLE bag (a int)");
        String script = Preparation.script(Sources.names(source), Sources.role(source), 1 << 20);

        for (NativeQuery query : Parser.parseJdbcSql(script, true, false, true, false, true)) {
            if (!query.nativeSql.matches("(?s)\\s*(BEGIN|COMMIT)?\\s*")) {
                Sources.execute(source, query.nativeSql);
            }
        }

        List<String> byScript = Sources.everything(source, Sources.EVERYTHING);
        Preparation.run(
                source, Sources.names(source), Sources.role(source), Optional.empty(), 1 << 20);
        assertThat(Sources.everything(source, Sources.EVERYTHING)).isEqualTo(byScript);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void removalLeavesNoTrace(Version version) throws SQLException {
        Database source = sources.database(version);
        Sources.execute(
                source,
                "CREATE TABLE keyed (id int PRIMARY KEY)",
                "CREATE TABLE bag (a int)",
                "CREATE TABLE chosen (a int)",
                "ALTER TABLE chosen REPLICA IDENTITY FULL",
                "CREATE TABLE mute (a int)",
                "ALTER TABLE mute REPLICA IDENTITY NOTHING");
        List<String> queries =
                new ArrayList<>(Sources.EVERYTHING.subList(1, Sources.EVERYTHING.size()));
        queries.add("SELECT slot_name FROM pg_replication_slots");
        queries.add("SELECT description FROM pg_shdescription ORDER BY 1");
        queries.add("SELECT count(*) FROM pg_depend");
        queries.add("SELECT count(*) FROM pg_shdepend");
        List<String> before = Sources.everything(source, queries);

        Preparation.run(
                source,
                Sources.names(source),
                Sources.role(source),
                Optional.of("secret"),
                1 << 20);
        SourceSnapshot.create(source, Sources.names(source)).close();
        Sources.execute(source, "CREATE TABLE later (a int)");
        assertThat(identities(source))
                .containsExactly("bag|f", "chosen|f", "keyed|d", "later|f", "mute|f");
        var outcome = Removal.run(source, Sources.names(source), Optional.of(Sources.role(source)));

        assertThat(outcome).isEqualTo(Removal.RoleOutcome.GONE);
        assertThat(identities(source))
                .containsExactly("bag|d", "chosen|f", "keyed|d", "later|d", "mute|n");
        Sources.execute(source, "DROP TABLE later");
        assertThat(Sources.everything(source, queries)).isEqualTo(before);
        assertThat(Removal.run(source, Sources.names(source), Optional.of(Sources.role(source))))
                .isEqualTo(Removal.RoleOutcome.GONE);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aRoleThatIsNeededElsewhereOrNotOursStays(Version version) throws SQLException {
        Database source = sources.prepared(version);
        Sources.execute(
                source,
                "CREATE TABLE t (id int PRIMARY KEY)",
                "GRANT SELECT ON t TO \"" + Sources.role(source).replace("\"", "\"\"") + '"');
        assertThat(Removal.run(source, Sources.names(source), Optional.of(Sources.role(source))))
                .isEqualTo(Removal.RoleOutcome.STILL_NEEDED);
        assertThat(Removal.run(source, Sources.names(source), Optional.of("postgres")))
                .isEqualTo(Removal.RoleOutcome.NOT_OURS);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void updatesOfTheSourceStillWork(Version version) throws SQLException {
        Database source =
                sources.prepared(
                        version,
                        "CREATE TABLE bag AS SELECT 1 AS a",
                        "CREATE TABLE deferred (a int PRIMARY KEY DEFERRABLE)",
                        "CREATE TABLE partitioned (a int) PARTITION BY LIST (a)",
                        "CREATE TABLE part PARTITION OF partitioned DEFAULT",
                        "CREATE TABLE computed (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id * 2) STORED)");

        Sources.execute(
                source,
                "UPDATE bag SET a = 2",
                "INSERT INTO deferred VALUES (1)",
                "UPDATE deferred SET a = 2",
                "INSERT INTO partitioned VALUES (1)",
                "UPDATE partitioned SET a = 2",
                "INSERT INTO computed VALUES (1)",
                "UPDATE computed SET id = 2",
                "CREATE TABLE later AS SELECT 1 AS a",
                "UPDATE later SET a = 2",
                "ALTER TABLE computed DROP COLUMN g",
                "ALTER TABLE computed DROP CONSTRAINT computed_pkey",
                "UPDATE computed SET id = 3");

        assertThat(Sources.ask(source, "SELECT id FROM public.computed")).containsExactly("3");
    }

    /** From PostgreSQL 18 on, FULL and a generated column make the source's own UPDATE fail. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void aFullIdentityGivesWayToAKeyWhenAGeneratedColumnComes(Version version) throws SQLException {
        Database source = sources.prepared(version);

        Sources.execute(
                source,
                "CREATE TABLE t (id int)",
                "ALTER TABLE t ADD PRIMARY KEY (id)",
                "ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (id * 2) STORED",
                "INSERT INTO t VALUES (1)",
                "UPDATE t SET id = 2");

        assertThat(identities(source)).containsExactly(version == Version.NEWEST ? "t|d" : "t|f");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void theCaptureRoleMayBeatAndCheckAndNothingElse(Version version) throws SQLException {
        Database source = sources.prepared(version, "CREATE TABLE t (id int PRIMARY KEY)");
        Preparation.run(
                source,
                Sources.names(source),
                Sources.role(source),
                Optional.of("secret"),
                1 << 20);
        Database capture = Sources.as(source, Sources.role(source));

        assertThat(Sources.ask(capture, "SELECT tidemark.is_signed('x', 1, 'y', 'z')"))
                .containsExactly("f");
        assertThat(Sources.ask(capture, "SELECT tidemark.heartbeat()")).hasSize(1);
        for (String forbidden :
                List.of(
                        "SELECT * FROM tidemark.secret",
                        "SELECT * FROM public.t",
                        "SELECT tidemark.emit('heartbeat', 'x')",
                        "SELECT tidemark.signature('heartbeat', 1, 'x')",
                        "SELECT tidemark.table_state(1)")) {
            assertThatThrownBy(() -> Sources.ask(capture, forbidden))
                    .as(forbidden)
                    .hasMessageContaining("permission denied");
        }
        assertThat(
                        Sources.ask(
                                source,
                                "SELECT left(rolpassword, 14) FROM pg_authid WHERE rolname = '"
                                        + Sources.role(source)
                                        + "'"))
                .containsExactly("SCRAM-SHA-256$");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void onlyOurOwnMessagesInTheirOwnTransactionAreSigned(Version version) throws SQLException {
        Database source =
                sources.prepared(
                        version,
                        "CREATE SEQUENCE s",
                        "CREATE SEQUENCE called",
                        "SELECT nextval('called')",
                        "SELECT setval('s', 7, false)");
        Database capture = Sources.as(source, Sources.role(source));
        try (LogMessages log = new LogMessages(source, Sources.names(source).publication())) {
            Instant before = Instant.now();
            Sources.execute(capture, "SELECT tidemark.heartbeat()");
            var messages = log.next();
            var beat = messages.getFirst();
            Sources.execute(
                    capture,
                    "SELECT pg_logical_emit_message(true, 'tidemark.heartbeat', '"
                            + beat.text()
                            + "')");
            var replayed = log.next().getFirst();

            assertThat(messages)
                    .extracting(LogMessages.Message::prefix)
                    .containsExactly("tidemark.heartbeat", "tidemark.sequences");
            assertThat(Instant.parse(beat.content()))
                    .isBetween(before.minusSeconds(5), Instant.now().plusSeconds(5));
            assertThat(messages.getLast().content())
                    .matches(
                            "\\{\"at\": \"[0-9A-F]+/[0-9A-F]+\", \"sequences\": \\[\\{\"id\": \\d+, \"last\": 7, \"called\": false},"
                                    + " \\{\"id\": \\d+, \"last\": 1, \"called\": true}]}");
            assertThat(LogMessages.isSigned(capture, "heartbeat", beat.xid(), beat)).isTrue();
            assertThat(
                            LogMessages.isSigned(
                                    capture,
                                    "sequences",
                                    messages.getLast().xid(),
                                    messages.getLast()))
                    .isTrue();
            assertThat(LogMessages.isSigned(capture, "schema", beat.xid(), beat)).isFalse();
            assertThat(replayed.text()).isEqualTo(beat.text());
            assertThat(LogMessages.isSigned(capture, "heartbeat", replayed.xid(), replayed))
                    .isFalse();
            var altered = new LogMessages.Message(beat.xid(), beat.prefix(), beat.text() + "1");
            assertThat(LogMessages.isSigned(capture, "heartbeat", beat.xid(), altered)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aLockedSequenceDoesNotStopTheHeart(Version version) throws SQLException {
        Database source = sources.prepared(version, "CREATE SEQUENCE s");
        try (LogMessages log = new LogMessages(source, Sources.names(source).publication());
                var migration = source.connect();
                var statement = migration.createStatement()) {
            migration.setAutoCommit(false);
            statement.execute("DROP SEQUENCE public.s");

            Sources.execute(source, "SELECT tidemark.heartbeat()");

            assertThat(log.next())
                    .extracting(LogMessages.Message::prefix)
                    .containsExactly("tidemark.heartbeat");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void anOrdinaryRoleCannotPrepare(Version version) throws SQLException {
        Database source = sources.database(version);
        String user = "ordinary_" + source.url().database();
        Sources.execute(source, "CREATE ROLE " + user + " LOGIN");
        Database ordinary = Sources.as(source, user);

        var error =
                catchThrowableOfType(
                        TidemarkException.class,
                        () ->
                                Preparation.run(
                                        ordinary,
                                        Sources.names(source),
                                        Sources.role(source),
                                        Optional.empty(),
                                        1 << 20));

        assertThat(error).hasMessage("the role " + user + " is not a superuser of the " + ordinary);
        assertThat(error.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aPublicationOfSomeTablesIsRefused(Version version) throws SQLException {
        Database source = sources.database(version);
        String publication = Sources.names(source).publication();
        Sources.execute(source, "CREATE PUBLICATION " + publication);

        TidemarkException error = refusal(source);

        assertThat(error)
                .hasMessage(
                        "cannot prepare the "
                                + source
                                + ": publication "
                                + publication
                                + " exists and is not for all tables");
        assertThat(error.hint()).isEqualTo("Drop it, or give the source another name.");
    }

    private static TidemarkException refusal(Database source) {
        return catchThrowableOfType(
                TidemarkException.class,
                () ->
                        Preparation.run(
                                source,
                                Sources.names(source),
                                Sources.role(source),
                                Optional.empty(),
                                1 << 20));
    }

    private static List<String> identities(Database source) throws SQLException {
        return Sources.ask(
                source,
                "SELECT relname, relreplident FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                        + " AND relkind = 'r' ORDER BY 1");
    }
}

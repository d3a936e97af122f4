package dev.tidemark.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.Removal;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.cli.prepare.Sources.Version;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
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
    private static final List<String> EVERYTHING =
            List.of(
                    "SELECT * FROM tidemark.secret",
                    "SELECT oid, nspname, nspacl FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
                    "SELECT oid, pubname, puballtables, pubinsert, pubtruncate FROM pg_publication",
                    "SELECT oid, evtname, evtenabled, evtfoid FROM pg_event_trigger ORDER BY 1",
                    "SELECT oid, proname, proacl, prosrc FROM pg_proc WHERE oid >= 16384 ORDER BY 1",
                    "SELECT oid, relname, relacl, relreplident FROM pg_class WHERE oid >= 16384 ORDER BY 1",
                    "SELECT rolname, rolreplication, rolcanlogin, rolsuper FROM pg_roles ORDER BY 1",
                    "SELECT datacl FROM pg_database WHERE datname = current_database()");

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

    private static String role(Database source) {
        return "capture \"of\" " + source.url().database();
    }

    private static SourceNames names(Database source) {
        return SourceNames.of(source.url().database());
    }

    private static Database prepared(Version version, String... before) throws SQLException {
        Database source = sources.database(version);
        Sources.execute(source, before);
        Preparation.run(source, names(source), role(source), Optional.empty(), 1 << 20);
        return source;
    }

    private static List<String> everything(Database source, List<String> queries)
            throws SQLException {
        List<String> all = new ArrayList<>();
        for (String query : queries) {
            all.addAll(Sources.ask(source, query));
        }
        return all;
    }

    /** Else PostgreSQL looks into it first, and a user's temporary view stands for a catalog. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void noFunctionLooksIntoTheCallersTemporarySchemaFirst(Version version) throws SQLException {
        assertThat(
                        Sources.ask(
                                prepared(version),
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
        Database source = prepared(version, "CREATE TABLE bag (a int)");
        List<String> once = everything(source, EVERYTHING);

        Preparation.run(source, names(source), role(source), Optional.empty(), 1 << 20);

        assertThat(everything(source, EVERYTHING)).isEqualTo(once);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void thePrintedScriptDoesTheSame(Version version) throws SQLException {
        Database source = sources.database(version);
        Sources.execute(source, "CREATE TABLE bag (a int)");
        String script = Preparation.script(names(source), role(source), 1 << 20);

        for (NativeQuery query : Parser.parseJdbcSql(script, true, false, true, false, true)) {
            if (!query.nativeSql.matches("(?s)\\s*(BEGIN|COMMIT)?\\s*")) {
                Sources.execute(source, query.nativeSql);
            }
        }

        List<String> byScript = everything(source, EVERYTHING);
        Preparation.run(source, names(source), role(source), Optional.empty(), 1 << 20);
        assertThat(everything(source, EVERYTHING)).isEqualTo(byScript);
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
        List<String> queries = new ArrayList<>(EVERYTHING.subList(1, EVERYTHING.size()));
        queries.add("SELECT slot_name FROM pg_replication_slots");
        queries.add("SELECT description FROM pg_shdescription ORDER BY 1");
        queries.add("SELECT count(*) FROM pg_depend");
        queries.add("SELECT count(*) FROM pg_shdepend");
        List<String> before = everything(source, queries);

        Preparation.run(source, names(source), role(source), Optional.of("secret"), 1 << 20);
        SourceSnapshot.create(source, names(source)).close();
        Sources.execute(source, "CREATE TABLE later (a int)");
        assertThat(identities(source))
                .containsExactly("bag|f", "chosen|f", "keyed|d", "later|f", "mute|f");
        var outcome = Removal.run(source, names(source), Optional.of(role(source)));

        assertThat(outcome).isEqualTo(Removal.RoleOutcome.GONE);
        assertThat(identities(source))
                .containsExactly("bag|d", "chosen|f", "keyed|d", "later|d", "mute|n");
        Sources.execute(source, "DROP TABLE later");
        assertThat(everything(source, queries)).isEqualTo(before);
        assertThat(Removal.run(source, names(source), Optional.of(role(source))))
                .isEqualTo(Removal.RoleOutcome.GONE);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aRoleThatIsNeededElsewhereOrNotOursStays(Version version) throws SQLException {
        Database source = prepared(version);
        Sources.execute(
                source,
                "CREATE TABLE t (id int PRIMARY KEY)",
                "GRANT SELECT ON t TO \"" + role(source).replace("\"", "\"\"") + '"');
        assertThat(Removal.run(source, names(source), Optional.of(role(source))))
                .isEqualTo(Removal.RoleOutcome.STILL_NEEDED);
        assertThat(Removal.run(source, names(source), Optional.of("postgres")))
                .isEqualTo(Removal.RoleOutcome.NOT_OURS);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void updatesOfTheSourceStillWork(Version version) throws SQLException {
        Database source =
                prepared(
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
        Database source = prepared(version);

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
        Database source = prepared(version, "CREATE TABLE t (id int PRIMARY KEY)");
        Preparation.run(source, names(source), role(source), Optional.of("secret"), 1 << 20);
        Database capture = Sources.as(source, role(source));

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
                                        + role(source)
                                        + "'"))
                .containsExactly("SCRAM-SHA-256$");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void onlyOurOwnMessagesInTheirOwnTransactionAreSigned(Version version) throws SQLException {
        Database source =
                prepared(
                        version,
                        "CREATE SEQUENCE s",
                        "CREATE SEQUENCE called",
                        "SELECT nextval('called')",
                        "SELECT setval('s', 7, false)");
        Database capture = Sources.as(source, role(source));
        try (LogMessages log = new LogMessages(source, names(source).publication())) {
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
            assertThat(isSigned(capture, "heartbeat", beat.xid(), beat)).isTrue();
            assertThat(isSigned(capture, "sequences", messages.getLast().xid(), messages.getLast()))
                    .isTrue();
            assertThat(isSigned(capture, "schema", beat.xid(), beat)).isFalse();
            assertThat(replayed.text()).isEqualTo(beat.text());
            assertThat(isSigned(capture, "heartbeat", replayed.xid(), replayed)).isFalse();
            var altered = new LogMessages.Message(beat.xid(), beat.prefix(), beat.text() + "1");
            assertThat(isSigned(capture, "heartbeat", beat.xid(), altered)).isFalse();
        }
    }

    /** Of everything in the schema, what a role may do with it. */
    private static final String ALLOWED =
            """
            SELECT 'USAGE' WHERE has_schema_privilege('%1$s', 'tidemark', 'USAGE')
             UNION ALL
            SELECT 'CREATE' WHERE has_schema_privilege('%1$s', 'tidemark', 'CREATE')
             UNION ALL
            SELECT c.relname FROM pg_class c
             WHERE c.relnamespace = 'tidemark'::regnamespace AND CASE
                       WHEN c.relkind = 'S' THEN has_sequence_privilege('%1$s', c.oid, 'SELECT, USAGE, UPDATE')
                       ELSE has_table_privilege('%1$s', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
                            OR has_any_column_privilege('%1$s', c.oid, 'SELECT, INSERT, UPDATE, REFERENCES') END
             UNION ALL
            SELECT p.proname FROM pg_proc p
             WHERE p.pronamespace = 'tidemark'::regnamespace AND has_function_privilege('%1$s', p.oid, 'EXECUTE')
             UNION ALL
            SELECT 'type ' || t.typname FROM pg_type t
             WHERE t.typnamespace = 'tidemark'::regnamespace AND t.typelem = 0 AND has_type_privilege('%1$s', t.oid, 'USAGE')
             ORDER BY 1""";

    @ParameterizedTest
    @EnumSource(Version.class)
    void anyRoleMaySayWhoActsAndNothingElse(Version version) throws SQLException {
        Database source = sources.database(version);
        String clerk = "clerk_" + source.url().database();
        Sources.execute(
                source,
                "CREATE ROLE " + clerk + " LOGIN",
                "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO " + clerk,
                "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC",
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "
                        + clerk
                        + " WITH GRANT OPTION",
                "ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO " + clerk,
                "ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO " + clerk,
                "ALTER DEFAULT PRIVILEGES GRANT ALL ON TYPES TO " + clerk);

        Preparation.run(source, names(source), role(source), Optional.empty(), 1 << 20);

        List<String> allowed = Sources.ask(source, ALLOWED.formatted(clerk));
        List<String> once = everything(source, EVERYTHING);
        assertThat(allowed).containsExactly("USAGE", "set_context");
        Database ordinary = Sources.as(source, clerk);
        assertThat(Sources.ask(ordinary, "SELECT tidemark.set_context('ann')")).containsExactly("");
        for (String forbidden :
                List.of(
                        "SELECT * FROM tidemark.secret",
                        "SELECT tidemark.emit('context', '{}')",
                        "SELECT tidemark.signature('context', 1, '{}')",
                        "SELECT tidemark.brief('ann', 1)",
                        "CREATE TABLE tidemark.mine (a int)",
                        "CREATE TEMP TABLE mine (a tidemark.setting)")) {
            assertThatThrownBy(() -> Sources.execute(ordinary, forbidden))
                    .as(forbidden)
                    .hasMessageContaining("permission denied");
        }

        // An older version let nobody in, and what somebody gave meanwhile was of no use.
        Sources.execute(
                source,
                "DROP FUNCTION tidemark.set_context(text, text, text)",
                "REVOKE USAGE ON SCHEMA tidemark FROM PUBLIC",
                "GRANT ALL ON ALL TABLES IN SCHEMA tidemark TO PUBLIC, " + clerk,
                "CREATE ROLE reader_" + clerk,
                "GRANT SELECT (outer_pad) ON tidemark.secret TO reader_" + clerk,
                "GRANT ALL ON ALL FUNCTIONS IN SCHEMA tidemark TO " + clerk);
        Preparation.run(source, names(source), role(source), Optional.empty(), 1 << 20);
        assertThat(Sources.ask(source, ALLOWED.formatted(clerk))).isEqualTo(allowed);
        assertThat(
                        Sources.ask(
                                source,
                                "SELECT has_column_privilege('reader_%s', 'tidemark.secret', 'outer_pad', 'SELECT')"
                                        .formatted(clerk)))
                .containsExactly("f");
        assertThat(everything(source, EVERYTHING.subList(0, 4)))
                .isEqualTo(once.subList(0, everything(source, EVERYTHING.subList(0, 4)).size()));
    }

    /** What it says of who acts in one connection, transaction by transaction. */
    private static List<String> said(Database source, LogMessages log, String... statements)
            throws SQLException {
        Sources.execute(source, statements);
        return log.next().stream()
                .peek(message -> assertThat(message.prefix()).isEqualTo("tidemark.context"))
                .peek(message -> assertThat(signed(source, message)).isTrue())
                .map(LogMessages.Message::content)
                .toList();
    }

    private static boolean signed(Database source, LogMessages.Message message) {
        try {
            return isSigned(source, "context", message.xid(), message);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whoActsIsSaidInTheTransactionAsFarAsThatIsNotRolledBack(Version version)
            throws SQLException {
        Database source = prepared(version, "CREATE TABLE t (id int PRIMARY KEY)");
        String rest =
                ",\"sessionUser\":\"postgres\",\"application\":\"till\",\"address\":\"127.0.0.1\"}";
        String till = "SET application_name = 'till'";
        try (LogMessages log = new LogMessages(source, names(source).publication())) {
            assertThat(
                            said(
                                    source,
                                    log,
                                    till,
                                    "SELECT tidemark.set_context(' Änne \"A\" ', E'a\\nb', '7f')"))
                    .containsExactly(
                            "{\"actor\":\"Änne \\\"A\\\"\",\"reason\":\"a\\nb\",\"request\":\"7f\""
                                    + rest);
            assertThat(
                            said(
                                    source,
                                    log,
                                    till,
                                    "BEGIN",
                                    "SELECT tidemark.set_context('eve')",
                                    "SAVEPOINT s",
                                    "INSERT INTO public.t VALUES (1)",
                                    "SELECT tidemark.set_context('taken back')",
                                    "ROLLBACK TO s",
                                    "INSERT INTO public.t VALUES (2)",
                                    """
                                    DO $$ BEGIN
                                      PERFORM tidemark.set_context('taken back, too');
                                      INSERT INTO public.t VALUES (2);
                                    EXCEPTION WHEN unique_violation THEN NULL; END $$""",
                                    """
                                    DO $$ BEGIN
                                      PERFORM tidemark.set_context(reason => 'in a subtransaction', actor => 'ann');
                                    EXCEPTION WHEN unique_violation THEN NULL; END $$""",
                                    "INSERT INTO public.t VALUES (3)",
                                    "COMMIT"))
                    .containsExactly(
                            "{\"actor\":\"eve\"" + rest,
                            "{\"actor\":\"ann\",\"reason\":\"in a subtransaction\"" + rest);
            assertThat(said(source, log, "BEGIN", "SELECT tidemark.set_context('x')", "ROLLBACK"))
                    .isEmpty();
            assertThat(
                            said(
                                    source,
                                    log,
                                    "BEGIN",
                                    "SAVEPOINT s",
                                    "SELECT tidemark.set_context('taken back and said again')",
                                    "ROLLBACK TO s",
                                    "SELECT tidemark.set_context('taken back and said again')",
                                    "SELECT tidemark.set_context('taken back and said again')",
                                    "RELEASE s",
                                    "SELECT tidemark.set_context('taken back and said again')",
                                    "COMMIT",
                                    "SELECT tidemark.set_context('taken back and said again')"))
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void sayingWhoActsNeverFails(Version version) throws SQLException {
        Database source = prepared(version);
        String set = "SELECT tidemark.set_context";
        try (LogMessages log = new LogMessages(source, names(source).publication());
                Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(set + "(NULL, 'a job')");
            assertThat(statement.getWarnings().getMessage())
                    .isEqualTo(
                            "tidemark.set_context names no actor: it stays unknown who acts in this transaction");
            statement.execute(set + "(E' \\t\\n', '')");
            assertThat(statement.getWarnings().getMessage())
                    .startsWith("tidemark.set_context names no actor");
            statement.execute(
                    set + "(repeat('ä', 501), repeat('b', 5000000), rpad('c', 500, 'c'))");
            assertThat(log.next())
                    .extracting(message -> message.content().replaceAll(",\"sessionUser.*", ""))
                    .containsExactly(
                            "{\"reason\":\"a job\"",
                            "{\"sessionUser\":\"postgres\",\"application\":\"tidemark\",\"address\":\"127.0.0.1\"}",
                            "{\"actor\":\"%s…\",\"reason\":\"%s…\",\"request\":\"%s\""
                                    .formatted("ä".repeat(499), "b".repeat(3999), "c".repeat(500)));

            statement.execute("BEGIN READ ONLY");
            statement.execute(set + "('ann')");
            assertThat(Sources.ask(connection, "SELECT pg_current_xact_id_if_assigned() IS NULL"))
                    .containsExactly("t");
            statement.execute("COMMIT");
            statement.execute("DELETE FROM tidemark.secret");
            statement.execute("BEGIN");
            statement.execute(set + "('ann')");
            assertThat(statement.getWarnings().getMessage())
                    .isEqualTo(
                            "tidemark could not record who acts in this transaction: the secret of tidemark's messages is missing");
            statement.execute("DROP SEQUENCE tidemark.spacer");
            statement.execute(set + "('ann')");
            statement.execute("CREATE TABLE public.t (id int)");
            statement.execute("COMMIT");
            assertThat(log.next()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void removalRefusesToDropWhatIsMadeOfTheFunction(Version version) throws SQLException {
        Database source = prepared(version);
        Sources.execute(
                source,
                "CREATE VIEW acting AS SELECT 1 AS a WHERE tidemark.set_context('ann') IS NOT NULL");

        TidemarkException error =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> Removal.run(source, names(source), Optional.of(role(source))));

        assertThat(error)
                .hasMessage(
                        "tidemark.set_context is used in the %s: rule _RETURN on view public.acting"
                                .formatted(source));
        assertThat(error.hint())
                .isEqualTo("That would go with the function: drop it first, or let it do without.");
        Sources.execute(source, "DROP VIEW acting");
        assertThat(Removal.run(source, names(source), Optional.of(role(source))))
                .isEqualTo(Removal.RoleOutcome.GONE);
    }

    private static boolean isSigned(
            Database capture, String kind, long xid, LogMessages.Message message)
            throws SQLException {
        return Sources.ask(
                        capture,
                        "SELECT tidemark.is_signed('%s', %d, '%s', '%s')"
                                .formatted(kind, xid, message.content(), message.signature()))
                .equals(List.of("t"));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aLockedSequenceDoesNotStopTheHeart(Version version) throws SQLException {
        Database source = prepared(version, "CREATE SEQUENCE s");
        try (LogMessages log = new LogMessages(source, names(source).publication());
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
                                        names(source),
                                        role(source),
                                        Optional.empty(),
                                        1 << 20));

        assertThat(error).hasMessage("the role " + user + " is not a superuser of the " + ordinary);
        assertThat(error.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aPublicationOfSomeTablesIsRefused(Version version) throws SQLException {
        Database source = sources.database(version);
        String publication = names(source).publication();
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
                                source, names(source), role(source), Optional.empty(), 1 << 20));
    }

    private static List<String> identities(Database source) throws SQLException {
        return Sources.ask(
                source,
                "SELECT relname, relreplident FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                        + " AND relkind = 'r' ORDER BY 1");
    }
}

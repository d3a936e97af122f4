package dev.tidemark.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.Removal;
import dev.tidemark.cli.prepare.Sources.Version;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who acts can be said by anybody, in the transaction, and never stands in the way. */
final class ContextIT {
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

        Preparation.run(
                source, Sources.names(source), Sources.role(source), Optional.empty(), 1 << 20);

        List<String> allowed = Sources.ask(source, ALLOWED.formatted(clerk));
        List<String> once = Sources.everything(source, Sources.EVERYTHING);
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
        Preparation.run(
                source, Sources.names(source), Sources.role(source), Optional.empty(), 1 << 20);
        assertThat(Sources.ask(source, ALLOWED.formatted(clerk))).isEqualTo(allowed);
        assertThat(
                        Sources.ask(
                                source,
                                "SELECT has_column_privilege('reader_%s', 'tidemark.secret', 'outer_pad', 'SELECT')"
                                        .formatted(clerk)))
                .containsExactly("f");
        assertThat(Sources.everything(source, Sources.EVERYTHING.subList(0, 4)))
                .isEqualTo(
                        once.subList(
                                0,
                                Sources.everything(source, Sources.EVERYTHING.subList(0, 4))
                                        .size()));
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
            return LogMessages.isSigned(source, "context", message.xid(), message);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whoActsIsSaidInTheTransactionAsFarAsThatIsNotRolledBack(Version version)
            throws SQLException {
        Database source = sources.prepared(version, "CREATE TABLE t (id int PRIMARY KEY)");
        String rest =
                ",\"sessionUser\":\"postgres\",\"application\":\"till\",\"address\":\"127.0.0.1\"}";
        String till = "SET application_name = 'till'";
        try (LogMessages log = new LogMessages(source, Sources.names(source).publication())) {
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
        Database source = sources.prepared(version);
        String set = "SELECT tidemark.set_context";
        try (LogMessages log = new LogMessages(source, Sources.names(source).publication());
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
        Database source = sources.prepared(version);
        Sources.execute(
                source,
                "CREATE VIEW acting AS SELECT 1 AS a WHERE tidemark.set_context('ann') IS NOT NULL");

        TidemarkException error =
                catchThrowableOfType(
                        TidemarkException.class,
                        () ->
                                Removal.run(
                                        source,
                                        Sources.names(source),
                                        Optional.of(Sources.role(source))));

        assertThat(error)
                .hasMessage(
                        "tidemark.set_context is used in the %s: rule _RETURN on view public.acting"
                                .formatted(source));
        assertThat(error.hint())
                .isEqualTo("That would go with the function: drop it first, or let it do without.");
        Sources.execute(source, "DROP VIEW acting");
        assertThat(Removal.run(source, Sources.names(source), Optional.of(Sources.role(source))))
                .isEqualTo(Removal.RoleOutcome.GONE);
    }
}

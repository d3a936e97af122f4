package dev.tidemark.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.cli.prepare.Sources.Version;
import java.io.IOException;
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

/** Every command that changes a table says so in the log, in its own transaction. */
final class SchemaMessagesIT {
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

    /** Messages of a subtransaction and rows beside it are merged by their positions in the log. */
    @ParameterizedTest
    @EnumSource
    void rowsThatFollowAtOnceComeAfterTheMessage(Version version) throws SQLException {
        try (Watched watched =
                Watched.after(sources, version, "CREATE TABLE hen (id integer PRIMARY KEY)")) {
            Sources.ask(
                    watched.source(),
                    "SELECT pg_create_logical_replication_slot('order_of_' || current_database(), 'test_decoding')");

            Sources.execute(
                    watched.source(),
                    "BEGIN; ALTER TABLE hen ADD COLUMN eggs integer DEFAULT 3;"
                            + " INSERT INTO hen VALUES (1, 2), (2, 0); COMMIT");

            List<String> stream =
                    Sources.ask(
                            watched.source(),
                            "SELECT regexp_replace(data, ' (sz|[0-9]+$).*', '') FROM"
                                    + " pg_logical_slot_get_changes('order_of_' || current_database(), NULL, NULL)"
                                    + " WHERE data NOT LIKE 'table tidemark.%'");
            Sources.ask(
                    watched.source(),
                    "SELECT pg_drop_replication_slot('order_of_' || current_database())");
            assertThat(stream)
                    .containsExactly(
                            "BEGIN",
                            "message: transactional: 1 prefix: tidemark.schema,",
                            "table public.hen: INSERT: id[integer]:1 eggs[integer]:2",
                            "table public.hen: INSERT: id[integer]:2 eggs[integer]:0",
                            "COMMIT");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void tablesThatComeAndGoAreTold(Version version) throws SQLException, IOException {
        try (Watched watched = Watched.after(sources, version)) {
            assertThat(watched.says("CREATE TABLE a (id int PRIMARY KEY, v text)"))
                    .containsExactly("CREATE TABLE: a(id,v)");
            assertThat(watched.says("ALTER TABLE a RENAME COLUMN v TO w"))
                    .containsExactly("ALTER TABLE: a(id,w)");
            assertThat(watched.says("ALTER TABLE a RENAME TO b"))
                    .containsExactly("ALTER TABLE: b(id,w)");
            assertThat(watched.says("COMMENT ON COLUMN b.w IS 'x'"))
                    .containsExactly("COMMENT: b(id,w)");
            assertThat(watched.says("ALTER TABLE b DROP COLUMN w"))
                    .last()
                    .isEqualTo("ALTER TABLE: b(id)");
            long id = watched.id("b");
            assertThat(watched.says("DROP TABLE b")).containsExactly("DROP TABLE: dropped " + id);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void tablesMadeFromQueriesInBlocksAndWithSchemasAreTold(Version version)
            throws SQLException, IOException {
        try (Watched watched = Watched.after(sources, version)) {
            assertThat(watched.says("CREATE TABLE a AS SELECT 1 AS x"))
                    .containsExactly("ALTER TABLE: a(x)", "CREATE TABLE AS: a(x)");
            assertThat(watched.says("SELECT 1 AS x INTO b"))
                    .containsExactly("ALTER TABLE: b(x)", "SELECT INTO: b(x)");
            assertThat(
                            watched.says(
                                    "DO $$ BEGIN EXECUTE 'CREATE TABLE c (id int PRIMARY KEY)'; END $$"))
                    .containsExactly("CREATE TABLE: c(id)");
            assertThat(watched.says("CREATE SCHEMA s CREATE TABLE d (id serial PRIMARY KEY)"))
                    .contains("CREATE SCHEMA: d(id)");
            assertThat(watched.says("ALTER SCHEMA s RENAME TO t").getFirst()).contains("d(id)");
            assertThat(watched.says("CREATE TEMP TABLE e (x int)", "DROP TABLE e")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatAnotherObjectTakesAlongIsTold(Version version) throws SQLException, IOException {
        try (Watched watched =
                Watched.after(
                        sources,
                        version,
                        "CREATE TYPE mood AS ENUM ('x')",
                        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                        "CREATE TABLE a (id int PRIMARY KEY DEFAULT f(), m mood)")) {
            assertThat(watched.says("ALTER TYPE mood RENAME TO feeling"))
                    .containsExactly("ALTER TYPE: a(id,m)");
            assertThat(watched.says("ALTER FUNCTION f() RENAME TO g"))
                    .containsExactly("ALTER FUNCTION: a(id,m)");
            assertThat(watched.says("DROP TYPE feeling CASCADE"))
                    .containsExactly("DROP TYPE: a(id)");
            assertThat(watched.says("DROP FUNCTION g() CASCADE"))
                    .containsExactly("DROP FUNCTION: a(id)");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void partitionsThatComeAndGoAreTold(Version version) throws SQLException, IOException {
        try (Watched watched =
                Watched.after(
                        sources,
                        version,
                        "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id)",
                        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
                        "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)")) {
            assertThat(watched.says("ALTER TABLE p DETACH PARTITION p2").getFirst())
                    .contains("p(id)", "p2(id)");
            assertThat(
                            watched.says("ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2)")
                                    .getFirst())
                    .contains("p(id)", "p2(id)");
            assertThat(watched.says("ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY").getLast())
                    .contains("p(id)", "p1(id)");
            assertThat(watched.says("ALTER TABLE p ADD COLUMN v text").getFirst())
                    .contains("p(id,v)", "p2(id,v)");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aRewriteIsTold(Version version) throws SQLException, IOException {
        try (Watched watched =
                Watched.after(sources, version, "CREATE TABLE a (id int PRIMARY KEY)")) {
            Sources.execute(watched.source(), "INSERT INTO a VALUES (7)");
            long id = watched.id("a");
            assertThat(watched.says("ALTER TABLE a ALTER id TYPE bigint"))
                    .containsExactly(
                            "ALTER TABLE: rewritten " + id,
                            "ALTER TABLE: a(id)",
                            "tidemark.image {\"rows\": [\"(7)\"], \"table\": %d, \"columns\": 1}"
                                    .formatted(id),
                            "image: restated " + id);
            Sources.execute(watched.source(), "UPDATE tidemark.setting SET image_max_bytes = 0");
            assertThat(watched.says("ALTER TABLE a ADD v uuid DEFAULT gen_random_uuid()"))
                    .containsExactly("ALTER TABLE: rewritten " + id, "ALTER TABLE: a(id,v)");
            assertThat(watched.says("ALTER TABLE a ADD w int DEFAULT 1"))
                    .containsExactly("ALTER TABLE: a(id,v,w)");
        }
    }

    /** A look tells the rows anew, and later commands must not tell them once more. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void aRewriteWhoseCommandCouldNotBeToldIsLeftToTheLook(Version version)
            throws SQLException, IOException {
        try (Watched watched =
                        Watched.after(sources, version, "CREATE TABLE a (id int PRIMARY KEY)");
                Connection other = watched.source().connect();
                Statement statement = other.createStatement()) {
            long id = watched.id("a");
            other.setAutoCommit(false);
            statement.execute("SELECT FROM tidemark.catalog_told FOR UPDATE");
            assertThat(watched.says("ALTER TABLE a ALTER id TYPE bigint"))
                    .containsExactly(
                            "ALTER TABLE: rewritten " + id,
                            "tidemark.dirty ALTER TABLE: canceling statement due to lock timeout");
            other.rollback();

            assertThat(watched.says("CREATE TABLE b (id int PRIMARY KEY)"))
                    .containsExactly("CREATE TABLE: b(id)");
            assertThat(watched.says("SELECT tidemark.look(true)"))
                    .contains("look: a(id) rewritten " + id, "image: restated " + id);
        }
    }

    /** Neither sees what the other one made: the table is told with the name that is no more. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void aNameThatChangesBesideAnotherSchemaChangeIsMarked(Version version)
            throws SQLException, IOException {
        try (Watched watched = Watched.after(sources, version, "CREATE SCHEMA s");
                Connection other = watched.source().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("CREATE TABLE s.a (id int PRIMARY KEY)");
            assertThat(watched.says("ALTER SCHEMA s RENAME TO t"))
                    .containsExactly(
                            "tidemark.dirty ALTER SCHEMA: canceling statement due to lock timeout");
            other.commit();
            assertThat(watched.next()).containsExactly("CREATE TABLE: a(id)");

            statement.execute("ALTER SCHEMA t RENAME TO u");
            assertThat(watched.says("CREATE TABLE t.b (id int PRIMARY KEY)"))
                    .containsExactly(
                            "tidemark.dirty CREATE TABLE: canceling statement due to lock timeout");
            other.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aLostIdentityIndexIsToldAndReplaced(Version version) throws SQLException, IOException {
        try (Watched watched =
                Watched.after(
                        sources,
                        version,
                        "CREATE TABLE a (id int NOT NULL)",
                        "CREATE UNIQUE INDEX i ON a (id)",
                        "ALTER TABLE a REPLICA IDENTITY USING INDEX i",
                        "INSERT INTO a VALUES (1)")) {
            assertThat(watched.says("DROP INDEX i", "UPDATE a SET id = 2"))
                    .contains("DROP INDEX: a(id)");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatWasRolledBackIsNotTold(Version version) throws SQLException, IOException {
        try (Watched watched = Watched.after(sources, version);
                Connection connection = watched.source().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TABLE public.a (id int PRIMARY KEY)");
            connection.rollback();
            statement.execute("CREATE TABLE public.b (id int PRIMARY KEY)");
            statement.execute("SAVEPOINT s");
            statement.execute("CREATE TABLE public.c (id int PRIMARY KEY)");
            statement.execute("ROLLBACK TO s");
            connection.commit();

            assertThat(watched.next()).containsExactly("CREATE TABLE: b(id)");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void messagesOfSubtransactionsAreSignedForTheWholeOne(Version version) throws SQLException {
        try (Watched watched = Watched.after(sources, version);
                Connection connection = watched.source().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SAVEPOINT s");
            statement.execute("CREATE TABLE public.a (id int PRIMARY KEY)");
            connection.commit();

            LogMessages.Message message = watched.log().next().getFirst();
            assertThat(
                            Sources.ask(
                                    connection,
                                    "SELECT tidemark.is_signed('schema', %d, $x$%s$x$, '%s')"
                                            .formatted(
                                                    message.xid(),
                                                    message.content(),
                                                    message.signature())))
                    .containsExactly("t");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aFailingTriggerOnlyWarns(Version version) throws SQLException, IOException {
        try (Watched watched = Watched.after(sources, version)) {
            Sources.execute(
                    watched.source(),
                    "CREATE OR REPLACE FUNCTION tidemark.table_state(oid) RETURNS jsonb LANGUAGE plpgsql"
                            + " AS $$ BEGIN RAISE 'broken'; END $$");
            assertThat(watched.says("CREATE TABLE a (id int PRIMARY KEY)"))
                    .containsExactly("tidemark.dirty CREATE TABLE: broken");

            Sources.execute(watched.source(), "DELETE FROM tidemark.secret");
            assertThat(watched.says("CREATE TABLE b (id int PRIMARY KEY)", "DROP TABLE a"))
                    .isEmpty();
            assertThat(watched.id("b")).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void anOrdinaryRolesCommandsAreToldToo(Version version) throws SQLException, IOException {
        try (Watched watched =
                Watched.after(sources, version, "GRANT CREATE ON SCHEMA public TO PUBLIC")) {
            String user = "user_" + watched.source().url().database();
            Sources.execute(watched.source(), "CREATE ROLE " + user + " LOGIN");
            Sources.execute(Sources.as(watched.source(), user), "CREATE TABLE public.a (x int)");

            assertThat(watched.next()).containsExactly("ALTER TABLE: a(x)", "CREATE TABLE: a(x)");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aSnapshotOlderThanTheCommandIsMarked(Version version) throws SQLException, IOException {
        try (Watched watched = Watched.after(sources, version);
                Connection connection = watched.source().connect()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE public.a (id int PRIMARY KEY)");
            }
            connection.commit();

            assertThat(watched.next())
                    .containsExactly(
                            "CREATE TABLE: a(id)",
                            "tidemark.dirty CREATE TABLE in a transaction that is repeatable read");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whoeverChangesThePublicationIsTold(Version version) throws SQLException, IOException {
        try (Watched watched = Watched.after(sources, version)) {
            String name = "tidemark_" + watched.source().url().database();
            String message =
                    "tidemark.publication {\"command\": \"ALTER PUBLICATION\", \"publication\": \"%s\"}"
                            .formatted(name);
            assertThat(
                            watched.says(
                                    "ALTER PUBLICATION %s SET (publish = 'insert')".formatted(name),
                                    "ALTER PUBLICATION %s SET (publish = 'insert, update, delete, truncate')"
                                            .formatted(name)))
                    .containsExactly(message, message);
            SourceNames names = SourceNames.of(watched.source().url().database());
            Preparation.run(watched.source(), names, "capture", Optional.empty(), 1 << 20);
            assertThat(watched.next()).containsExactly("look:");
        }
    }
}

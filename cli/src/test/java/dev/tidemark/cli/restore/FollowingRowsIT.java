package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.cli.Psql;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a patch does where keys and sequences act with it. */
@ExtendWith(RestoreServer.Shared.class)
final class FollowingRowsIT {
    @TempDir private Path directory;

    private static final String ACCOUNTS =
            "CREATE TABLE crm.account (id int PRIMARY KEY); INSERT INTO crm.account VALUES (5), (6)";

    /**
     * A patch that must change nothing.
     *
     * @param schema of the source, with its rows at the first moment
     * @param changes until the second
     * @param tables of which alone the patch is, or none
     * @param meanwhile what somebody did in the database in which it runs
     * @param undone what takes this back, so that the patch can run; or none, where it cannot
     * @param refusal what the server says
     */
    private record Following(
            String schema,
            String changes,
            List<String> tables,
            String meanwhile,
            String undone,
            String refusal) {}

    private static Stream<Following> rowsThatWouldFollow() {
        String contacts =
                ACCOUNTS
                        + "; CREATE TABLE crm.contact (id int PRIMARY KEY, account int DEFAULT 6 REFERENCES crm.account ";
        String deletion = "DELETE FROM crm.account WHERE id = 5";
        String added = "INSERT INTO crm.contact VALUES (9, 5)";
        String removed = "DELETE FROM crm.contact WHERE id = 9";
        return Stream.of(
                new Following(
                        contacts + "ON DELETE CASCADE); INSERT INTO crm.contact VALUES (1, 5)",
                        "UPDATE crm.contact SET account = 6; " + deletion,
                        List.of("crm.account"),
                        "",
                        "",
                        refusal("crm.contact", 1, 0)),
                new Following(
                        contacts + "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)",
                        deletion,
                        List.of(),
                        added,
                        removed,
                        refusal("crm.contact", 1, 0)),
                new Following(
                        contacts + "ON DELETE SET NULL)",
                        deletion,
                        List.of(),
                        added,
                        removed,
                        refusal("crm.contact", 0, 1)),
                new Following(
                        contacts + "ON DELETE SET DEFAULT)",
                        deletion,
                        List.of(),
                        added,
                        removed,
                        refusal("crm.contact", 0, 1)),
                new Following(
                        ACCOUNTS,
                        deletion,
                        List.of(),
                        "CREATE TABLE crm.later (account int REFERENCES crm.account ON DELETE CASCADE); INSERT INTO crm.later VALUES (5)",
                        "DROP TABLE crm.later",
                        refusal("crm.later", 1, 0)),
                new Following(
                        """
                        CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
                        CREATE TABLE crm.person (mail extensions.citext PRIMARY KEY); INSERT INTO crm.person VALUES ('Ann@x');
                        CREATE TABLE crm.mail (id int PRIMARY KEY, to_whom extensions.citext REFERENCES crm.person ON DELETE CASCADE);
                        INSERT INTO crm.mail VALUES (1, 'Ann@x')
                        """,
                        "UPDATE crm.person SET mail = 'ann@x'",
                        List.of(),
                        "",
                        "",
                        refusal("crm.mail", 1, 0)),
                new Following(
                        """
                        CREATE TABLE crm.folder (id int PRIMARY KEY, above int REFERENCES crm.folder ON DELETE CASCADE);
                        INSERT INTO crm.folder VALUES (1, NULL), (2, 1), (3, 2), (4, 4)
                        """,
                        "DELETE FROM crm.folder",
                        List.of(),
                        "INSERT INTO crm.folder VALUES (9, 3)",
                        "DELETE FROM crm.folder WHERE id = 9",
                        refusal("crm.folder", 1, 0)),
                new Following(
                        """
                        CREATE TABLE crm.one (id int PRIMARY KEY, other int);
                        CREATE TABLE crm.other (id int PRIMARY KEY, one int REFERENCES crm.one ON DELETE CASCADE);
                        ALTER TABLE crm.one ADD FOREIGN KEY (other) REFERENCES crm.other ON DELETE SET NULL;
                        INSERT INTO crm.one VALUES (1, NULL); INSERT INTO crm.other VALUES (1, 1); UPDATE crm.one SET other = 1
                        """,
                        "DELETE FROM crm.one",
                        List.of(),
                        "INSERT INTO crm.one VALUES (9, 1)",
                        "DELETE FROM crm.one WHERE id = 9",
                        refusal("crm.one", 0, 1)),
                new Following(
                        """
                        CREATE TABLE crm.account (id int PRIMARY KEY) PARTITION BY RANGE (id);
                        CREATE TABLE crm.account_1 PARTITION OF crm.account FOR VALUES FROM (1) TO (10);
                        INSERT INTO crm.account VALUES (5);
                        CREATE TABLE crm.contact (id int PRIMARY KEY, account int REFERENCES crm.account ON DELETE CASCADE)
                          PARTITION BY RANGE (id);
                        CREATE TABLE crm.contact_1 PARTITION OF crm.contact FOR VALUES FROM (1) TO (10);
                        INSERT INTO crm.contact VALUES (1, 5)
                        """,
                        "DELETE FROM crm.contact; DELETE FROM crm.account",
                        List.of(),
                        added,
                        removed,
                        refusal("crm.contact_1", 1, 0)));
    }

    private static String refusal(String table, int deleted, int updated) {
        return "ERROR: rows of %s that the patch does not know would be deleted or changed: %d deleted, %d updated\n"
                .formatted(table, deleted, updated);
    }

    @ParameterizedTest
    @MethodSource("rowsThatWouldFollow")
    void noRowGoesOrChangesWithTheDeletedOnesThatThePatchDoesNotKnow(
            Following following, RestoreServer server) throws Exception {
        Database source = server.newDatabase();
        PatchedSource changed =
                PatchedSource.of(server, source, following.schema(), following.changes());
        Database target = changed.target();
        String patch = changed.patch(directory, following.tables().toArray(String[]::new));
        RestoreServer.run(target, List.of(following.meanwhile()));
        Map<String, List<String>> before = PatchedSource.rows(target);

        Throwable refused = catchThrowable(() -> execute(target, patch));

        assertThat(refused).hasMessageStartingWith(following.refusal());
        assertThat(PatchedSource.rows(target)).isEqualTo(before);
        if (!following.undone().isEmpty()) {
            RestoreServer.run(target, List.of(following.undone()));
            // What the session did before is no part of the patch.
            execute(
                    target,
                    "BEGIN; " + following.meanwhile() + "; " + following.undone() + ";\n" + patch);
            assertThat(PatchedSource.rows(target)).isEqualTo(PatchedSource.rows(source));
        }
    }

    @Test
    void whereNobodyCountsNothingIsChanged(RestoreServer server) throws Exception {
        Database source = server.newDatabase();
        PatchedSource changed =
                PatchedSource.of(server, source, ACCOUNTS, "DELETE FROM crm.account");
        String patch = changed.patch(directory);

        Throwable refused =
                catchThrowable(
                        () -> execute(changed.target(), "SET track_counts = off;\n" + patch));

        assertThat(refused)
                .hasMessageStartingWith(
                        "ERROR: track_counts is off: it would not be known whether keys delete or change rows with those of the patch\n");
        assertThat(PatchedSource.rows(changed.target()).get("crm.account")).hasSize(2);
    }

    @Test
    void sequencesOfPartitionsAndThoseThatNoColumnOwnsGoOn(RestoreServer server) throws Exception {
        Database source = server.newDatabase();
        PatchedSource changed =
                PatchedSource.of(
                        server,
                        source,
                        """
                        CREATE SEQUENCE crm.nobodys;
                        CREATE TABLE crm.plain (id bigint DEFAULT nextval('crm.nobodys') PRIMARY KEY);
                        CREATE TABLE crm.serial (id serial PRIMARY KEY) PARTITION BY RANGE (id);
                        CREATE TABLE crm.serial_1 PARTITION OF crm.serial FOR VALUES FROM (1) TO (10);
                        CREATE TABLE crm.counted (id int GENERATED ALWAYS AS IDENTITY, line int) PARTITION BY RANGE (id);
                        CREATE TABLE crm.counted_1 PARTITION OF crm.counted (PRIMARY KEY (id)) FOR VALUES FROM (1) TO (10)
                        """,
                        "INSERT INTO crm.plain DEFAULT VALUES; INSERT INTO crm.serial DEFAULT VALUES; INSERT INTO crm.counted DEFAULT VALUES");
        Psql.run(changed.target(), changed.patch(directory));

        RestoreServer.run(
                changed.target(),
                List.of(
                        "INSERT INTO crm.plain DEFAULT VALUES; INSERT INTO crm.serial DEFAULT VALUES; INSERT INTO crm.counted DEFAULT VALUES"));

        assertThat(PatchedSource.rows(changed.target()).values())
                .allSatisfy(rows -> assertThat(rows).hasSize(2));
    }

    private static void execute(Database database, String script) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(script);
        }
    }
}

package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.replay.load.BesideDatabase;
import dev.tidemark.replay.load.DatabaseSwitch;
import dev.tidemark.replay.load.DatabaseSwitch.Direction;
import dev.tidemark.replay.load.DatabaseSwitch.Others;
import dev.tidemark.replay.load.DatabaseSwitch.Switched;
import dev.tidemark.replay.load.DatabaseSwitch.Taken;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What stands in the way of a switch is known before anything is ended, and what is done is said.
 */
@ExtendWith(RestoreServer.Shared.class)
final class DatabaseSwitchIT {
    private final RestoreServer server;
    private Database live;
    private String name;

    DatabaseSwitchIT(RestoreServer server) {
        this.server = server;
    }

    /** A database, and what a restore would have made beside it. */
    @BeforeEach
    void makeBoth() throws Exception {
        live = server.newDatabase();
        name = live.url().database();
        RestoreServer.run(live, List.of("CREATE TABLE public.live (id int)"));
        RestoreServer.run(
                server.database("postgres"),
                List.of(
                        "CREATE DATABASE " + name + "_tidemark_new TEMPLATE template0",
                        "COMMENT ON DATABASE %s_tidemark_new IS 'made by tidemark restore, to take the place of %s'"
                                .formatted(name, name)));
        RestoreServer.run(
                server.database(name + "_tidemark_new"),
                List.of("CREATE TABLE public.restored (id int)"));
    }

    @Test
    void whatARestoreMadeAndDidNotBeginToFillIsNotReady() throws Exception {
        RestoreServer.run(
                server.database(name + "_tidemark_new"), List.of("DROP TABLE public.restored"));

        assertRefused(
                refused(live),
                "nothing can take the place of %s: the database %s_tidemark_new is empty"
                        .formatted(live, name),
                "The restore that made it ended before it began to fill it. Run it again: 'tidemark restore … --replace --confirm'.");
        assertThat(
                        catchThrowableOfType(
                                TidemarkException.class,
                                () -> DatabaseSwitch.check(live, Direction.TO_RESTORED)))
                .hasMessage(refused(live).getMessage());
    }

    @Test
    void aCommentStaysWithTheNameAndWhatOnlyTheRestoredOneHasIsNamed() throws Exception {
        RestoreServer.run(
                server.database("postgres"),
                List.of(
                        "COMMENT ON DATABASE " + name + " IS 'asked for by sales'",
                        "ALTER DATABASE " + name + " SET work_mem = '7MB'",
                        "ALTER DATABASE " + name + "_tidemark_new SET work_mem = '8MB'",
                        "ALTER DATABASE " + name + "_tidemark_new SET jit = off"));

        try (Connection capture = live.as(Database.Role.CAPTURE).connect()) {
            Switched there = run(Direction.TO_RESTORED);

            assertThat(there)
                    .isEqualTo(
                            new Switched(
                                    live,
                                    name + "_tidemark_old",
                                    List.of(),
                                    Optional.empty(),
                                    List.of("setting jit")));
            assertThat(capture.isValid(5)).isFalse();
        }
        assertThat(ask("SHOW work_mem")).isEqualTo("7MB");
        assertThat(comment(name)).isEqualTo("asked for by sales");

        run(Direction.BACK);
        assertThat(comment(name)).isEqualTo("asked for by sales");
        assertThat(ask("SELECT to_regclass('public.live')")).isEqualTo("public.live");
        assertRefused(
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> BesideDatabase.make(live, RestoreServer.read(live))),
                "cannot replace %s: the database %s_tidemark_new is there, which was live until it was switched back"
                        .formatted(live, name),
                "When it is needed no more, run DROP DATABASE \"%s_tidemark_new\", else rename it: the restore needs the name."
                        .formatted(name));
    }

    @Test
    void preparedTransactionsAreNamed() throws Exception {
        RestoreServer.run(
                live,
                List.of(
                        "BEGIN",
                        "INSERT INTO public.live VALUES (1)",
                        "PREPARE TRANSACTION 'it''s'"));
        String prepared = "prepared transaction 'it''s' of " + server.superuser();

        assertRefused(
                refused(live),
                name + " is in use: " + prepared,
                "In that database run COMMIT PREPARED or ROLLBACK PREPARED for each, as its owner or a superuser. Nothing was changed.");
        assertThat(DatabaseSwitch.runIfUnused(live))
                .isEqualTo(new Taken(List.of(prepared), Optional.empty()));

        RestoreServer.run(live, List.of("ROLLBACK PREPARED 'it''s'"));
        assertThat(run(Direction.TO_RESTORED).former()).isEqualTo(name + "_tidemark_old");
    }

    @Test
    void aUserWhoMayNotIsToldAllOfItBeforeAnythingIsEnded() throws Exception {
        String slot = "tidemark_" + name;
        RestoreServer.run(
                live,
                List.of(
                        "CREATE ROLE u_" + name + " LOGIN",
                        "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')"));
        Database asOther = server.database("u_" + name, name);

        try (Connection capture = live.as(Database.Role.CAPTURE).connect()) {
            assertRefused(
                    refused(asOther),
                    "cannot switch %s: the user does not own %s, and does not own %s_tidemark_new, and lacks CREATEDB, by which databases are renamed, and lacks REPLICATION, without which the slot %s cannot be dropped, and may not end capture's sessions of %s"
                            .formatted(asOther, name, name, slot, server.superuser()),
                    "Let a user do it who owns both databases and has CREATEDB, with a capture REPLICATION and pg_signal_backend too, or a superuser. Nothing was changed.");

            RestoreServer.run(
                    server.database("postgres"),
                    List.of(
                            "SELECT pg_drop_replication_slot('" + slot + "')",
                            "ALTER ROLE u_" + name + " CREATEDB",
                            "ALTER DATABASE " + name + " OWNER TO u_" + name,
                            "ALTER DATABASE " + name + "_tidemark_new OWNER TO u_" + name,
                            "ALTER ROLE "
                                    + server.superuser()
                                    + " IN DATABASE "
                                    + name
                                    + " SET jit = off"));
            assertThat(capture.isValid(5)).isTrue();
            RestoreServer.run(
                    server.database("postgres"),
                    List.of(
                            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'tidemark capture' AND datname = '%s'"
                                    .formatted(name)));
        }
        TidemarkException thrown = refused(asOther);
        assertThat(thrown)
                .hasMessageStartingWith(
                        "cannot switch %s: %s_tidemark_new cannot have its setting jit of role %s: permission denied"
                                .formatted(asOther, name, server.superuser()));
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
        assertThat(thrown.hint())
                .isEqualTo(
                        "Let a user do it who may: settings of a role need CREATEROLE, some settings a superuser. Or take it from %s first. Nothing was changed."
                                .formatted(name));
        RestoreServer.run(
                server.database("postgres"),
                List.of(
                        "ALTER ROLE "
                                + server.superuser()
                                + " IN DATABASE "
                                + name
                                + " RESET ALL"));

        DatabaseSwitch.run(asOther, Direction.TO_RESTORED, Others.REFUSED);

        assertThat(comment(name + "_tidemark_old"))
                .isEqualTo("kept by tidemark switch, was " + name);
    }

    @Test
    void whatAKilledRunDidNotComeToIsDoneByTheNext() throws Exception {
        run(Direction.TO_RESTORED);
        Database old = server.database(name + "_tidemark_old");
        String slot = "tidemark_" + name;
        RestoreServer.run(
                old,
                List.of("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')"));

        Switched gone = run(Direction.TO_RESTORED);

        assertThat(gone)
                .isEqualTo(
                        new Switched(
                                live,
                                name + "_tidemark_old",
                                List.of(slot),
                                Optional.empty(),
                                List.of()));
        assertThat(
                        ask(
                                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '"
                                        + slot
                                        + "'"))
                .isEqualTo("0");
        assertRefused(
                refused(live),
                "%s is switched already: what it was before is %s_tidemark_old"
                        .formatted(live, name),
                "To change them again, run it with --back.");
    }

    @Test
    void whatCannotBeDroppedIsSaidWhereTheRestoredOneIsInItsPlace() throws Exception {
        RestoreServer.run(
                server.database("postgres"),
                List.of("ALTER DATABASE " + name + " IS_TEMPLATE true"));

        Taken taken = DatabaseSwitch.runIfUnused(live);

        assertThat(taken)
                .isEqualTo(
                        new Taken(
                                List.of(),
                                Optional.of(
                                        "what %s was before, now %s_tidemark_old, cannot be dropped: cannot drop a template database; run DROP DATABASE \"%s_tidemark_old\", or the next restore with --replace does"
                                                .formatted(name, name, name))));
        assertThat(ask("SELECT to_regclass('public.live') IS NULL")).isEqualTo("t");

        RestoreServer.run(
                server.database("postgres"),
                List.of("ALTER DATABASE " + name + "_tidemark_old IS_TEMPLATE false"));
        BesideDatabase.make(live, RestoreServer.read(live));
        assertThat(
                        ask(
                                "SELECT count(*) FROM pg_database WHERE datname = '"
                                        + name
                                        + "_tidemark_old'"))
                .isEqualTo("0");
    }

    @Test
    void subscriptionsKeepADatabaseFromBeingDroppedOnly() throws Exception {
        RestoreServer.run(
                live,
                List.of(
                        "CREATE SUBSCRIPTION s_"
                                + name
                                + " CONNECTION 'dbname=none' PUBLICATION none WITH (connect = false, slot_name = NONE)"));

        BesideDatabase.make(live, RestoreServer.read(live));

        assertThat(DatabaseSwitch.runIfUnused(live).users())
                .containsExactly("subscription s_" + name);
        RestoreServer.run(live, List.of("DROP SUBSCRIPTION s_" + name));
        assertThat(DatabaseSwitch.runIfUnused(live))
                .isEqualTo(new Taken(List.of(), Optional.empty()));
    }

    private Switched run(Direction direction) throws InterruptedException {
        return DatabaseSwitch.run(live, direction, Others.REFUSED);
    }

    private static TidemarkException refused(Database database) {
        return catchThrowableOfType(
                TidemarkException.class,
                () -> DatabaseSwitch.run(database, Direction.TO_RESTORED, Others.REFUSED));
    }

    private static void assertRefused(TidemarkException thrown, String message, String hint) {
        assertThat(thrown).hasMessage(message);
        assertThat(thrown.hint()).isEqualTo(hint);
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
    }

    private String comment(String database) throws Exception {
        return ask(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '%s'"
                        .formatted(database));
    }

    private String ask(String query) throws Exception {
        try (Connection connection = live.connect()) {
            return RestoreServer.rows(connection, query).getFirst().replaceAll("^\\[|]$", "");
        }
    }
}

package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a source's commits wait for its capture, or no longer. The setting is the whole server's:
 * commits of all its databases wait.
 */
public final class SynchronousCommits {
    /**
     * The server looks at its settings within a moment, and a capture that was just started catches
     * up.
     */
    private static final Duration EFFECT_MAX = Duration.ofSeconds(10);

    /** The server waits between two looks: it ends with the session, unlike a sleep here. */
    private static final String PAUSE = "SELECT pg_sleep(0.1)";

    /** What releases all waiting commits, for messages. */
    public static final String RELEASE =
            "ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf()";

    private SynchronousCommits() {}

    /**
     * Turns it on, last of all: the capture has to stream already, or every commit would wait for
     * it.
     *
     * @param admin a superuser
     * @throws TidemarkException when no capture streams, or commits wait for others
     */
    public static void begin(Database admin, SourceNames names) {
        try (Connection connection = admin.connectForQuestions()) {
            String standbys = standbys(connection);
            StandbyList list = StandbyList.parse(standbys);
            if (!list.alwaysWaitsFor(names.slot())) {
                if (!list.isEmpty()) {
                    throw TidemarkException.refused(
                            "commits of the %s wait for others already, and not always for capture: synchronous_standby_names is %s"
                                    .formatted(admin, standbys),
                            "Put %s first there yourself, and wait for one more, for example FIRST 2 (\"%s\", …), and reload."
                                    .formatted(names.slot(), names.slot()));
                }
                awaitStreaming(connection, admin, names);
                set(
                        connection,
                        "SET synchronous_standby_names = 'FIRST 1 (\"%s\")'"
                                .formatted(names.slot()));
            }
            awaitEffect(connection, admin, names);
        } catch (SQLException e) {
            throw SourceErrors.of("cannot make commits wait in the", admin, e);
        }
    }

    /**
     * Turns it off, if it is on for this capture: it is about to go for ever.
     *
     * @throws TidemarkException when commits wait for others too, so that only the operator can
     *     tell what is to stay
     */
    public static void end(Database admin, SourceNames names) {
        try (Connection connection = admin.connectForQuestions()) {
            String standbys = standbys(connection);
            if (!StandbyList.parse(standbys).contains(names.slot())) {
                return;
            }
            if (!standbys.equals("FIRST 1 (\"%s\")".formatted(names.slot()))) {
                throw TidemarkException.refused(
                        "commits of the %s wait for the capture that is to go: synchronous_standby_names is %s"
                                .formatted(admin, standbys),
                        "Take "
                                + names.slot()
                                + " out of it and reload, then run the command again.");
            }
            set(connection, "RESET synchronous_standby_names");
        } catch (SQLException e) {
            throw SourceErrors.of("cannot let commits go on in the", admin, e);
        }
    }

    /** What is wrong with how commits wait; any role may ask. */
    public static List<Problem> check(Database source, SourceNames names, Acknowledgement wanted) {
        try (Connection connection = source.connectForQuestions()) {
            return check(connection, names, wanted == Acknowledgement.SYNCHRONOUS);
        } catch (SQLException e) {
            throw SourceErrors.of("cannot check the", source, e);
        }
    }

    private static List<Problem> check(Connection connection, SourceNames names, boolean isWanted)
            throws SQLException {
        List<Problem> problems = new ArrayList<>();
        String standbys = standbys(connection);
        StandbyList list = StandbyList.parse(standbys);
        boolean isOn = list.contains(names.slot());
        if (isWanted && !list.alwaysWaitsFor(names.slot())) {
            problems.add(
                    Problem.error(
                            "commits do not always wait for capture: synchronous_standby_names is '%s'"
                                    .formatted(standbys),
                            isOn
                                    ? "Put %s first there, so that it is among those that are waited for."
                                            .formatted(names.slot())
                                    : "Run 'tidemark init --synchronous' while capture runs."));
        }
        if (isOn && !isWanted) {
            problems.add(
                    Problem.warning(
                            "commits wait for capture, and capture.acknowledge is asynchronous",
                            "Set capture.acknowledge: synchronous, or let them go on: "
                                    + RELEASE
                                    + "."));
        }
        if (isOn || isWanted) {
            problems.addAll(notWaiting(connection));
        }
        return problems;
    }

    private static List<Problem> notWaiting(Connection connection) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT concat_ws(' ', coalesce('role ' || r.rolname, 'all roles'),
                                                 'in ' || coalesce('database ' || d.datname, 'all databases'), c.setting)
                                  FROM pg_db_role_setting s
                                 CROSS JOIN LATERAL unnest(s.setconfig) AS c(setting)
                                  LEFT JOIN pg_roles r ON r.oid = s.setrole
                                  LEFT JOIN pg_database d ON d.oid = s.setdatabase
                                 WHERE c.setting ~ '^synchronous_commit='
                                   AND lower(c.setting) !~ '=(on|true|yes|1|remote_apply)$'
                                   AND (s.setdatabase = 0 OR d.datname = current_database())
                                 UNION ALL
                                SELECT 'the server, synchronous_commit=' || s.reset_val
                                  FROM pg_settings s
                                 WHERE s.name = 'synchronous_commit' AND s.reset_val NOT IN ('on', 'remote_apply')
                                   AND NOT EXISTS (
                                       -- what this session began with is then not the server's own
                                       SELECT FROM pg_db_role_setting mine CROSS JOIN unnest(mine.setconfig) AS c(setting)
                                        WHERE mine.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
                                          AND mine.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user))
                                          AND c.setting ~ '^synchronous_commit=')
                                """)) {
            while (row.next()) {
                problems.add(
                        Problem.warning(
                                "commits of some do not wait for capture: " + row.getString(1),
                                "Set synchronous_commit to on there, if none of their commits may be lost."));
            }
        }
        return problems;
    }

    private static String standbys(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW synchronous_standby_names")) {
            row.next();
            return row.getString(1);
        }
    }

    /**
     * The server's process that sends to the capture.
     *
     * @param isStreaming has the capture caught up, so that commits may wait for it?
     * @param syncState as what the server takes it among those that commits wait for
     * @param behindBytes of the log that it has not been sent yet
     */
    private record Sender(boolean isStreaming, String syncState, long behindBytes) {
        boolean isWaitedFor() {
            return isStreaming && List.of("sync", "quorum").contains(syncState);
        }
    }

    private static Optional<Sender> sender(Connection connection, SourceNames names)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT coalesce(state = 'streaming', false), coalesce(sync_state, ''),
                               coalesce(pg_current_wal_lsn() - sent_lsn, 0)::bigint
                          FROM pg_stat_replication WHERE application_name = ? ORDER BY 1 DESC LIMIT 1
                        """)) {
            query.setString(1, names.slot());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Sender(row.getBoolean(1), row.getString(2), row.getLong(3)))
                        : Optional.empty();
            }
        }
    }

    /** One that has just been started catches up first; while it does, commits would wait. */
    private static void awaitStreaming(Connection connection, Database admin, SourceNames names)
            throws SQLException {
        long start = System.nanoTime();
        while (true) {
            Optional<Sender> sender = sender(connection, names);
            if (sender.isEmpty()) {
                throw TidemarkException.refused(
                        "no capture streams from the "
                                + admin
                                + ", so that every commit would wait",
                        "Start 'tidemark run' or 'tidemark capture' with capture.acknowledge: synchronous first.");
            }
            if (sender.get().isStreaming()) {
                return;
            }
            if (isOver(start)) {
                throw TidemarkException.refused(
                        "capture is still catching up with the %s, %d bytes of its log behind, so that every commit would wait"
                                .formatted(admin, sender.get().behindBytes()),
                        "Run the command again when it has: 'tidemark info' shows how far it is.");
            }
            pause(connection);
        }
    }

    private static void set(Connection connection, String what) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM " + what);
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    private static void awaitEffect(Connection connection, Database admin, SourceNames names)
            throws SQLException {
        long start = System.nanoTime();
        while (sender(connection, names).filter(Sender::isWaitedFor).isEmpty()) {
            if (isOver(start)) {
                throw TidemarkException.failed(
                        "commits of the %s do not wait for capture yet".formatted(admin),
                        "Look whether capture streams, and run 'tidemark check'. To let commits go on: "
                                + RELEASE
                                + ".");
            }
            pause(connection);
        }
    }

    private static boolean isOver(long start) {
        return System.nanoTime() - start > EFFECT_MAX.toNanos();
    }

    private static void pause(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(PAUSE);
        }
    }
}

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
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes a source's commits wait for its capture, or no longer. The setting is the whole server's:
 * commits of all its databases wait.
 */
public final class SynchronousCommits {
    /** The server looks at its settings within a moment. */
    private static final Duration EFFECT_MAX = Duration.ofSeconds(10);

    /** The server waits between two looks: it ends with the session, unlike a sleep here. */
    private static final String PAUSE = "SELECT pg_sleep(0.1)";

    /** What releases all waiting commits, for messages. */
    public static final String RELEASE =
            "ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf()";

    /** {@code FIRST n (list)}, {@code ANY n (list)}, {@code n (list)}; a list alone is FIRST 1. */
    private static final Pattern COUNTED =
            Pattern.compile("(?is)\\s*(FIRST|ANY)?\\s*(\\d+)\\s*\\((.*)\\)\\s*");

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
            if (!isAlwaysWaitedFor(standbys, names.slot())) {
                if (!standbys.isBlank()) {
                    throw TidemarkException.refused(
                            "commits of the %s wait for others already, and not always for capture: synchronous_standby_names is %s"
                                    .formatted(admin, standbys),
                            "Put %s first there yourself, and wait for one more, for example FIRST 2 (\"%s\", …), and reload."
                                    .formatted(names.slot(), names.slot()));
                }
                if (state(connection, names).isEmpty()) {
                    throw TidemarkException.refused(
                            "no capture streams from the "
                                    + admin
                                    + ", so that every commit would wait",
                            "Start 'tidemark run' or 'tidemark capture' with capture.acknowledge: synchronous first.");
                }
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
            if (!names(standbys).contains(names.slot())) {
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
        boolean isOn = names(standbys).contains(names.slot());
        if (isWanted && !isAlwaysWaitedFor(standbys, names.slot())) {
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

    /** Is there no way for a commit to return without this one? */
    private static boolean isAlwaysWaitedFor(String standbys, String name) {
        List<String> all = names(standbys);
        Matcher counted = COUNTED.matcher(standbys);
        boolean isCounted = counted.matches();
        int count = isCounted ? Integer.parseInt(counted.group(2)) : 1;
        boolean isAny = isCounted && "ANY".equalsIgnoreCase(counted.group(1));
        int place = all.indexOf(name);
        return place >= 0 && (isAny ? count >= all.size() : place < count);
    }

    /** The server compares names without regard to case. */
    private static List<String> names(String standbys) {
        Matcher counted = COUNTED.matcher(standbys);
        String list = counted.matches() ? counted.group(3) : standbys;
        return Stream.of(list.split(","))
                .map(name -> name.strip().replace("\"", "").toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static List<String> state(Connection connection, SourceNames names)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT sync_state FROM pg_stat_replication WHERE application_name = ? AND state = 'streaming'")) {
            query.setString(1, names.slot());
            List<String> states = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    states.add(String.valueOf(rows.getString(1)));
                }
            }
            return states;
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
        while (state(connection, names).stream().noneMatch(List.of("sync", "quorum")::contains)) {
            if (System.nanoTime() - start > EFFECT_MAX.toNanos()) {
                throw TidemarkException.failed(
                        "commits of the %s do not wait for capture yet".formatted(admin),
                        "Look whether capture streams, and run 'tidemark check'. To let commits go on: "
                                + RELEASE
                                + ".");
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(PAUSE);
            }
        }
    }
}

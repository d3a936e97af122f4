package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.catalog.SchemaChanges;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that what {@link Preparation} made, and the slot, are as they should be. */
final class PreparedCheck {
    private static final String RUN_INIT = "Run 'tidemark init' again.";
    private static final String START_ANEW =
            "Changes may be missing since: stop capture and run 'tidemark base --from-source', which makes it anew, takes a"
                    + " new base and records the gap.";
    private static final List<String> TRIGGERS =
            List.of("tidemark_ddl", "tidemark_drop", "tidemark_rewrite");

    private final Connection connection;
    private final SourceNames names;
    private final SchemaChanges schemaChanges;
    private final List<Problem> problems = new ArrayList<>();

    PreparedCheck(Connection connection, SourceNames names, SchemaChanges schemaChanges) {
        this.connection = connection;
        this.names = names;
        this.schemaChanges = schemaChanges;
    }

    List<Problem> run() throws SQLException {
        if (!isPrepared()) {
            error(
                    "the source is not prepared: it has no schema tidemark and no replication slot "
                            + names.slot(),
                    "Run 'tidemark init'.");
            return problems;
        }
        gaps();
        switch (schemaChanges) {
            case TRIGGERS -> triggers();
            case POLLING -> problems.addAll(new PollingCheck(connection, "").prepared(names));
        }
        heartbeat();
        problems.addAll(new ContextCheck(connection).run());
        tableBases();
        return problems;
    }

    /** Where nothing is, one problem says it all. */
    private boolean isPrepared() throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'tidemark')
                            OR EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ?)""")) {
            query.setString(1, names.slot());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Only what may have let changes pass, so that making it again would not help. */
    List<Problem> gaps() throws SQLException {
        slot();
        publication();
        return problems;
    }

    private void slot() throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT s.plugin, s.database, current_database(), s.wal_status, s.active_pid,
                               coalesce(quote_literal(a.application_name), 'unknown'), coalesce(a.usename, 'unknown')
                          FROM pg_replication_slots s
                          LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid
                         WHERE s.slot_name = ?""")) {
            query.setString(1, names.slot());
            try (ResultSet slot = query.executeQuery()) {
                if (slot.next()) {
                    slot(slot);
                } else {
                    error("replication slot " + names.slot() + " does not exist", START_ANEW);
                }
            }
        }
    }

    private void slot(ResultSet slot) throws SQLException {
        String name = "replication slot " + names.slot();
        if (!"pgoutput".equals(slot.getString(1))) {
            error(
                    name + " is for the plugin " + slot.getString(1) + ", not pgoutput",
                    "Another program made it. Give the source another name.");
        }
        if (!slot.getString(3).equals(slot.getString(2))) {
            error(
                    "%s is for the database %s, not %s"
                            .formatted(name, slot.getString(2), slot.getString(3)),
                    "Check source.url, or give the source another name.");
        }
        if (!Set.of("reserved", "extended").contains(String.valueOf(slot.getString(4)))) {
            error(name + " has the status " + slot.getString(4), START_ANEW);
        }
        long pid = slot.getLong(5);
        if (!slot.wasNull()) {
            problems.add(
                    Problem.warning(
                            "%s is in use by process %d (application %s of role %s)"
                                    .formatted(name, pid, slot.getString(6), slot.getString(7)),
                            "That is right while this source's capture runs."));
        }
    }

    private void publication() throws SQLException {
        // As JSON, since older versions lack some columns.
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT puballtables, pubinsert AND pubupdate AND pubdelete AND pubtruncate, pubviaroot,
                               coalesce(to_jsonb(p) ->> 'pubgencols', 'n') <> 'n'
                          FROM pg_publication p WHERE pubname = ?""")) {
            query.setString(1, names.publication());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    error("publication " + names.publication() + " does not exist", START_ANEW);
                    return;
                }
                publicationIf(
                        !row.getBoolean(1) && schemaChanges == SchemaChanges.TRIGGERS,
                        "is not for all tables");
                publicationIf(!row.getBoolean(2), "does not publish every operation");
                publicationIf(row.getBoolean(3), "publishes partitions as their root");
                publicationIf(row.getBoolean(4), "publishes generated columns");
            }
        }
    }

    private void publicationIf(boolean wrong, String what) {
        if (wrong) {
            error("publication " + names.publication() + " " + what, START_ANEW);
        }
    }

    private void triggers() throws SQLException {
        Map<String, String> enabled = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT evtname, evtenabled::text FROM pg_event_trigger")) {
            while (rows.next()) {
                enabled.put(rows.getString(1), rows.getString(2));
            }
        }
        for (String trigger : TRIGGERS) {
            String state = enabled.getOrDefault(trigger, "");
            if (state.isEmpty()) {
                error("event trigger " + trigger + " does not exist", RUN_INIT);
            } else if (!state.equals("A")) {
                error("event trigger " + trigger + " is not enabled always", RUN_INIT);
            }
        }
    }

    /** Calls it, in a transaction that is rolled back and so leaves no message in the stream. */
    private void heartbeat() throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT tidemark.heartbeat()");
        } catch (SQLException e) {
            error("tidemark.heartbeat() fails: " + SourceErrors.message(e), RUN_INIT);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** What a base of a rewritten table needs, beside what streaming needs. */
    private void tableBases() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT tidemark.lock_tables('{}')");
        } catch (SQLException e) {
            error("tidemark.lock_tables() fails: " + SourceErrors.message(e), RUN_INIT);
        }
        SlotCounts counts = SlotCounts.read(connection);
        if (counts.slots() >= counts.slotsMax() || counts.senders() >= counts.sendersMax()) {
            problems.add(
                    Problem.warning(
                            "no replication slot or WAL sender is free for a base of a rewritten table: %d of %d slots and %d of %d senders are in use"
                                    .formatted(
                                            counts.slots(),
                                            counts.slotsMax(),
                                            counts.senders(),
                                            counts.sendersMax()),
                            "Raise max_replication_slots and max_wal_senders by one and restart the server, or drop slots"
                                    + " that nobody uses."));
        }
    }

    private void error(String what, String hint) {
        problems.add(Problem.error(what, hint));
    }
}

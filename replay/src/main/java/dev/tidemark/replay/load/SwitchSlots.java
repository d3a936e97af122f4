package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The replication slots from which Tidemark captures a database. They cannot follow another one,
 * and would keep the server's log for ever. For one thread.
 */
final class SwitchSlots {
    private static final String SLOT_IN_USE = "55006";
    private static final int TRIES_MAX = 5;

    /** A capture passes on within a heartbeat; far more than the longest that is usual. */
    private static final Duration CAPTURE_MAX = Duration.ofMinutes(2);

    /** One that is temporary goes with the session of the command that made it. */
    private static final String OF_CAPTURE =
            " FROM pg_replication_slots WHERE database = ? AND slot_name ~ '^tidemark_' AND NOT temporary";

    private final ServerDatabases databases;

    SwitchSlots(ServerDatabases databases) {
        this.databases = databases;
    }

    List<String> of(String database) throws SQLException {
        return databases.texts("SELECT slot_name" + OF_CAPTURE + " ORDER BY 1", database);
    }

    /** Asked with a slot that is not there: the server looks at the right before the name. */
    boolean mayBeDropped() throws SQLException {
        try {
            databases.texts("SELECT pg_drop_replication_slot(?)", "tidemark_" + System.nanoTime());
            return true;
        } catch (SQLException e) {
            return !SqlStates.is(e, "42501");
        }
    }

    /**
     * Waits until capture has passed on all that is committed.
     *
     * @return up to where; nothing when there is no capture
     * @throws TidemarkException (refused) when it does not
     */
    Optional<String> passedOn(Database target) throws SQLException, InterruptedException {
        String name = target.url().database();
        if (of(name).isEmpty()) {
            return Optional.empty();
        }
        String end =
                databases
                        .texts("SELECT pg_current_wal_insert_lsn() WHERE ? <> ''", name)
                        .getFirst();
        String behind =
                "SELECT format('%s is at %s', slot_name, confirmed_flush_lsn)"
                        + OF_CAPTURE
                        + " AND confirmed_flush_lsn < "
                        + Quoted.text(end);
        Instant giveUp = Instant.now().plus(CAPTURE_MAX);
        List<String> late = databases.texts(behind, name);
        while (!late.isEmpty()) {
            if (Instant.now().isAfter(giveUp)) {
                throw TidemarkException.refused(
                        "capture has not passed on all that is committed in %s: %s, and the source at %s"
                                .formatted(target, String.join(", ", late), end),
                        "Let capture run until it has. Or drop its slot: then what it has not passed on is in no archive, only in"
                                + " the database itself, which is kept. All names are as they were.");
            }
            Thread.sleep(200);
            late = databases.texts(behind, name);
        }
        return Optional.of(end);
    }

    /** Drops them from the database that they are left with, when all names are changed. */
    void drop(Database former, List<String> slots) throws InterruptedException {
        if (slots.isEmpty()) {
            return;
        }
        try (Connection connection = former.connect()) {
            ServerDatabases there = new ServerDatabases(connection);
            there.execute(DatabaseSwitch.WAITS_FOR_NOBODY);
            for (String slot : slots) {
                drop(there, slot);
            }
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "the databases are switched, but capture's slot %s is still there: %s"
                            .formatted(String.join(", ", slots), SqlStates.reason(e)),
                    "Run the same command again: it goes on with dropping it. Until it is dropped the server keeps its log"
                            + " for it.",
                    e);
        }
    }

    /** A capture that tries to go on holds it for a moment. */
    private static void drop(ServerDatabases former, String slot)
            throws SQLException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                former.texts(
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?"
                                + " AND database = current_database()",
                        slot);
                return;
            } catch (SQLException e) {
                if (attempt == TRIES_MAX || !SqlStates.is(e, SLOT_IN_USE)) {
                    throw e;
                }
                Thread.sleep(200);
            }
        }
    }
}

package dev.tidemark.capture.source;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a source's replication slot, before capture starts and while it stands by. For one
 * thread.
 */
public final class SlotGuard {
    /**
     * A slot.
     *
     * @param activePid the server process that streams from it, if one does
     * @param acknowledged all before it was acknowledged and may be gone
     * @param written how far the server's log is
     * @param heldBytes how much of its log the server keeps for it
     * @param roomBytes how much more it keeps before the slot is lost; empty when there is no limit
     */
    public record Slot(
            Optional<Integer> activePid,
            String walStatus,
            Position acknowledged,
            Position written,
            long heldBytes,
            Optional<Long> roomBytes) {}

    private static final String WAY_FORWARD =
            "'tidemark base --from-source' takes a new base and records what is lost as a gap.";

    private final Database source;
    private final String slot;

    public SlotGuard(Database source, String slot) {
        this.source = source;
        this.slot = slot;
    }

    /**
     * The slot as it is.
     *
     * @throws TidemarkException when there is none, or it is not ours
     */
    public Slot look() {
        return find().orElseThrow(this::missing);
    }

    /** That there is no slot, as an error. */
    public TidemarkException missing() {
        return TidemarkException.refused(
                "the replication slot '" + slot + "' is not there",
                "Run 'tidemark init' first. If it was run, whoever dropped the slot made a gap: "
                        + WAY_FORWARD);
    }

    /**
     * The same; empty when there is none.
     *
     * @throws TidemarkException when it is not ours
     */
    public Optional<Slot> find() {
        String sql =
                "SELECT active_pid, wal_status, confirmed_flush_lsn, pg_current_wal_lsn(), plugin,"
                        + " database = current_database(), pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint, safe_wal_size"
                        + " FROM pg_replication_slots WHERE slot_name = ?";
        try (Connection connection = source.connectForQuestions();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                if (!"pgoutput".equals(row.getString(5)) || !row.getBoolean(6)) {
                    throw TidemarkException.refused(
                            "the replication slot '" + slot + "' is of another plugin or database",
                            "Choose another source.name, or drop that slot if nobody needs it.");
                }
                int pid = row.getInt(1);
                Optional<Integer> active = row.wasNull() ? Optional.empty() : Optional.of(pid);
                return Optional.of(
                        new Slot(
                                active,
                                text(row.getString(2)),
                                position(row.getString(3)),
                                position(row.getString(4)),
                                row.getLong(7),
                                Optional.ofNullable(row.getObject(8, Long.class))));
            }
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot look at the replication slot '"
                            + slot
                            + "': "
                            + TidemarkException.reason(e),
                    "Look at the source's log.",
                    e);
        }
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Position position(@Nullable String text) {
        return text == null ? Position.ZERO : Position.of(text);
    }

    /**
     * Can the stream go on after this position? Another capture may have come first, and moves slot
     * and log while this one looks at them: a slot that the log's end was behind before it was read
     * has lost what is between; one that is only ahead of it afterwards says that the log has
     * grown.
     *
     * @param before the slot before the log was read
     * @param resume the end of the log
     * @param after the slot after that
     * @throws TidemarkException (refused) when the slot has lost what comes next; (failed) when it
     *     was in another's hands meanwhile
     */
    public void check(Slot before, Position resume, Slot after) {
        if (after.walStatus().equals("lost")) {
            throw TidemarkException.refused(
                    "the source has removed the log that the slot '"
                            + slot
                            + "' needed (wal_status lost)",
                    "Changes after "
                            + resume
                            + " are lost. Raise max_slot_wal_keep_size; "
                            + WAY_FORWARD);
        }
        if (before.acknowledged().isAfter(resume)) {
            throw TidemarkException.refused(
                    "the slot '%s' was moved to %s, past the last captured transaction at %s"
                            .formatted(slot, before.acknowledged(), resume),
                    "Somebody else used or advanced it, and changes in between are lost: "
                            + WAY_FORWARD);
        }
        if (after.acknowledged().isAfter(resume)) {
            throw TidemarkException.failed(
                    "the slot '%s' was moved to %s while the change log was read to %s"
                            .formatted(slot, after.acknowledged(), resume),
                    "Another capture came first, and this one stands by when it tries again.");
        }
        if (after.written().isBefore(resume)) {
            throw TidemarkException.refused(
                    "the source's log is at %s, before the last captured transaction at %s"
                            .formatted(after.written(), resume),
                    "The source was restored from a backup, or failed over to a server that lacks the newest transactions: "
                            + WAY_FORWARD);
        }
    }

    /**
     * Ends the server process that streams from the slot: its client has not been seen for long.
     */
    public void terminate(int pid) {
        try (Connection connection = source.connectForQuestions();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT pg_terminate_backend(?)")) {
            statement.setInt(1, pid);
            statement.execute();
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot take the slot '"
                            + slot
                            + "' from the process "
                            + pid
                            + ": "
                            + TidemarkException.reason(e),
                    "End the other capture, or its session in the source.",
                    e);
        }
    }
}

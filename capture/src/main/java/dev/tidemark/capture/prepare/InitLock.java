package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Lets one first base of a source be taken at a time: another would drop the slot of this one. The
 * source itself keeps the lock, for as long as the session lives.
 */
public final class InitLock implements AutoCloseable {
    private final Connection session;

    private InitLock(Connection session) {
        this.session = session;
    }

    /**
     * Takes the lock.
     *
     * @throws TidemarkException when another process has it
     */
    public static InitLock take(Database admin, SourceNames names) {
        Connection session = admin.connect();
        try (PreparedStatement query =
                session.prepareStatement(
                        "SELECT pg_try_advisory_lock(hashtext('tidemark init'), hashtext(?))")) {
            query.setString(1, names.slot());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    return new InitLock(session);
                }
            }
            session.close();
        } catch (SQLException e) {
            throw SourceErrors.of("cannot lock the", admin, e);
        }
        throw TidemarkException.refused(
                "another 'tidemark init' of this source is at work",
                "Wait for it, or end it, and run this again.");
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }
}

package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Lets one base of a source be taken at a time: another first base would drop the slot of this one,
 * and of bases of single tables only the one that began last can be published. The source itself
 * keeps the lock, for as long as the session lives.
 */
public final class InitLock implements AutoCloseable {
    private final Connection session;

    private InitLock(Connection session) {
        this.session = session;
    }

    /**
     * Takes the lock for a first base, or one after a gap.
     *
     * @throws TidemarkException when another process has it
     */
    public static InitLock take(Database admin, SourceNames names) {
        return attempt("tidemark init", admin, names)
                .orElseThrow(
                        () ->
                                TidemarkException.refused(
                                        "another 'tidemark init' of this source is at work",
                                        "Wait for it, or end it, and run this again."));
    }

    /** Takes the lock for a base of single tables; empty when another process has it. */
    public static Optional<InitLock> tryForTables(Database source, SourceNames names) {
        return attempt("tidemark base", source, names);
    }

    private static Optional<InitLock> attempt(String what, Database source, SourceNames names) {
        Connection session = source.connect();
        try (PreparedStatement query =
                session.prepareStatement("SELECT pg_try_advisory_lock(hashtext(?), hashtext(?))")) {
            query.setString(1, what);
            query.setString(2, names.slot());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    return Optional.of(new InitLock(session));
                }
            }
            session.close();
            return Optional.empty();
        } catch (SQLException e) {
            throw SourceErrors.of("cannot lock the", source, e);
        }
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }
}

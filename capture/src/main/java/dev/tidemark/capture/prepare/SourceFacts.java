package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Which cluster a source is.
 *
 * @param systemId its own identity, given by initdb
 * @param timeline the timeline that it writes
 * @param serverVersion as the server says it
 */
public record SourceFacts(String systemId, int timeline, String serverVersion) {
    /** Asks the server over the replication protocol, which needs no rights but REPLICATION. */
    public static SourceFacts read(Database source) {
        try (Connection session = source.connectForReplication();
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
            return new SourceFacts(
                    row.getString("systemid"),
                    row.getInt("timeline"),
                    session.getMetaData().getDatabaseProductVersion());
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot identify the " + source + ": " + TidemarkException.reason(e),
                    "The user needs the REPLICATION attribute, and wal_level must be logical.",
                    e);
        }
    }
}

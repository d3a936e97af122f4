package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Which server a source is: what a position's meaning depends on.
 *
 * @param systemId of the cluster; copies of it have the same
 * @param timeline grows with every promotion of a standby
 * @param version as the server writes it, for people
 */
public record SourceFacts(String systemId, int timeline, String version) {
    /** Asks a server; the role needs REPLICATION. */
    public static SourceFacts read(Database database) {
        try (Connection replication = database.connectForReplication(Database.ANSWER_MAX)) {
            return read(replication);
        } catch (SQLException e) {
            throw SourceErrors.of("cannot identify the", database, e);
        }
    }

    /** May the role of a database take its stream? Another may not ask which server it is. */
    public static boolean mayReplicate(Database database) {
        try (Connection connection = database.connectForQuestions();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user")) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            throw SourceErrors.of("cannot ask for the rights in the", database, e);
        }
    }

    static SourceFacts read(Connection replication) throws SQLException {
        try (Statement statement = replication.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
            return new SourceFacts(
                    row.getString("systemid"),
                    row.getInt("timeline"),
                    replication.getMetaData().getDatabaseProductVersion());
        }
    }
}

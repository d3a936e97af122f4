package dev.tidemark.capture.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * What the source keeps of its archive: whoever can write the archive alone cannot change that. For
 * the user that prepares the source.
 */
public final class SourceAnchors {
    private static final int KEPT = 1_000; // one an hour for a month

    private SourceAnchors() {}

    /** Keeps one more, durably. */
    public static void add(Database admin, byte[] content) {
        try (Connection connection = admin.connect()) {
            requireTable(connection, admin);
            try (PreparedStatement insert =
                            connection.prepareStatement(
                                    "INSERT INTO tidemark.anchor (content) VALUES (?)");
                    PreparedStatement delete =
                            connection.prepareStatement(
                                    "DELETE FROM tidemark.anchor WHERE number <= (SELECT max(number) FROM tidemark.anchor) - ?")) {
                insert.setString(1, new String(content, UTF_8));
                insert.executeUpdate();
                delete.setInt(1, KEPT);
                delete.executeUpdate();
            }
        } catch (SQLException e) {
            throw SourceErrors.of("cannot write an anchor into the", admin, e);
        }
    }

    /** The newest one; empty when there is none. */
    public static Optional<byte[]> newest(Database admin) {
        try (Connection connection = admin.connectForQuestions()) {
            requireTable(connection, admin);
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery(
                                    "SELECT content FROM tidemark.anchor ORDER BY number DESC LIMIT 1")) {
                return row.next()
                        ? Optional.of(row.getString(1).getBytes(UTF_8))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw SourceErrors.of("cannot read anchors in the", admin, e);
        }
    }

    private static void requireTable(Connection connection, Database admin) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT to_regclass('tidemark.anchor') IS NOT NULL")) {
            row.next();
            if (!row.getBoolean(1)) {
                throw TidemarkException.refused(
                        "the %s has no place for anchors".formatted(admin),
                        "Run 'tidemark init' once more: it makes what is missing.");
            }
        }
    }
}

package dev.tidemark.cli.differential;

import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** What the source held at a position. */
public record Truth(Position position, DatabaseImage image) {
    /**
     * Reads it under a temporary slot's snapshot, while others may change rows. They must not
     * change the schema: the functions that show definitions see what is newest, not what the
     * snapshot has.
     */
    public static Truth read(Database source, Set<String> kinds) throws SQLException {
        String slot =
                "truth_" + System.nanoTime(); // the last one's goes a moment after its session
        try (SourceSnapshot snapshot = SourceSnapshot.createTemporary(source, slot);
                Connection session = snapshot.session()) {
            return new Truth(snapshot.position(), DatabaseImage.read(session, kinds));
        }
    }
}

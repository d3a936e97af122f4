package dev.tidemark.cli.demo;

import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.capture.prepare.TableParts;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * A look at the source at one position, taken while sessions may go on. The rows are read when
 * asked for, and are those of then. Closing ends it, and with it the slot that gave the position.
 */
final class SourceState implements AutoCloseable {
    /** With a number of its own each: the slot of a session that was closed goes a moment later. */
    private static final String SLOT = "tidemark_demo_";

    /** A table is truncated every some seconds, and the look takes tenths of one. */
    private static final int ATTEMPTS_MAX = 20;

    private final SourceSnapshot snapshot;
    private final Connection session;
    private Instant time = Instant.EPOCH;

    private SourceState(SourceSnapshot snapshot, Connection session) {
        this.snapshot = snapshot;
        this.session = session;
    }

    static SourceState take(Database admin) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            SourceSnapshot snapshot =
                    SourceSnapshot.createTemporary(admin, SLOT + System.nanoTime());
            SourceState state = new SourceState(snapshot, snapshot.session());
            boolean isHeld = false;
            try {
                state.hold();
                isHeld = true;
                return state;
            } catch (TidemarkException e) {
                if (attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            } finally {
                if (!isHeld) {
                    state.close();
                }
            }
        }
    }

    /** A table that was truncated since the snapshot looks empty to it, and is refused. */
    private void hold() throws SQLException {
        time = now(session);
        TableParts.of(session, CatalogReader.read(session).tables());
    }

    private static Instant now(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /** The rows are those of all transactions that ended at or before it. */
    Position position() {
        return snapshot.position();
    }

    /** By the server's clock, not before the position. */
    Instant time() {
        return time;
    }

    DatabaseContent content() throws SQLException {
        return DatabaseContent.read(session);
    }

    @Override
    public void close() throws SQLException {
        try {
            session.close();
        } finally {
            snapshot.close();
        }
    }
}

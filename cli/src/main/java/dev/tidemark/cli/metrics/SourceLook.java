package dev.tidemark.cli.metrics;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a source's replication slot, on a connection that it keeps; after a failure it connects
 * anew. For one thread.
 */
final class SourceLook implements Watch.Look<SourceSample> {
    private static final Logger log = LoggerFactory.getLogger(SourceLook.class);
    private static final String SQL =
            "SELECT (pg_current_wal_lsn() - restart_lsn)::bigint, wal_status, safe_wal_size"
                    + " FROM pg_replication_slots WHERE slot_name = ?";

    private final Observed.Slot slot;
    private final Clock clock;
    private final Forecast forecast = new Forecast();
    private @Nullable Database source;
    private @Nullable Connection connection;

    SourceLook(Observed.Slot slot, Clock clock) {
        this.slot = slot;
        this.clock = clock;
    }

    @Override
    public SourceSample look() {
        try {
            return found();
        } catch (SQLException | TidemarkException e) {
            log.debug("cannot look at the source", e);
            close();
            return SourceSample.DOWN;
        }
    }

    private SourceSample found() throws SQLException {
        try (PreparedStatement query = connected().prepareStatement(SQL)) {
            query.setString(1, slot.name());
            try (ResultSet row = query.executeQuery()) {
                return new SourceSample(true, row.next() ? slot(row) : Optional.empty());
            }
        }
    }

    /** A slot that is lost holds nothing. */
    private Optional<SourceSample.Slot> slot(ResultSet row) throws SQLException {
        long held = row.getLong(1);
        String status = row.getString(2);
        long safe = row.getLong(3);
        if (row.wasNull()) {
            forecast.forget();
            return Optional.of(
                    new SourceSample.Slot(held, text(status), OptionalLong.empty(), Double.NaN));
        }
        // Below zero it is beyond what is safe, and the next checkpoint may remove it.
        double left = Math.max(0.0, (double) safe);
        return Optional.of(
                new SourceSample.Slot(
                        held,
                        text(status),
                        OptionalLong.of(safe),
                        forecast.add(clock.instant(), left)));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private Connection connected() {
        Connection open = connection;
        if (open == null) {
            open = source().connectForQuestions();
            connection = open;
        }
        return open;
    }

    /** Once: whoever reads a password may have to warn of its file. */
    private Database source() {
        Database known = source;
        if (known == null) {
            known = slot.source().get();
            source = known;
        }
        return known;
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                log.debug("cannot close the connection to the source", e);
            }
        }
    }
}

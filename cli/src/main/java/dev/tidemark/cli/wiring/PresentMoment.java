package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.capture.source.SlotGuard;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What is committed in the source now, as soon as the archive has it: what is archived then has
 * that, and perhaps what was committed while one waited.
 */
public final class PresentMoment {
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Beside the age of a segment: captures that take over, and an upload, take some seconds. */
    private static final Duration SLACK = Duration.ofSeconds(60);

    /** For who can do without it. */
    private static final String OTHERWISE = "Or name a moment that is archived, with --at latest.";

    private PresentMoment() {}

    /**
     * Asks the source where it is, and waits until that is archived.
     *
     * @throws TidemarkException when nobody captures, or it takes too long
     */
    public static Moment await(Parts parts, Archive archive)
            throws IOException, InterruptedException {
        SlotGuard.Slot slot = new SlotGuard(parts.source(), parts.names().slot()).look();
        if (slot.activePid().isEmpty()) {
            throw TidemarkException.refused(
                    "no capture streams from the slot '%s', so that the source's present will not be archived"
                            .formatted(parts.names().slot()),
                    "Start the services with 'tidemark run'. " + OTHERWISE);
        }
        Position present = present(parts);
        awaitReached(archive, present, limit(parts), " " + OTHERWISE);
        return new Moment.Latest();
    }

    /** How long it takes at most while capture and archiver work. */
    static Duration limit(Parts parts) {
        return longer(parts.segmentLimits().ageMax(), parts.segmentLimits().idleAgeMax())
                .plus(SLACK);
    }

    /**
     * Waits until the archive has all up to a position of the source.
     *
     * @param otherwise what else can be done when it does not come to that, for the hint
     */
    static void awaitReached(Archive archive, Position position, Duration limit, String otherwise)
            throws IOException, InterruptedException {
        archive.refresh();
        long end = System.nanoTime() + limit.toNanos();
        while (archive.state()
                .newest()
                .filter(one -> !one.span().to().isBefore(position))
                .isEmpty()) {
            if (System.nanoTime() > end) {
                throw TidemarkException.failed(
                        "the archive has not reached %s in %d s"
                                .formatted(position, limit.toSeconds()),
                        "'tidemark info' says how far it is." + otherwise);
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            archive.refresh();
        }
    }

    /** The end of what was written or is still to be: a commit need not wait for its writing. */
    private static Position present(Parts parts) {
        try (Connection connection = parts.source().connectForQuestions();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
            row.next();
            return Position.of(row.getString(1));
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot ask the %s where it is: %s"
                            .formatted(parts.source(), TidemarkException.reason(e)),
                    "Look at the source's log. " + OTHERWISE,
                    e);
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}

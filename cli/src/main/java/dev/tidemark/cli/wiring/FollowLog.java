package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.ahead.ArchiveAhead;
import dev.tidemark.archiver.consume.ChangeLog;
import dev.tidemark.archiver.segment.SegmentLimits;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The archive, and what is in the change log after it. While the log cannot be read it is the
 * archive alone. For one thread.
 */
public final class FollowLog implements FollowSource {
    /** Who asks a broker that is away waits for an answer each time. */
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private final Archive published;
    private final Supplier<ChangeLog> opening;
    private final SegmentLimits limits;
    private final Path temporary;
    private final Clock clock;
    private Optional<ArchiveAhead> ahead = Optional.empty();
    private Instant notBefore = Instant.MIN;

    /**
     * @param published closed by others
     * @param opening opens the log, each time that it could not be read
     * @param temporary a folder for what is read
     */
    public FollowLog(
            Archive published,
            Supplier<ChangeLog> opening,
            SegmentLimits limits,
            Path temporary,
            Clock clock) {
        this.published = published;
        this.opening = opening;
        this.limits = limits;
        this.temporary = temporary;
        this.clock = clock;
    }

    @Override
    public Archive archive() {
        return ahead.map(ArchiveAhead::archive).orElse(published);
    }

    @Override
    public void refresh(FollowJob.Listener listener) throws IOException {
        published.refresh();
        if (clock.instant().isBefore(notBefore)) {
            return;
        }
        try {
            if (ahead.isEmpty()) {
                ahead = Optional.of(open());
            }
            ahead.get().refresh();
        } catch (TidemarkException e) {
            listener.waits(
                    "the change log is not read, and the archive alone is followed: "
                            + e.getMessage());
            close();
            notBefore = clock.instant().plus(AGAIN);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private ArchiveAhead open() throws IOException, InterruptedException {
        ChangeLog log = opening.get();
        try {
            return ArchiveAhead.of(published, log, limits, temporary, clock);
        } catch (TidemarkException | IOException | InterruptedException e) {
            log.close();
            throw e;
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while the change log was read");
    }

    @Override
    public void close() throws IOException {
        Optional<ArchiveAhead> last = ahead;
        ahead = Optional.empty();
        if (last.isPresent()) {
            last.get().close();
        }
    }
}

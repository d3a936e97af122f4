package dev.tidemark.cli;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What the source held at a moment, table by table. */
public record Truth(Position position, Instant time, Map<String, RowsChecksum> tables) {
    /** The same, looked for so much later: what is sampled after it counts too. */
    Truth later(Duration by) {
        return new Truth(position, time.plus(by), tables);
    }

    /** Has the archive something later than this? */
    public boolean isPassedIn(ObjectStore store) {
        try (Archive archive = Archive.openWithoutKey(store)) {
            return archive.state()
                    .newest()
                    .map(segment -> segment.span())
                    .filter(span -> !span.to().isBefore(position))
                    .filter(span -> span.latestCommit().isAfter(time))
                    .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

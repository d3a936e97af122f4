package dev.tidemark.archiver;

import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the archiver is, for those who watch.
 *
 * @param state what it does
 * @param segments published since the start
 * @param changes published since the start
 * @param bytes published since the start
 * @param archived the last position in the archive that this one knows of
 * @param archivedTime its commit time
 * @param manifest the number of the manifest that it is in
 * @param gaps that the archive has recorded
 * @param openSince when the first transaction of the segment that is not published yet was read
 * @param heard when the topic became its own to read, or it last got a record or published a
 *     segment, by the own clock
 */
public record ArchiverProgress(
        State state,
        long segments,
        long changes,
        long bytes,
        Position archived,
        Instant archivedTime,
        long manifest,
        long gaps,
        Optional<Instant> openSince,
        Instant heard) {
    /** Of an archiver that has not looked at its archive yet. */
    public static final ArchiverProgress NONE =
            new ArchiverProgress(
                    State.STARTING,
                    0,
                    0,
                    0,
                    Position.ZERO,
                    Instant.EPOCH,
                    0,
                    0,
                    Optional.empty(),
                    Instant.EPOCH);

    /** What the archiver does. */
    public enum State {
        /** It opens the archive, and asks Kafka for the topic. */
        STARTING,
        /** Another archiver works, or Kafka is electing. */
        STANDING_BY,
        /** The topic is its own to read. */
        WORKING
    }

    ArchiverProgress in(State now) {
        return new ArchiverProgress(
                now,
                segments,
                changes,
                bytes,
                archived,
                archivedTime,
                manifest,
                gaps,
                openSince,
                heard);
    }

    /** With nothing read after this manifest. */
    ArchiverProgress at(Manifest newest) {
        return new ArchiverProgress(
                state,
                segments,
                changes,
                bytes,
                newest.span().to(),
                newest.span().lastCommit(),
                newest.number(),
                gaps,
                Optional.empty(),
                heard);
    }

    ArchiverProgress with(ArchiveState archive) {
        return new ArchiverProgress(
                state,
                segments,
                changes,
                bytes,
                archived,
                archivedTime,
                manifest,
                archive.bases().stream().filter(base -> base.gap().isPresent()).count(),
                openSince,
                heard);
    }

    ArchiverProgress published(Manifest segment) {
        return new ArchiverProgress(
                        state,
                        segments + 1,
                        changes + segment.span().changes(),
                        bytes + segment.dataBytes(),
                        archived,
                        archivedTime,
                        manifest,
                        gaps,
                        openSince,
                        heard)
                .at(segment);
    }

    ArchiverProgress opened(Instant now) {
        return new ArchiverProgress(
                state,
                segments,
                changes,
                bytes,
                archived,
                archivedTime,
                manifest,
                gaps,
                Optional.of(now),
                heard);
    }

    ArchiverProgress heard(Instant now) {
        return new ArchiverProgress(
                state,
                segments,
                changes,
                bytes,
                archived,
                archivedTime,
                manifest,
                gaps,
                openSince,
                now);
    }
}

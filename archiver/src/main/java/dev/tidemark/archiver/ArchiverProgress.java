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
 * @param published since the start
 * @param archive as far as this one knows it
 * @param openSince when the first transaction of the segment that is not published yet was read
 * @param heard when the topic became its own to read, or it last got a record or published a
 *     segment, by the own clock
 */
public record ArchiverProgress(
        State state,
        Published published,
        Known archive,
        Optional<Instant> openSince,
        Instant heard) {
    /** Of an archiver that has not looked at its archive yet. */
    public static final ArchiverProgress NONE =
            new ArchiverProgress(
                    State.STARTING,
                    new Published(0, 0, 0),
                    new Known(Position.ZERO, Instant.EPOCH, 0, 0),
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

    /** How many segments, and how many changes and bytes were in them. */
    public record Published(long segments, long changes, long bytes) {
        Published with(Manifest segment) {
            return new Published(
                    segments + 1, changes + segment.span().changes(), bytes + segment.dataBytes());
        }
    }

    /**
     * An archive.
     *
     * @param to the last position in it
     * @param lastCommit the commit time there
     * @param manifest the number of the manifest that it is in
     * @param gaps that it has recorded
     */
    public record Known(Position to, Instant lastCommit, long manifest, long gaps) {
        static Known of(ArchiveState archive) {
            Manifest newest = archive.newest().orElseThrow();
            return new Known(
                    newest.span().to(),
                    newest.span().lastCommit(),
                    newest.number(),
                    archive.bases().stream().filter(base -> base.gap().isPresent()).count());
        }
    }

    ArchiverProgress in(State now) {
        return new ArchiverProgress(now, published, archive, openSince, heard);
    }

    /** With nothing read after the archive's end. */
    ArchiverProgress at(ArchiveState known) {
        return new ArchiverProgress(state, published, Known.of(known), Optional.empty(), heard);
    }

    /** With a segment that is in the archive now. */
    ArchiverProgress published(Manifest segment, ArchiveState known) {
        return new ArchiverProgress(state, published.with(segment), archive, openSince, heard)
                .at(known);
    }

    ArchiverProgress opened(Instant now) {
        return new ArchiverProgress(state, published, archive, Optional.of(now), heard);
    }

    ArchiverProgress heard(Instant now) {
        return new ArchiverProgress(state, published, archive, openSince, now);
    }
}

package dev.tidemark.archiver.commit;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.Expiry;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Hold;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.manifest.Statement;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Publishes manifests beside an archiver that publishes segments: whoever loses the race for a
 * number tries the next one. For one thread.
 */
public final class SideCommitter {
    /** Lost races: an archiver publishes a segment in seconds, and an attempt takes less. */
    private static final int ATTEMPTS_MAX = 50;

    private final Archive archive;
    private final Clock clock;

    public SideCommitter(Archive archive, Clock clock) {
        this.archive = archive;
        this.clock = clock;
    }

    /** A base beside the newest step, with where the archive stands as that says. */
    public Manifest draft(Manifest.Kind kind, Span span, FileRef catalog, List<FileRef> files) {
        return draft(kind, span, catalog, files, Optional.empty());
    }

    /** What publishes no files. */
    public Manifest draft(Manifest.Kind kind, Statement said) {
        return draft(
                kind,
                archive.state().newest().orElseThrow().span(),
                archive.state().catalog().orElseThrow(),
                List.of(),
                Optional.of(said));
    }

    /** A merged segment. */
    public Manifest draft(Merged said, Span span, List<FileRef> files) {
        FileRef catalog = archive.state().catalog().orElseThrow();
        return draft(Manifest.Kind.MERGED_SEGMENT, span, catalog, files, Optional.of(said));
    }

    private Manifest draft(
            Manifest.Kind kind,
            Span span,
            FileRef catalog,
            List<FileRef> files,
            Optional<Statement> said) {
        Manifest newest = archive.state().newest().orElseThrow();
        return new Manifest(
                ArchiveIdentity.FORMAT,
                0,
                "",
                kind,
                "",
                clock.instant(),
                newest.timeline(),
                newest.log(),
                span,
                catalog,
                files,
                Optional.empty(),
                Optional.empty(),
                said.filter(Mark.class::isInstance).map(Mark.class::cast),
                said.filter(Merged.class::isInstance).map(Merged.class::cast),
                said.filter(Hold.class::isInstance).map(Hold.class::cast),
                said.filter(Expiry.class::isInstance).map(Expiry.class::cast));
    }

    /**
     * Tries to publish one.
     *
     * @param attempt how many were lost before it
     * @return whether it won; else the state is that after whoever did
     * @throws TidemarkException when too many were lost
     */
    public boolean commit(int attempt, Manifest draft) throws IOException {
        try {
            archive.commit(draft);
            return true;
        } catch (LostRaceException e) {
            if (attempt >= ATTEMPTS_MAX) {
                throw TidemarkException.failed(
                        "cannot publish in the archive %s: %s"
                                .formatted(archive.url(), e.getMessage()),
                        "Others publish faster. The next try may be luckier.",
                        e);
            }
            archive.refresh();
            return false;
        }
    }
}

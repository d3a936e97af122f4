package dev.tidemark.archiver.base;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archiver.commit.SideCommitter;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;

/**
 * Publishes bases beside an archiver that publishes segments. Uploading one takes longer than a
 * segment lasts, so a manifest says first that its files are no garbage. For one thread.
 *
 * <p>Of several that work at a time only the one that began last may publish: the others' files may
 * be collected.
 */
final class BesideArchiver {
    private final Archive archive;
    private final SideCommitter committer;
    private final Manifest.Kind begun;

    /**
     * @param begun the kind of manifest that says that this began
     */
    BesideArchiver(Archive archive, Clock clock, Manifest.Kind begun) {
        this.archive = archive;
        this.committer = new SideCommitter(archive, clock);
        this.begun = begun;
    }

    /** To be called before the first file is uploaded; collects what others left. */
    void begin() throws IOException {
        begin(state -> state.newest().orElseThrow().span());
    }

    /**
     * The same.
     *
     * @param span what it says of the place, by the state that it follows on
     */
    void begin(Function<ArchiveState, Span> span) throws IOException {
        archive.refresh();
        boolean isSaid = false;
        for (int attempt = 0; !isSaid; attempt++) {
            ArchiveState state = archive.state();
            isSaid =
                    commit(
                            attempt,
                            begun,
                            span.apply(state),
                            state.catalog().orElseThrow(),
                            List.of());
        }
        archive.collectGarbage();
    }

    /** Was it this one that began last? */
    boolean isOurs() {
        return archive.state().writerSince(begun).filter(archive.writer()::equals).isPresent();
    }

    /** Did it win? If it lost, the state is that after whoever won. */
    boolean commit(int attempt, Manifest.Kind kind, Span span, FileRef catalog, List<FileRef> files)
            throws IOException {
        return committer.commit(attempt, committer.draft(kind, span, catalog, files));
    }
}

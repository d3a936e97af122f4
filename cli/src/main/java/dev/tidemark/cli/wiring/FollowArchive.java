package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import java.io.IOException;

/**
 * What is archived alone: a segment's age behind.
 *
 * @param archive closed by others
 */
public record FollowArchive(Archive archive) implements FollowSource {
    @Override
    public void refresh(FollowJob.Listener listener) throws IOException {
        archive.refresh();
    }

    @Override
    public void close() {}
}

package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import java.io.IOException;

/** From where a database that follows comes to know what is new. For one thread. */
public sealed interface FollowSource extends AutoCloseable permits FollowArchive, FollowLog {
    /** All that is known; maybe another one after each {@link #refresh}. */
    Archive archive();

    /**
     * Looks for what is new.
     *
     * @param listener hears why less than all of it is known
     */
    void refresh(FollowJob.Listener listener) throws IOException;

    @Override
    void close() throws IOException;
}

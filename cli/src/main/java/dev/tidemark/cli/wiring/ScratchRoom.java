package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Is there room for a restored database? A guess, so that a full disk is not met after hours. */
final class ScratchRoom {
    /** Rows and indexes to Parquet: CRM data is stored in an eighth of what the server takes. */
    private static final long FACTOR = 10;

    /** Beside its columns a row has a header, a pointer and an entry in the key's index. */
    private static final long ROW_BYTES = 60;

    /** An empty server, and its log for as long as a checkpoint takes. */
    private static final long SERVER_BYTES = 200L << 20;

    private ScratchRoom() {}

    /** What a plan's rows take in a server. */
    static long guess(RestorePlan plan) {
        return SERVER_BYTES + ofRows(plan);
    }

    /** The same without what a server takes that holds none. */
    static long ofRows(RestorePlan plan) {
        long bytes = plan.baseFiles().stream().mapToLong(FileRef::bytes).sum();
        long rows = plan.baseFiles().stream().mapToLong(FileRef::rows).sum() + plan.changes();
        return bytes * FACTOR + rows * ROW_BYTES;
    }

    /**
     * Refuses a folder without it.
     *
     * @throws TidemarkException (refused) with what there is and what is needed
     */
    static void require(long bytes, Path folder) throws IOException {
        require(bytes, folder, Files.getFileStore(folder).getUsableSpace());
    }

    static void require(long bytes, Path folder, long free) {
        if (free < bytes) {
            throw TidemarkException.refused(
                    "a scratch database takes about %s, and %s has room for %s"
                            .formatted(Figures.bytes(bytes), folder, Figures.bytes(free)),
                    "Set temporary-directory to a folder with more room, or drill into a database of another server with"
                            + " --into.");
        }
    }
}

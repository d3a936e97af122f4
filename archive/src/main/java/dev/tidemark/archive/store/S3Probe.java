package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Can a bucket hold an archive? Asked once, before anything is promised. */
final class S3Probe {
    /** A name that {@code list} hides and callers cannot use. */
    static final String FOLDER = ".probe/";

    private static final String OTHER_SERVICE_HINT =
            "Use a service that honours If-None-Match on PUT (AWS S3, MinIO, Ceph and Cloudflare R2"
                    + " do), or a local folder. Without it two archivers could overwrite each"
                    + " other's manifests.";

    private final S3ObjectStore store;

    private final S3Locks locks;

    S3Probe(S3ObjectStore store, S3Locks locks) {
        this.store = store;
        this.locks = locks;
    }

    void run() {
        String name = FOLDER + UUID.randomUUID();
        try {
            store.list("", "", 1);
            locks.check();
            boolean created = store.createOwn(name, content("first"));
            try {
                checkSecond(name, created);
            } catch (IOException | TidemarkException e) {
                deleteAfter(name, e);
                throw e;
            }
            store.deleteOwn(name);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot use archive '%s': %s"
                            .formatted(store.url(), TidemarkException.reason(e)),
                    "Check 'archive.url', 'archive.s3.endpoint', the network, and whether the"
                            + " service is up.",
                    e);
        }
    }

    private void checkSecond(String name, boolean created) throws IOException {
        if (!created) {
            throw TidemarkException.refused(
                    "archive '%s' says that the new name '%s' is taken"
                            .formatted(store.url(), name),
                    OTHER_SERVICE_HINT);
        }
        if (store.createOwn(name, content("second"))) {
            throw TidemarkException.refused(
                    "archive '%s' created the same name twice: it ignores If-None-Match"
                            .formatted(store.url()),
                    OTHER_SERVICE_HINT);
        }
    }

    private void deleteAfter(String name, Exception cause) {
        try {
            store.deleteOwn(name);
        } catch (IOException | TidemarkException e) {
            cause.addSuppressed(e);
        }
    }

    private static byte[] content(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

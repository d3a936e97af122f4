package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.Archive;
import java.io.IOException;
import java.nio.file.Path;

/** Brings base files to local disk. Safe for use by many threads. */
record BaseFiles(Archive archive, Path temporary) {
    /** A local copy, which the caller deletes. */
    Path local(BaseFile file) throws IOException {
        return switch (file) {
            case BaseFile.Archived archived -> archive.fetch(archived.file(), temporary);
            case BaseFile.Local local -> local.file();
        };
    }
}

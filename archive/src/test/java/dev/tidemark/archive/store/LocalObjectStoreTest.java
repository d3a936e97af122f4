package dev.tidemark.archive.store;

import java.io.IOException;
import java.nio.file.Files;

final class LocalObjectStoreTest extends ObjectStoreContract {
    @Override
    ObjectStore open() throws IOException {
        return new LocalObjectStore(Files.createDirectory(folder.resolve("archive")));
    }
}

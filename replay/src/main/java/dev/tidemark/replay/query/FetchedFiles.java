package dev.tidemark.replay.query;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files of the archive on local disk, each fetched and checked once. For one thread. */
final class FetchedFiles {
    private final Archive archive;
    private final Path folder;
    private final Map<FileRef, Path> fetched = new HashMap<>();

    private FetchedFiles(Archive archive, Path folder) {
        this.archive = archive;
        this.folder = folder;
    }

    /**
     * Begins with none.
     *
     * @param parent where a folder for them is made; the caller deletes it
     */
    static FetchedFiles in(Archive archive, Path parent) throws IOException {
        return new FetchedFiles(archive, Files.createDirectories(parent.resolve("files")));
    }

    /**
     * Where some are.
     *
     * @param goesOn is called before each, and throws what ends it
     */
    List<Path> of(List<FileRef> files, Runnable goesOn) throws IOException {
        List<Path> local = new ArrayList<>();
        for (FileRef file : files) {
            Path there = fetched.get(file);
            if (there == null) {
                goesOn.run();
                there = archive.fetch(file, folder);
                fetched.put(file, there);
            }
            local.add(there);
        }
        return local;
    }
}

package dev.tidemark.archive.manifest;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which files of an archive were read, each of them held against the hash in its manifest. Safe for
 * use by many threads.
 */
public final class ReadFiles {
    private final Set<FileRef> files = ConcurrentHashMap.newKeySet();

    ReadFiles() {}

    void add(FileRef file) {
        files.add(file);
    }

    /** Those of until now, by name. */
    public List<FileRef> inOrder() {
        return files.stream().sorted(Comparator.comparing(FileRef::name)).toList();
    }
}

package dev.tidemark.archive.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The steps of which {@link LocalObjectStore} makes a durable object, so that a test can break each
 * of them.
 */
interface Disk {
    /** Creates a file and writes it to the platters. */
    void write(Path file, InputStream content) throws IOException;

    /**
     * Gives a file a second name.
     *
     * @throws java.nio.file.FileAlreadyExistsException when that is taken
     * @throws UnsupportedOperationException when the file system has no links
     */
    void link(Path file, Path secondName) throws IOException;

    /** Creates one folder; its parent is there. */
    void createFolder(Path folder) throws IOException;

    /** Writes the names in a folder to the platters. */
    void forceFolder(Path folder) throws IOException;

    /** Removes a file, or an empty folder. */
    void delete(Path file) throws IOException;
}

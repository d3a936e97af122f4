package dev.tidemark.archive.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Named objects that are created once and never change: all that an archive needs of its storage.
 *
 * <p>Names are relative, parts joined by {@code /}, of the letters {@code A–Z a–z 0–9 . _ -}; a
 * part is never {@code .} or {@code ..}. Anything else is an {@link IllegalArgumentException}. Safe
 * for use by many threads.
 *
 * <p>A write has three ends: done (the call returns), lost (the name was there), unknown (an {@link
 * IOException}): then the object may or may not be there, and the caller reads back before it
 * decides anything.
 */
public interface ObjectStore extends Closeable {
    /**
     * Creates an object unless the name is taken. When it returns, the object is whole and survives
     * a loss of power.
     *
     * @return did this call create it? After a retried request that found its own object, a store
     *     may answer false: the caller compares the content where that matters
     */
    boolean putIfAbsent(String name, byte[] content) throws IOException;

    /**
     * Creates an object from a local file under a name that was never used. When it returns, the
     * object is whole and survives a loss of power.
     */
    void put(String name, Path file) throws IOException;

    /**
     * The whole object, which must be small: manifests, catalogs.
     *
     * @throws java.nio.file.NoSuchFileException when there is none, with the object's name
     */
    byte[] get(String name) throws IOException;

    /**
     * Copies an object to a local file, which is created or replaced.
     *
     * @throws java.nio.file.NoSuchFileException when there is none, with the object's name
     */
    void download(String name, Path file) throws IOException;

    /**
     * The object's size in bytes.
     *
     * @throws java.nio.file.NoSuchFileException when there is none, with the object's name
     */
    long size(String name) throws IOException;

    /**
     * Names that start with a prefix and come after another name, in the order of their bytes.
     *
     * @param after {@code ""} for all
     * @param namesMax at most so many
     */
    List<String> list(String prefix, String after, int namesMax) throws IOException;

    /** Removes an object; one that is not there is no error. */
    void delete(String name) throws IOException;

    /**
     * Checks that the storage can be written and that it refuses to create a name twice; leaves no
     * trace.
     *
     * @throws dev.tidemark.schemas.TidemarkException naming the storage and what it cannot do
     */
    void probe() throws IOException;

    /** For people: where this is, without any secret. */
    String url();

    @Override
    void close() throws IOException;
}

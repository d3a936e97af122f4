package dev.tidemark.archive.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Named objects that are created once and never change: all that an archive needs of its storage.
 *
 * <p>Names are relative, parts joined by {@code /}, of the letters {@code A–Z a–z 0–9 . _ -}; a
 * part is never {@code .} or {@code ..}, and the first does not begin with a dot: those names are
 * the stores' own. Anything else is an {@link IllegalArgumentException}. A name is never the folder
 * of another ({@code a} beside {@code a/b}): not every store can hold both. Safe for use by many
 * threads.
 *
 * <p>A write has three ends: done (the call returns), lost (the name was there: false, or {@link
 * java.nio.file.FileAlreadyExistsException}), unknown (any other exception, a {@link
 * dev.tidemark.schemas.TidemarkException} for what an operator has to mend included, since an
 * earlier try of the same call may have arrived): then the object may or may not be there, and the
 * caller reads back before it decides anything. A thread that is interrupted gets an {@link
 * IOException} and stays interrupted.
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
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken, with the name; the
     *     object that is there stays. A store that cannot see this for large files may replace it
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
     * Where an object is as a local file, which nobody may write; empty where it is none, or is not
     * there.
     */
    default Optional<Path> inPlace(String name) throws IOException {
        return Optional.empty();
    }

    /**
     * The object's size in bytes.
     *
     * @throws java.nio.file.NoSuchFileException when there is none, with the object's name
     */
    long size(String name) throws IOException;

    /**
     * Names that start with a prefix and come after another name, in the order of their bytes.
     *
     * @param prefix the beginning of names, not of parts: {@code ""} for all, {@code data/}, {@code
     *     manifests/0000}
     * @param after {@code ""} for all; it need not exist
     * @param namesMax at most so many
     */
    List<String> list(String prefix, String after, int namesMax) throws IOException;

    /**
     * Removes an object; one that is not there is no error. After a loss of power it may be there
     * again, and so may one that the storage has locked; what was locked is not lost.
     */
    void delete(String name) throws IOException;

    /**
     * Locks an object anew as if it was written now, where the storage was told to lock what is
     * written; else does nothing.
     *
     * @throws java.io.IOException when the storage refuses that
     */
    default void renewLock(String name) throws IOException {}

    /**
     * Checks that the storage can be written and that it refuses to create a name twice; leaves no
     * object behind. Writers call it once when they start; readers, who may lack the right to
     * write, do not.
     *
     * @throws dev.tidemark.schemas.TidemarkException naming the storage and what it cannot do
     */
    void probe() throws IOException;

    /** For people: where this is, without any secret. */
    String url();

    @Override
    void close() throws IOException;

    /** Can an object have that name? */
    static boolean isName(String name) {
        return ObjectNames.isValid(name);
    }
}

package dev.tidemark.archive.manifest;

import dev.tidemark.archive.crypt.DecryptedRoom;
import dev.tidemark.archive.crypt.EncryptedFiles;
import dev.tidemark.archive.crypt.UndecryptableException;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The files of an archive on their way in and out: in an encrypted archive they are encrypted here
 * before anything leaves the machine, under their own names, so that none can stand for another.
 * Sizes and hashes are those of what is stored, and can be checked without the key. Safe for use by
 * many threads.
 */
final class ArchiveFiles {
    private static final String ENCRYPTED = ".encrypted";

    private final ObjectStore store;
    private final Optional<EncryptedFiles> encryption;
    private final Replacements replacements;
    private final DecryptedRoom room = new DecryptedRoom();
    private volatile Optional<ReadFiles> noted = Optional.empty();

    /** Knows which files were merged away. */
    interface Replacements {
        boolean isReplaced(FileRef file) throws IOException;
    }

    ArchiveFiles(
            ObjectStore store, Optional<EncryptedFiles> encryption, Replacements replacements) {
        this.store = store;
        this.encryption = encryption;
        this.replacements = replacements;
    }

    /** From now on each file that is read is noted, and none is read in place, unchecked. */
    ReadFiles noteReads() {
        ReadFiles files = new ReadFiles();
        noted = Optional.of(files);
        return files;
    }

    /** Uploads a local file; what it looks like encrypted is beside it meanwhile. */
    FileRef upload(Path file, String name, FileRef.Kind kind, long rows, long table, int version)
            throws IOException {
        if (encryption.isEmpty()) {
            return put(file, name, kind, rows, table, version);
        }
        Path encrypted = file.resolveSibling(file.getFileName() + ENCRYPTED);
        try {
            encryption.get().encrypt(file, encrypted, name);
            return put(encrypted, name, kind, rows, table, version);
        } finally {
            Files.deleteIfExists(encrypted);
        }
    }

    private FileRef put(
            Path file, String name, FileRef.Kind kind, long rows, long table, int version)
            throws IOException {
        FileRef ref =
                new FileRef(
                        name, kind, Files.size(file), rows, Hashes.sha256(file), table, version);
        store.put(name, file);
        return ref;
    }

    /** Uploads a small object; one that is there already must be the same. */
    FileRef upload(byte[] content, String name, FileRef.Kind kind) throws IOException {
        byte[] stored = encryption.isEmpty() ? content : encryption.get().encrypt(content, name);
        if (!store.putIfAbsent(name, stored)) {
            stored = store.get(name);
            if (!isOf(content, stored, name)) {
                throw TidemarkException.failed(
                        "the archive already holds another object " + name,
                        "Run the command again.");
            }
        }
        return new FileRef(name, kind, stored.length, 0, Hashes.sha256(stored), 0, 0);
    }

    /** To encrypt the same content again gives other bytes. */
    private boolean isOf(byte[] content, byte[] stored, String name) throws IOException {
        try {
            return Arrays.equals(
                    encryption.isEmpty() ? stored : encryption.get().decrypt(stored, name),
                    content);
        } catch (UndecryptableException e) {
            return false;
        }
    }

    /** Copies a file to local disk, checks it, and decrypts it. */
    Path fetch(FileRef file, Path folder) throws IOException {
        noted.ifPresent(files -> files.add(file));
        Path local = folder.resolve(file.name().replace('/', '_'));
        if (encryption.isEmpty()) {
            download(file, local);
            return local;
        }
        Path encrypted = local.resolveSibling(local.getFileName() + ENCRYPTED);
        room.take(local, file.bytes());
        try {
            download(file, encrypted);
            encryption.get().decrypt(encrypted, local, file.name());
            return local;
        } catch (UndecryptableException e) {
            throw undecryptable(file, e);
        } finally {
            Files.deleteIfExists(encrypted);
            room.settle(local, file.bytes());
        }
    }

    /** Where a file can be read without a copy of it; of its content only the size is checked. */
    Optional<Path> inPlace(FileRef file) throws IOException {
        boolean isFree = encryption.isEmpty() && noted.isEmpty();
        Optional<Path> there = isFree ? store.inPlace(file.name()) : Optional.empty();
        return there.isPresent() && Files.size(there.get()) == file.bytes()
                ? there
                : Optional.empty();
    }

    /** What is decrypted takes no more of the local disk than this. */
    void limitDecrypted(long bytesMax) {
        room.limit(bytesMax);
    }

    /** How much of it may be on local disk at a time. */
    long localBytesMax() {
        return encryption.isEmpty() ? Long.MAX_VALUE : room.limit();
    }

    /** Copies a file to local disk as it is stored, and checks it. */
    private void download(FileRef file, Path local) throws IOException {
        try {
            store.download(file.name(), local);
        } catch (NoSuchFileException e) {
            throw missing(file);
        }
        long bytes = Files.size(local);
        if (bytes != file.bytes()) {
            throw damaged(file, "has " + bytes + " bytes instead of " + file.bytes());
        }
        if (!Hashes.sha256(local).equals(file.sha256())) {
            throw altered(file);
        }
    }

    /** Reads all of a file and checks it; needs no key. */
    void checkContent(FileRef file, Path folder) throws IOException {
        Path local = folder.resolve(file.name().replace('/', '_') + ".checked");
        try {
            download(file, local);
        } finally {
            Files.deleteIfExists(local);
        }
    }

    /** Is there an object with its name, whatever is in it? */
    boolean isThere(FileRef file) throws IOException {
        try {
            store.size(file.name());
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Checks that a file is there and has its size; reads nothing of it. */
    void checkSize(FileRef file) throws IOException {
        long bytes;
        try {
            bytes = store.size(file.name());
        } catch (NoSuchFileException e) {
            throw missing(file);
        }
        if (bytes != file.bytes()) {
            throw damaged(file, "has " + bytes + " bytes instead of " + file.bytes());
        }
    }

    /** Reads a small object, checks it, and decrypts it. */
    byte[] read(FileRef file) throws IOException {
        noted.ifPresent(files -> files.add(file));
        byte[] content;
        try {
            content = store.get(file.name());
        } catch (NoSuchFileException e) {
            throw missing(file);
        }
        if (content.length != file.bytes() || !Hashes.sha256(content).equals(file.sha256())) {
            throw altered(file);
        }
        try {
            return encryption.isEmpty() ? content : encryption.get().decrypt(content, file.name());
        } catch (UndecryptableException e) {
            throw undecryptable(file, e);
        }
    }

    /** Whoever reads for hours may find that what he reads was merged and is gone. */
    private TidemarkException missing(FileRef file) throws IOException {
        if (replacements.isReplaced(file)) {
            return TidemarkException.failed(
                    "the archive's file %s is gone: what it was of was merged or expired since this began"
                            .formatted(file.name()),
                    "Nothing is lost. Run the command again: it reads what took its place.");
        }
        return damaged(file, "is missing");
    }

    private static TidemarkException altered(FileRef file) {
        return damaged(file, "was altered: its SHA-256 is not the one in its manifest");
    }

    private static TidemarkException damaged(FileRef file, String how) {
        return TidemarkException.refused(
                "the archive's file " + file.name() + " " + how,
                "Run 'tidemark verify' to list all damage. Restore the file from a copy of the archive if you have one.");
    }

    /** Its hash is right, so its manifest was made for it by who has no key. */
    private static TidemarkException undecryptable(FileRef file, UndecryptableException e) {
        return TidemarkException.refused(
                "the archive's file %s is what its manifest says, and cannot be decrypted: it was not encrypted under this name with the archive's keys"
                        .formatted(file.name()),
                "Somebody exchanged the file and its manifest, or the folder 'keys'. Compare with a copy of the archive.",
                e);
    }
}

package dev.tidemark.cli.command;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.crypt.KeyEncryptionKey;
import dev.tidemark.archive.crypt.Keyring;
import dev.tidemark.archive.crypt.LocalKey;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveKeys;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Parts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * That a copy of a key opens an archive, shown by reading with it.
 *
 * @param key its id
 * @param dataKeys that it unwraps
 * @param read the file that was decrypted with it; empty in an archive without a base
 */
record KeyProof(String archive, String key, int dataKeys, Optional<String> read) {
    /** Tries it, with no other key than this. */
    static KeyProof of(CommandContext context, Path file) {
        Parts parts = context.parts(Section.ARCHIVE);
        KeyEncryptionKey key = LocalKey.read(context.directory().resolve(file));
        try (ObjectStore store = parts.store()) {
            Keyring keyring = ArchiveKeys.of(store, KeyChain.of(key));
            Archive archive = Archive.open(store, KeyChain.of(key));
            Optional<FileRef> newest = archive.state().catalog();
            if (newest.isPresent()) {
                archive.read(newest.get());
            }
            return new KeyProof(
                    store.url(), key.id(), keyring.dataKeys(), newest.map(FileRef::name));
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    void print(PrintStream out) {
        out.printf(
                "The key %s opens the archive %s%s.%n",
                key,
                archive,
                read.map(name -> ": " + name + " was read with it")
                        .orElse(", which holds no base"));
    }
}

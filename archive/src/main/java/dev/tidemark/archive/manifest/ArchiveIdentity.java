package dev.tidemark.archive.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Optional;

/**
 * What an archive is of: {@code tidemark.json}, its first object.
 *
 * @param format the version of the archive's format
 * @param source the configured name of the source
 * @param systemId the cluster's own identity
 * @param database the database's name
 * @param created by the clock of who created it
 * @param encoding how the data files are encoded: {@code parquet}
 * @param encryption how all files are encrypted: {@link #TINK}; empty when they are not
 */
public record ArchiveIdentity(
        int format,
        String source,
        String systemId,
        String database,
        Instant created,
        String encoding,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> encryption) {
    /** The format that this version writes. */
    public static final int FORMAT = 1;

    /** By Tink's streaming encryption, under the keys in {@code keys/}. */
    static final String TINK = "tink-streaming-aead";

    static final String NAME = "tidemark.json";

    /** For who looks at an archive whose own one is lost: nothing can be decrypted by it. */
    static final ArchiveIdentity LOST = new ArchiveIdentity(FORMAT, "", "", "", Instant.EPOCH, "");

    /** Of an archive that is not encrypted. */
    public ArchiveIdentity(
            int format,
            String source,
            String systemId,
            String database,
            Instant created,
            String encoding) {
        this(format, source, systemId, database, created, encoding, Optional.empty());
    }

    /** The same, encrypted. */
    ArchiveIdentity encrypted() {
        return new ArchiveIdentity(
                format, source, systemId, database, created, encoding, Optional.of(TINK));
    }

    public boolean isEncrypted() {
        return encryption.isPresent();
    }

    /** What the bytes of an archive's first object are; empty without an archive. */
    static Optional<byte[]> find(ObjectStore store) throws IOException {
        try {
            return Optional.of(store.get(NAME));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The SHA-256 in hex of those bytes: no other archive has it. */
    static String hash(ObjectStore store) throws IOException {
        return Hashes.sha256(store.get(NAME));
    }

    /**
     * Reads an archive's first object.
     *
     * @throws TidemarkException when there is no archive, or a newer version wrote it
     */
    static ArchiveIdentity read(ObjectStore store) throws IOException {
        byte[] content = find(store).orElseThrow(() -> noArchive(store.url()));
        FutureGuard guard = new FutureGuard(store.url());
        guard.tooNewToWrite(content, NAME)
                .or(() -> guard.noFormat(content, NAME))
                .ifPresent(
                        refusal -> {
                            throw refusal;
                        });
        return read(content, store.url());
    }

    /** From those bytes. */
    static ArchiveIdentity read(byte[] content, String url) {
        return CanonicalJson.read(content, ArchiveIdentity.class, url + " " + NAME);
    }

    static TidemarkException noArchive(String url) {
        return TidemarkException.refused(
                "there is no archive at " + url,
                "Check archive.url; 'tidemark init' creates an archive.");
    }

    /**
     * Is it of that database?
     *
     * @param url of the archive, for people
     * @param known whose changes the archive has as of now
     * @throws TidemarkException when it is of another
     */
    void checkIsOf(String url, String known, String other, String otherDatabase) {
        if (!known.equals(other) || !database.equals(otherDatabase)) {
            throw TidemarkException.refused(
                    "the archive %s is of database '%s' in system %s, not of '%s' in system %s"
                            .formatted(url, database, known, otherDatabase, other),
                    "Check source.url and archive.url. After an upgrade or a restore of the source by other means,"
                            + " 'tidemark base --from-source' goes on in this archive.");
        }
    }

    /**
     * Is it of the source with that name?
     *
     * @throws TidemarkException when it is of another
     */
    void checkIsOf(String url, String name) {
        if (!source.equals(name)) {
            throw TidemarkException.refused(
                    "the archive %s was created for the source name '%s', not '%s'"
                            .formatted(url, source, name),
                    "Check archive.url; if it is right, set source.name as it was.");
        }
    }
}

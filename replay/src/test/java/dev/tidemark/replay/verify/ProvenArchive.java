package dev.tidemark.replay.verify;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.Expiry;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Hold;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.manifest.SignatureRule;
import dev.tidemark.archive.manifest.Statement;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.proof.Anchor;
import dev.tidemark.archive.proof.Signing;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.proof.TrustedKeys;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A signed archive, and what is held outside of it.
 *
 * @param publicKey the file of the key that it is signed with
 * @param rule which signatures are demanded
 */
record ProvenArchive(ObjectStore store, Path publicKey, SignatureRule rule, Anchor anchor) {
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));

    /** A base, segments that were merged, and segments after that. */
    static ProvenArchive small(Path folder, Path key, Instant created) throws Exception {
        ObjectStore store = new MemoryObjectStore();
        Archive archive = created(store, created);
        archive.signWith(Signing.with(SigningKey.read(key)));
        WrittenArchive written = base(archive, folder);
        segments(written, 10);
        MergedByHand.replace(archive, folder);
        segments(written, 12);
        return of(archive, store, key, 0);
    }

    /** One that begins with a folded base, not signed at first: with a pack and a checkpoint. */
    static ProvenArchive large(Path folder, Path key) throws Exception {
        ObjectStore store = new MemoryObjectStore();
        Archive archive = created(store, NOON);
        WrittenArchive written = base(archive, folder);
        letTheBeginningExpire(archive, written);
        beginABase(archive);
        while (archive.state().last() < 1_010) {
            mark(archive);
        }
        archive.signWith(Signing.with(SigningKey.read(key)));
        long signedFrom = archive.state().last() + 1;
        segments(written, 3);
        if (archive.pack(NOON.plusSeconds(1)) != 1_000) {
            throw new AssertionError("nothing was packed");
        }
        return of(archive, store, key, signedFrom);
    }

    private static Archive created(ObjectStore store, Instant created) throws IOException {
        ArchiveIdentity sample = Samples.IDENTITY;
        return Archive.create(
                store,
                new ArchiveIdentity(
                        1,
                        sample.source(),
                        sample.systemId(),
                        sample.database(),
                        created,
                        sample.encoding()));
    }

    private static ProvenArchive of(Archive archive, ObjectStore store, Path key, long signedFrom)
            throws IOException {
        Path publicKey = key.resolveSibling(key.getFileName() + ".pub");
        return new ProvenArchive(
                store,
                publicKey,
                new SignatureRule(TrustedKeys.read(List.of(publicKey)), signedFrom),
                archive.anchor(NOON));
    }

    private static WrittenArchive base(Archive archive, Path folder) throws IOException {
        WrittenArchive written = new WrittenArchive(archive, folder);
        written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("0", "a"))));
        return written;
    }

    private static void letTheBeginningExpire(Archive archive, WrittenArchive written)
            throws IOException, LostRaceException {
        segments(written, 2);
        written.foldedBase(Map.of(DEAL, List.of(row("0", "a"), row("11", "v"), row("21", "v"))));
        segments(written, 2);
        commit(
                archive,
                Manifest.Kind.HOLD,
                new Hold("h", NOON, NOON.plusSeconds(60), "why", false));
        letExpire(archive, new Merged.Range(0, 2));
    }

    static void letExpire(Archive archive, Merged.Range old) throws IOException, LostRaceException {
        commit(archive, Manifest.Kind.EXPIRY, new Expiry(List.of(old), -1));
    }

    /** One that breaks off, with something finished. */
    private static void beginABase(Archive archive) throws IOException, LostRaceException {
        FileRef finished =
                archive.upload(new byte[] {1}, "1-1-00000.parquet", FileRef.Kind.CATALOG);
        commit(archive, Manifest.Kind.FOLDED_BASE_BEGUN, List.of(), Optional.empty());
        commit(archive, Manifest.Kind.FOLDED_BASE_SO_FAR, List.of(finished), Optional.empty());
    }

    private static void segments(WrittenArchive written, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            long position = written.reached().value() + 10;
            Entry insert =
                    new Entry.Row(
                            1,
                            Operation.INSERT,
                            BeforeImage.NONE,
                            List.of(),
                            row(Long.toString(position), "v"));
            written.segment(
                    List.of(new Transaction(at(position), position, NOON, List.of(insert))));
        }
    }

    private static void mark(Archive archive) throws IOException, LostRaceException {
        Manifest newest = archive.state().newest().orElseThrow();
        String name = "m" + archive.state().last();
        commit(
                archive,
                Manifest.Kind.MARK,
                new Mark(name, 0, newest.span().to(), NOON, "\"ä\u001f\"", false));
    }

    private static void commit(Archive archive, Manifest.Kind kind, Statement said)
            throws IOException, LostRaceException {
        commit(archive, kind, List.of(), Optional.of(said));
    }

    private static void commit(
            Archive archive, Manifest.Kind kind, List<FileRef> files, Optional<Statement> said)
            throws IOException, LostRaceException {
        Manifest newest = archive.state().newest().orElseThrow();
        archive.commit(
                new Manifest(
                        1,
                        0,
                        "",
                        kind,
                        "",
                        NOON,
                        1,
                        newest.log(),
                        newest.span(),
                        newest.catalog(),
                        files,
                        Optional.empty(),
                        Optional.empty(),
                        said(said, Mark.class),
                        Optional.empty(),
                        said(said, Hold.class),
                        said(said, Expiry.class)));
    }

    private static <S extends Statement> Optional<S> said(Optional<Statement> any, Class<S> kind) {
        return any.filter(kind::isInstance).map(kind::cast);
    }

    /** Another one, of which no signatures are demanded. */
    static ProvenArchive unsigned(ObjectStore store, Archive archive) throws IOException {
        return new ProvenArchive(store, Path.of(""), SignatureRule.NONE, archive.anchor(NOON));
    }

    /** A copy that an attack can do its worst to. */
    ProvenArchive copy() throws IOException {
        ObjectStore other = new MemoryObjectStore();
        for (String name : store.list("", "", 1_000)) {
            other.putIfAbsent(name, store.get(name));
        }
        return new ProvenArchive(other, publicKey, rule, anchor);
    }
}

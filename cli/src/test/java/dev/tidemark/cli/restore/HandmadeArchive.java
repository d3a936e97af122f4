package dev.tidemark.cli.restore;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangeDigest;
import dev.tidemark.archive.parquet.JournalWriter;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.parquet.TransactionsWriter;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An archive of one base and one segment, made with the archive's own writers. */
final class HandmadeArchive {
    static final Instant BASE_TIME = Instant.parse("2026-11-20T10:00:00Z");
    static final Instant SEGMENT_TIME = Instant.parse("2026-11-20T10:00:05Z");

    private static final LogPoint LOG =
            new LogPoint("tidemark.crm", "topic-id", 7, 0, Optional.empty());

    private final Archive archive;
    private final Path directory;
    private final Catalog base;

    /** A whole plan, folded. */
    record Folded(RestorePlan plan, Catalog base, FoldedDatabase database) {}

    HandmadeArchive(Path directory, Catalog catalog, Map<Long, List<List<Value>>> rows)
            throws IOException, LostRaceException {
        this.directory = Files.createDirectories(directory);
        archive =
                Archive.create(
                        new MemoryObjectStore(),
                        new ArchiveIdentity(
                                ArchiveIdentity.FORMAT,
                                "crm",
                                "4711",
                                "crm",
                                BASE_TIME,
                                "parquet"));
        base =
                new Catalog(
                        catalog.server(),
                        catalog.tables().stream().map(table -> table.withVersion(1)).toList(),
                        catalog.objects());
        List<FileRef> files = new ArrayList<>();
        for (Table table : base.tables()) {
            if (table.holdsRows()) {
                files.add(baseFile(table, rows.getOrDefault(table.id(), List.of())));
            }
        }
        FileRef schema = schema();
        files.add(schema);
        Position start = new Position(1000);
        commit(
                Manifest.Kind.BASE,
                new Span(start, start, BASE_TIME, BASE_TIME, BASE_TIME, 0, 0),
                schema,
                files);
    }

    private FileRef baseFile(Table table, List<List<Value>> rows) throws IOException {
        BaseWriter writer = BaseWriter.create(directory.resolve(table.id() + ".parquet"), table);
        for (List<Value> row : rows) {
            writer.add(row);
        }
        return archive.upload(
                writer.close(),
                table.id() + ".parquet",
                FileRef.Kind.BASE,
                rows.size(),
                table.id(),
                1);
    }

    private FileRef schema() throws IOException {
        return archive.upload(CanonicalJson.write(base), "schema.json", FileRef.Kind.CATALOG);
    }

    /** A segment of one transaction. */
    void segment(List<Change> changes) throws IOException, LostRaceException {
        segment(new Position(1000), new Position(2000), changes);
    }

    /** What comes after that segment, of one transaction too. */
    void laterSegment(List<Change> changes) throws IOException, LostRaceException {
        segment(new Position(2000), new Position(3000), changes);
    }

    private void segment(Position from, Position to, List<Change> changes)
            throws IOException, LostRaceException {
        Path folder = Files.createTempDirectory(directory, "segment");
        JournalWriter journal = JournalWriter.create(folder.resolve("journal.parquet"));
        ChangeDigest digest = new ChangeDigest();
        for (Change change : changes) {
            journal.add(change);
            digest.add(change);
        }
        FileRef journalFile =
                archive.upload(
                        journal.close(),
                        "journal.parquet",
                        FileRef.Kind.JOURNAL,
                        changes.size(),
                        0,
                        0);
        TransactionRecord transaction =
                new TransactionRecord(
                        0, to, from, 77, SEGMENT_TIME, changes.size(), 8, digest.finish());
        FileRef transactions =
                archive.upload(
                        TransactionsWriter.write(
                                folder.resolve("transactions.parquet"), List.of(transaction)),
                        "transactions.parquet",
                        FileRef.Kind.TRANSACTIONS,
                        1,
                        0,
                        0);
        commit(
                Manifest.Kind.SEGMENT,
                new Span(from, to, SEGMENT_TIME, SEGMENT_TIME, SEGMENT_TIME, 1, changes.size()),
                archive.state().manifests().getFirst().catalog(),
                List.of(journalFile, transactions));
    }

    static Change change(int version, Entry entry) {
        return new Change(0, version, entry);
    }

    Archive archive() {
        return archive;
    }

    RestorePlan plan(Moment moment) throws IOException {
        return new Planner(archive, directory).plan(new Target(moment, false));
    }

    Folded foldLatest() throws IOException {
        return fold(new Moment.Latest());
    }

    Folded fold(Moment moment) throws IOException {
        RestorePlan plan = plan(moment);
        return new Folded(plan, base, Fold.run(archive, plan, directory, changes -> {}));
    }

    private void commit(Manifest.Kind kind, Span span, FileRef catalog, List<FileRef> files)
            throws IOException, LostRaceException {
        archive.commit(
                new Manifest(
                        ArchiveIdentity.FORMAT,
                        0,
                        "",
                        kind,
                        "",
                        span.lastCommit(),
                        1,
                        LOG,
                        span,
                        catalog,
                        files));
    }
}

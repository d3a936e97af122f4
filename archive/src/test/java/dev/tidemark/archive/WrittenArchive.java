package dev.tidemark.archive;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Gap;
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
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Look;
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
import java.util.Set;

/**
 * Writes an archive as the archiver does: a base, then segment after segment, through the real
 * writers. For one thread.
 */
public final class WrittenArchive {
    /**
     * A transaction as a test tells it.
     *
     * @param entries rows, truncates, schema changes and whatever else a journal holds
     */
    public record Transaction(Position position, long xid, Instant commit, List<Entry> entries) {
        public Transaction {
            entries = List.copyOf(entries);
        }

        /** One that changes nothing. */
        public static Transaction empty(long position, Instant commit) {
            return new Transaction(new Position(position), position, commit, List.of());
        }
    }

    private final Archive archive;
    private final Path temporary;
    private CatalogState catalog = new CatalogState(Samples.catalog());
    private Position reached = Position.ZERO;
    private Instant latest = Instant.EPOCH;
    private Optional<Look> look = Optional.empty();
    private Optional<Gap> gap = Optional.empty();
    private long offset = 1;

    public WrittenArchive(Archive archive, Path temporary) {
        this.archive = archive;
        this.temporary = temporary;
    }

    /** The transactions of a segment of any archive. */
    public static List<TransactionRecord> transactions(
            Archive archive, Manifest segment, Path folder) throws IOException {
        List<TransactionRecord> all = new ArrayList<>();
        try (SegmentTransactions each = SegmentTransactions.open(archive, segment, folder)) {
            each.forEachRemaining(all::add);
        }
        return all;
    }

    public Archive archive() {
        return archive;
    }

    /** A base without rows. */
    public Manifest base(long position, Instant latestCommit) throws IOException {
        return base(new Position(position), latestCommit, Samples.catalog(), Map.of());
    }

    /** A base of these tables; the rows by the table's id. */
    public Manifest base(
            Position position,
            Instant latestCommit,
            Catalog start,
            Map<Long, List<List<Value>>> rows)
            throws IOException {
        catalog = new CatalogState(start);
        reached = position;
        latest = latestCommit;
        List<FileRef> files = new ArrayList<>();
        for (Table table : start.tables()) {
            List<List<Value>> there = rows.getOrDefault(table.id(), List.of());
            if (!there.isEmpty()) {
                files.add(baseFile(table, there));
            }
        }
        FileRef schema = schema();
        files.add(schema);
        Span span = new Span(position, position, latest, latest, latest, 0, 0);
        return commit(Manifest.Kind.BASE, span, schema, files);
    }

    /**
     * A base of single tables, in their versions at its position.
     *
     * @param known those whose rows were not rewritten after it
     */
    public Manifest tableBase(
            Position position,
            Instant latestCommit,
            Map<Table, List<List<Value>>> rows,
            Set<Long> known)
            throws IOException {
        Manifest newest = archive.state().newest().orElseThrow();
        FileRef before = archive.state().catalog().orElseThrow();
        commit(Manifest.Kind.TABLE_BASE_BEGUN, newest.span(), before, List.of());
        List<FileRef> files = new ArrayList<>();
        for (Map.Entry<Table, List<List<Value>>> table : rows.entrySet()) {
            files.add(baseFile(table.getKey(), table.getValue()));
        }
        known.forEach(catalog::known);
        FileRef schema = schema();
        files.add(schema);
        Span span = new Span(position, position, latestCommit, latestCommit, latestCommit, 0, 0);
        return commit(Manifest.Kind.TABLE_BASE, span, schema, files);
    }

    /** A base of all tables as of the archive's end, as one that is folded from it would be. */
    public Manifest foldedBase(Map<Table, List<List<Value>>> rows) throws IOException {
        Manifest newest = archive.state().newest().orElseThrow();
        FileRef before = archive.state().catalog().orElseThrow();
        List<FileRef> files = new ArrayList<>();
        for (Map.Entry<Table, List<List<Value>>> table : rows.entrySet()) {
            files.add(baseFile(table.getKey(), table.getValue()));
        }
        files.add(schema());
        Instant end = newest.span().latestCommit();
        Span span = new Span(reached, reached, end, end, end, 0, 0);
        return commit(Manifest.Kind.FOLDED_BASE, span, before, files);
    }

    private FileRef baseFile(Table table, List<List<Value>> rows) throws IOException {
        Path local = temporary.resolve("base.parquet");
        BaseWriter writer = BaseWriter.create(local, table);
        for (List<Value> row : rows) {
            writer.add(row);
        }
        writer.close();
        String name = "%d-%d-00000.parquet".formatted(table.id(), table.version());
        return upload(local, name, FileRef.Kind.BASE, rows.size(), table);
    }

    /** The position that it reaches. */
    public Position reached() {
        return reached;
    }

    /** The next segment. */
    public Manifest segment(List<Transaction> transactions) throws IOException {
        return segment(reached, transactions);
    }

    /** A segment that says that it follows from somewhere. */
    public Manifest segment(Position from, List<Transaction> transactions) throws IOException {
        Path local = temporary.resolve("journal.parquet");
        JournalWriter journal = JournalWriter.create(local);
        List<TransactionRecord> records = new ArrayList<>();
        boolean catalogChanged = false;
        Position previous = from;
        for (Transaction transaction : transactions) {
            ChangeDigest digest = new ChangeDigest();
            for (Entry entry : transaction.entries()) {
                Change change = new Change(records.size(), version(entry), entry);
                digest.add(change);
                journal.add(change);
                catalogChanged |= entry instanceof Entry.Schema;
            }
            records.add(record(records.size(), previous, transaction, digest.finish()));
            previous = transaction.position();
        }
        journal.close();
        return publish(local, journal.rows(), from, records, catalogChanged);
    }

    private int version(Entry entry) {
        return switch (entry) {
            case Entry.Row row -> catalog.table(row.table()).orElseThrow().version();
            case Entry.Truncate truncate ->
                    catalog.table(truncate.tables().getFirst()).orElseThrow().version();
            case Entry.Schema schema -> {
                CatalogChange change = CatalogChange.read(schema.content());
                look = change.look().or(() -> look);
                catalog.apply(change);
                yield 0;
            }
            case Entry.Message message when message.prefix().equals(Look.MESSAGE) -> {
                look = Optional.of(Look.read(message.content()));
                yield 0;
            }
            default -> 0;
        };
    }

    private TransactionRecord record(
            int index, Position previous, Transaction transaction, String digest) {
        return new TransactionRecord(
                index,
                transaction.position(),
                previous,
                transaction.xid(),
                transaction.commit(),
                transaction.entries().size(),
                offset++,
                digest);
    }

    private Manifest publish(
            Path journal,
            long rows,
            Position from,
            List<TransactionRecord> records,
            boolean catalogChanged)
            throws IOException {
        for (TransactionRecord record : records) {
            latest = record.commitTime().isAfter(latest) ? record.commitTime() : latest;
        }
        reached = records.getLast().position();
        Path local = temporary.resolve("transactions.parquet");
        TransactionsWriter.write(local, records);
        List<FileRef> files = new ArrayList<>();
        Table none = Samples.table(0, "", List.of(), List.of()).withVersion(0);
        files.add(upload(journal, "journal.parquet", FileRef.Kind.JOURNAL, rows, none));
        files.add(
                upload(
                        local,
                        "transactions.parquet",
                        FileRef.Kind.TRANSACTIONS,
                        records.size(),
                        none));
        FileRef schema = archive.state().catalog().orElseThrow();
        if (catalogChanged) {
            schema = schema();
            files.add(schema);
        }
        Span span =
                new Span(
                        from,
                        reached,
                        records.getFirst().commitTime(),
                        records.getLast().commitTime(),
                        latest,
                        records.size(),
                        rows);
        return commit(Manifest.Kind.SEGMENT, span, schema, files);
    }

    /** A base after which the archive goes on; what was committed before it is lost. */
    public Manifest baseAfterGap(
            Position position,
            Instant latestCommit,
            Catalog start,
            Map<Long, List<List<Value>>> rows,
            String reason)
            throws IOException {
        return baseAfterGap(
                position, latestCommit, start, rows, reason, Samples.IDENTITY.systemId());
    }

    /** The same on another cluster. */
    public Manifest baseAfterGap(
            Position position,
            Instant latestCommit,
            Catalog start,
            Map<Long, List<List<Value>>> rows,
            String reason,
            String systemId)
            throws IOException {
        Manifest newest = archive.state().newest().orElseThrow();
        gap =
                Optional.of(
                        new Gap(
                                newest.span().to(),
                                newest.span().lastCommit(),
                                systemId,
                                reason,
                                latestCommit));
        look = Optional.empty();
        try {
            return base(position, latestCommit, start, rows);
        } finally {
            gap = Optional.empty();
        }
    }

    private FileRef schema() throws IOException {
        return archive.upload(
                CanonicalJson.write(catalog.catalog()), "schema.json", FileRef.Kind.CATALOG);
    }

    private FileRef upload(Path local, String name, FileRef.Kind kind, long rows, Table table)
            throws IOException {
        FileRef file = archive.upload(local, name, kind, rows, table.id(), table.version());
        Files.delete(local);
        return file;
    }

    private Manifest commit(Manifest.Kind kind, Span span, FileRef schema, List<FileRef> files)
            throws IOException {
        try {
            return archive.commit(
                    new Manifest(
                            ArchiveIdentity.FORMAT,
                            0,
                            "",
                            kind,
                            "",
                            Samples.NOON,
                            1,
                            new LogPoint("tidemark.crm", "topic", offset, 0, Optional.empty()),
                            span,
                            schema,
                            files,
                            look,
                            gap));
        } catch (LostRaceException e) {
            throw new AssertionError("nobody else writes", e);
        }
    }
}

package dev.tidemark.archive.fold;

import static java.util.Comparator.comparingLong;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * The changes between two cuts, reduced to what they make of each row: the way of a database that
 * is at one of them to the other. For one thread.
 */
public final class NetChanges {
    /** The progress is told each time that so many of the lowest bits of the changes are 0. */
    private static final int PROGRESS_BITS = 14;

    private final Map<Long, Table> shapes = new TreeMap<>();
    private final Map<Long, NetTable> tables = new TreeMap<>();
    private final Map<Long, String> wholes = new TreeMap<>();
    private final NetRequest request;
    private Optional<TransactionRecord> firstSchemaChange = Optional.empty();
    private boolean isDoubtful;
    private long bytes;

    private NetChanges(NetRequest request) {
        request.start().tables().stream()
                .filter(table -> request.isWanted().test(table.id()))
                .forEach(table -> shapes.put(table.id(), table));
        this.request = request;
    }

    /**
     * Reads them.
     *
     * @param start the catalog at the earlier cut
     * @param memory bytes that rows may take, nearly; a table with more is to be taken whole
     * @param temporary a folder for files while they are read
     * @param progress hears how many changes were read, again and again
     * @throws TidemarkException when a file is missing or damaged
     */
    public static NetChanges read(
            Archive archive,
            Between between,
            Catalog start,
            long memory,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        return read(
                archive,
                new NetRequest(between, start, table -> true, NetRequest.Counting.NONE, memory),
                temporary,
                progress);
    }

    /**
     * Reads what is wanted of them.
     *
     * @param temporary a folder for files while they are read
     * @param progress hears how many changes were read, again and again
     * @throws TidemarkException when a file is missing or damaged
     */
    public static NetChanges read(
            Archive archive, NetRequest request, Path temporary, LongConsumer progress)
            throws IOException {
        NetChanges net = new NetChanges(request);
        request.between()
                .tableBases()
                .forEach(base -> net.takeWhole(base.table(), "it has a base of its own there"));
        long read = 0;
        for (Between.Part part : request.between().parts()) {
            read = net.read(archive, part, temporary, read, progress);
        }
        progress.accept(read);
        return net;
    }

    private long read(
            Archive archive,
            Between.Part part,
            Path temporary,
            long readBefore,
            LongConsumer progress)
            throws IOException {
        long read = readBefore;
        SegmentChanges.Wanted wanted =
                (table, transaction) ->
                        shapes.containsKey(table)
                                && !wholes.containsKey(table)
                                && (transaction == SegmentChanges.ANY || part.holds(transaction));
        int schemaChange = -1;
        try (SegmentChanges changes =
                SegmentChanges.open(archive, part.segment(), wanted, temporary)) {
            while (changes.hasNext()) {
                Change change = changes.next();
                if (part.holds(change.transaction())) {
                    apply(change);
                    if (change.entry() instanceof Entry.Schema && schemaChange < 0) {
                        schemaChange = change.transaction();
                    }
                }
                if ((++read & (1 << PROGRESS_BITS) - 1) == 0) {
                    progress.accept(read);
                }
            }
        }
        if (schemaChange >= 0 && firstSchemaChange.isEmpty()) {
            try (SegmentTransactions transactions =
                    SegmentTransactions.open(archive, part.segment(), temporary)) {
                firstSchemaChange = Optional.of(transactions.at(schemaChange));
            }
        }
        return read;
    }

    private void apply(Change change) {
        switch (change.entry()) {
            case Entry.Row row -> apply(row, change.version());
            case Entry.Truncate truncate ->
                    truncate.tables().forEach(id -> takeWhole(id, "it was truncated"));
            case Entry.Schema schema -> apply(CatalogChange.read(schema.content()));
            case Entry.Message message when Doubts.speaksOf(message) -> isDoubtful = true;
            default -> {} // says nothing about rows
        }
    }

    private void apply(CatalogChange change) {
        isDoubtful |= change.reread();
        change.tables().forEach(table -> takeWhole(table.id(), "its definition changed"));
        change.rewritten().forEach(id -> takeWhole(id, "its rows were written anew"));
        change.restated().forEach(id -> takeWhole(id, "its rows were written anew"));
        change.dropped().forEach(id -> takeWhole(id, "it was dropped"));
    }

    private void apply(Entry.Row row, int version) {
        long id = row.table();
        Table shape = shapes.get(id);
        if (shape == null || wholes.containsKey(id)) {
            return; // of a table that came later, which the catalogs tell
        }
        if (row.operation() == Operation.REWRITE) {
            takeWhole(id, "its rows were written anew");
            return;
        }
        NetTable table =
                tables.computeIfAbsent(id, first -> new NetTable(shape, request.counting()));
        long before = table.bytes();
        try {
            table.apply(row, version);
        } catch (TidemarkException e) {
            if (!isDoubtful) {
                throw e;
            }
            // What was not told may be the table's key.
            takeWhole(id, "its changes do not fit together");
            return;
        }
        bytes += table.bytes() - before;
        if (bytes > request.memory()) {
            tables.values().stream()
                    .max(comparingLong(NetTable::bytes))
                    .ifPresent(
                            largest ->
                                    takeWhole(
                                            largest.table().id(), "very many of its rows changed"));
        }
    }

    private void takeWhole(long table, String reason) {
        if (shapes.containsKey(table)) {
            wholes.putIfAbsent(table, reason);
            NetTable dropped = tables.remove(table);
            bytes -= dropped == null ? 0 : dropped.bytes();
        }
    }

    /** Tables of which rows changed, but for those that are to be taken whole. */
    public List<Table> tables() {
        return tables.values().stream().map(NetTable::table).toList();
    }

    /**
     * Why tables are to be taken whole, by id: what is told of their rows does not lead from one
     * cut to the other.
     */
    public Map<Long, String> wholes() {
        return Map.copyOf(wholes);
    }

    /** How many changes a table has, that is not to be taken whole. */
    public long changes(Table table) {
        return of(table).changes();
    }

    /** The first transaction that changed the schema. */
    public Optional<TransactionRecord> firstSchemaChange() {
        return firstSchemaChange;
    }

    /**
     * Did the source tell in between that it could not tell all, or what it had not told before?
     */
    public boolean isDoubtful() {
        return isDoubtful;
    }

    /** How the rows of a table get from the earlier cut to the later. */
    public RowsMove forwards(Table table) {
        return of(table).forwards();
    }

    /** How the rows of a table get from the later cut to the earlier. */
    public RowsMove backwards(Table table) {
        return of(table).backwards();
    }

    /** The rows of a table that changed, at both cuts. */
    public TouchedRows touched(Table table) {
        return of(table).touched();
    }

    private NetTable of(Table table) {
        return Objects.requireNonNull(tables.get(table.id()));
    }
}

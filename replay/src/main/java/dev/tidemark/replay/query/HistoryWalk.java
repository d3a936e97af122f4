package dev.tidemark.replay.query;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.Claims;
import dev.tidemark.replay.history.Contexts;
import dev.tidemark.replay.history.JournalWalk;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.replay.profile.RowFields;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what happened to some tables in one stretch. For one thread; used once. */
final class HistoryWalk {
    /** A table whose history is written, and one whose rows it gives. */
    private record Holder(
            TableHistory history, Table table, Map<Integer, Integer> ids, List<TableBase> bases) {}

    private final Archive archive;
    private final FetchedFiles fetched;
    private final Path folder;
    private final Claims claims;
    private final Runnable goesOn;
    private final Between between;
    private final boolean isSameCluster;
    private final Map<Long, List<Holder>> holders = new HashMap<>();
    private final Map<List<Long>, Table> shapes = new HashMap<>(); // by id and version

    /**
     * What it reads with.
     *
     * @param claims whom rows name
     */
    record Reading(Archive archive, FetchedFiles fetched, Path folder, Claims claims) {}

    /**
     * @param isSameCluster have tables the same numbers there?
     * @param goesOn is called again and again, and throws what ends it
     */
    HistoryWalk(Reading reading, Between between, boolean isSameCluster, Runnable goesOn) {
        this.archive = reading.archive();
        this.fetched = reading.fetched();
        this.folder = reading.folder();
        this.claims = reading.claims();
        this.goesOn = goesOn;
        this.between = between;
        this.isSameCluster = isSameCluster;
    }

    /**
     * Reads it.
     *
     * @param histories take it
     * @param hasBase do the rows of the stretch's base belong to it?
     */
    void run(List<TableHistory> histories, boolean hasBase) throws IOException {
        CatalogState catalog = CatalogWalk.after(archive, start());
        find(histories);
        remember(catalog);
        if (hasBase) {
            Manifest base = between.stretch().base();
            for (TableBase table : TableBase.of(base)) {
                for (Holder holder : holders.getOrDefault(table.table(), List.of())) {
                    boolean isUnknown = shape(table).map(Table::rewritten).orElse(true);
                    if (!isUnknown) {
                        take(holder, table);
                    }
                }
            }
        }
        JournalWalk walk = new JournalWalk(archive, folder);
        Path ofContexts = Files.createDirectories(folder.resolve("contexts"));
        for (Between.Part part : between.parts()) {
            try (Contexts contexts = Contexts.open(archive, part.segment(), ofContexts)) {
                Said said = new Said(contexts);
                walk.one(
                        part.segment(),
                        catalog,
                        (table, transaction) ->
                                holders.containsKey(table)
                                        && (transaction == SegmentChanges.ANY
                                                || part.holds(transaction)),
                        (transaction, change, now) ->
                                visit(new Place(part, transaction, said, claims), change, now));
            }
        }
        remember(catalog);
        for (Holder holder : all()) {
            basesBefore(holder, Optional.empty());
        }
    }

    private List<Holder> all() {
        return holders.values().stream().flatMap(List::stream).toList();
    }

    /** What the first segment follows. */
    private Manifest start() {
        List<Manifest> segments = between.stretch().segments();
        if (between.parts().isEmpty()) {
            return between.stretch().baseBefore(between.to());
        }
        int first = segments.indexOf(between.parts().getFirst().segment());
        return first == 0 ? between.stretch().base() : segments.get(first - 1);
    }

    /** Of another cluster they are known by their names. */
    private void find(List<TableHistory> histories) throws IOException {
        List<Table> there = archive.catalog(between.stretch().catalog()).tables();
        for (TableHistory history : histories) {
            for (Table holder : history.table().holders()) {
                if (isSameCluster) {
                    add(history, holder);
                } else {
                    there.stream()
                            .filter(one -> one.displayName().equals(holder.displayName()))
                            .findFirst()
                            .ifPresent(one -> add(history, one));
                }
            }
        }
    }

    private void add(TableHistory history, Table holder) {
        Map<Integer, Integer> ids = new HashMap<>();
        for (SourceColumn column : history.table().columns()) {
            SourceTable.in(holder, column)
                    .map(Column::id)
                    .ifPresent(id -> ids.put(column.column().id(), id));
        }
        List<TableBase> bases = new ArrayList<>();
        between.tableBases().stream()
                .filter(base -> base.table() == holder.id())
                .sorted(comparing(TableBase::position))
                .forEach(bases::add);
        holders.computeIfAbsent(holder.id(), any -> new ArrayList<>())
                .add(new Holder(history, holder, ids, bases));
    }

    /** Where a change is. */
    private record Place(
            Between.Part part, TransactionRecord transaction, Said said, Claims claims) {
        HistoryFile.By by() {
            return by(Optional.empty());
        }

        HistoryFile.By by(Entry.Row row, Table shape) {
            boolean isSaid =
                    said.in(transaction.index()).flatMap(TransactionContext::actor).isPresent();
            return isSaid
                    ? by()
                    : by(claims.of(shape, row.operation(), RowFields.of(shape, row.after())));
        }

        private HistoryFile.By by(Optional<String> claim) {
            return new HistoryFile.By(transaction, Actor.of(said.in(transaction.index()), claim));
        }
    }

    /** What was said in transactions of a segment, asked for in their order. */
    private static final class Said {
        private final Contexts contexts;
        private int last = -1;
        private Optional<TransactionContext> context = Optional.empty();

        Said(Contexts contexts) {
            this.contexts = contexts;
        }

        Optional<TransactionContext> in(int transaction) {
            if (transaction != last) {
                context = contexts.at(transaction);
                last = transaction;
            }
            return context;
        }
    }

    private void visit(Place place, Change change, CatalogState catalog) throws IOException {
        goesOn.run();
        TransactionRecord transaction = place.transaction();
        if (!place.part().holds(change.transaction())) {
            if (change.entry() instanceof Entry.Schema) {
                remember(catalog);
            }
            return;
        }
        switch (change.entry()) {
            case Entry.Row row -> {
                for (Holder holder : holders.getOrDefault(row.table(), List.of())) {
                    basesBefore(holder, Optional.of(transaction.position()));
                    Table shape = catalog.table(row.table()).orElse(holder.table());
                    holder.history().file().add(place.by(row, shape), row, shape, holder.ids());
                }
            }
            case Entry.Truncate truncate -> {
                for (long table : truncate.tables()) {
                    for (Holder holder : holders.getOrDefault(table, List.of())) {
                        basesBefore(holder, Optional.of(transaction.position()));
                        holder.history().file().addTruncate(place.by());
                    }
                }
            }
            case Entry.Schema schema -> remember(catalog);
            default -> {} // says nothing of rows
        }
    }

    private void remember(CatalogState catalog) {
        for (long table : holders.keySet()) {
            catalog.table(table)
                    .ifPresent(one -> shapes.put(List.of(table, (long) one.version()), one));
        }
    }

    private Optional<Table> shape(TableBase base) {
        return Optional.ofNullable(shapes.get(List.of(base.table(), (long) base.version())));
    }

    /** Takes the bases of a table that come before a transaction, or all. */
    private void basesBefore(Holder holder, Optional<Position> next) throws IOException {
        while (!holder.bases().isEmpty()
                && (next.isEmpty() || holder.bases().getFirst().position().isBefore(next.get()))) {
            take(holder, holder.bases().removeFirst());
        }
    }

    private void take(Holder holder, TableBase base) throws IOException {
        Table shape = shape(base).orElse(holder.table());
        holder.history().file().sees(shape, holder.ids());
        holder.history()
                .bases()
                .add(
                        new BaseRows(
                                shape,
                                base.time(),
                                base.position(),
                                holder.history().file().nextNumber(),
                                holder.ids(),
                                fetched.of(base.files(), goesOn)));
    }
}

package dev.tidemark.replay.history;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.parquet.BaseReader;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All versions of one row in one stretch of the archive. Reads every journal. For one thread; used
 * once.
 */
public final class RowHistory {
    private final Archive archive;
    private final Path temporary;
    private final Stretch stretch;
    private final List<String> key;
    private final Table table;
    private final List<RowVersion> versions = new ArrayList<>();
    private final Deque<TableBase> bases; // of the table, later than the first, by position
    private Optional<Map<Integer, Value>> last = Optional.empty();
    private Optional<TransactionRecord> previous = Optional.empty();
    private boolean isUnknown;

    private RowHistory(
            Archive archive, Path temporary, Stretch stretch, Table table, List<String> key) {
        this.archive = archive;
        this.temporary = temporary;
        this.stretch = stretch;
        this.table = table;
        this.key = key;
        this.bases =
                Planner.tableBases(stretch).stream()
                        .filter(base -> base.table() == table.id())
                        .sorted(comparing(TableBase::position))
                        .collect(Collectors.toCollection(ArrayDeque::new));
    }

    /**
     * A row's versions, newest first. After a gap, or what expired, a base shows what became of it.
     *
     * @param tableName {@code schema.table}, or the table alone when that is clear
     * @param key the key's values as text, in the key's order
     * @throws TidemarkException when there is no such table, or the key does not fit it
     */
    public static List<RowVersion> of(
            Archive archive, Path temporary, String tableName, List<String> key)
            throws IOException {
        Table table = find(archive, tableName);
        List<String> columns = keyColumns(table);
        if (columns.isEmpty()) {
            throw TidemarkException.refused(
                    "table "
                            + table.displayName()
                            + " has no key, so that its rows have no history of their own",
                    "Use 'tidemark tx' to see what a transaction did.");
        }
        if (columns.size() != key.size()) {
            throw TidemarkException.usage(
                    "the key of table %s is %s, and %d values were given"
                            .formatted(table.displayName(), columns, key.size()),
                    "Give one value for each column of the key, in this order.");
        }
        List<RowVersion> versions = new ArrayList<>();
        Optional<Map<Integer, Value>> last = Optional.empty();
        Table before = table;
        for (Stretch stretch : archive.state().stretches()) {
            Table now = tableOf(archive, stretch, table);
            RowHistory history = new RowHistory(archive, temporary, stretch, now, List.copyOf(key));
            Table then = before;
            last = history.read(last.map(row -> renumbered(row, then, now)));
            versions.addAll(history.versions);
            before = now;
        }
        return versions.reversed();
    }

    /** The table in a stretch; in one of another cluster its number is another table's. */
    private static Table tableOf(Archive archive, Stretch stretch, Table table) throws IOException {
        String system = stretch.systemId().orElse(archive.identity().systemId());
        boolean isSame = system.equals(archive.systemId());
        return Fold.catalog(archive, stretch.catalog()).tables().stream()
                .filter(
                        one ->
                                isSame
                                        ? one.id() == table.id()
                                        : one.displayName().equals(table.displayName()))
                .findFirst()
                .orElse(table);
    }

    /** A row of a table as one of another, by the columns' names. */
    private static Map<Integer, Value> renumbered(Map<Integer, Value> row, Table from, Table to) {
        Map<Integer, Value> same = new HashMap<>();
        for (Column column : to.columns()) {
            from.columns().stream()
                    .filter(one -> one.name().equals(column.name()))
                    .map(one -> row.get(one.id()))
                    .filter(Objects::nonNull)
                    .forEach(value -> same.put(column.id(), value));
        }
        return same;
    }

    /** The row at the end of the stretch, from what it was at the end of the one before. */
    private Optional<Map<Integer, Value>> read(Optional<Map<Integer, Value>> before)
            throws IOException {
        readBase();
        boolean isAfterHole = stretch.gap().isPresent() || stretch.hasExpiredBefore();
        if (isUnknown) {
            last = before.map(this::keyOf);
        } else if (isAfterHole && !last.equals(before)) {
            Optional<Map<Integer, Value>> now = last;
            last = before;
            addBase(stretch.base().span().latestCommit(), stretch.from(), now, table);
        }
        CatalogState end =
                new JournalWalk(archive, temporary)
                        .all(stretch, (id, transaction) -> id == table.id(), this::visit);
        between(Optional.empty(), end);
        return last;
    }

    private static Table find(Archive archive, String name) throws IOException {
        Catalog catalog = Fold.catalog(archive, archive.state().newest().orElseThrow().catalog());
        List<Table> found =
                catalog.tables().stream()
                        .filter(
                                table ->
                                        table.displayName().equals(name)
                                                || table.name().equals(name))
                        .toList();
        if (found.isEmpty()) {
            throw TidemarkException.refused(
                    "the archive knows no table '" + name + "'",
                    "Its tables are " + names(catalog.tables()) + ".");
        }
        if (found.size() > 1) {
            throw TidemarkException.usage(
                    "'" + name + "' is the name of several tables",
                    "Say which: " + names(found) + ".");
        }
        return found.getFirst();
    }

    private static String names(List<Table> tables) {
        return String.join(
                ", ", tables.stream().map(Table::displayName).sorted().limit(30).toList());
    }

    private static List<String> keyColumns(Table table) {
        List<String> names = new ArrayList<>();
        for (int id : table.key()) {
            table.columns().stream()
                    .filter(column -> column.id() == id)
                    .map(Column::name)
                    .forEach(names::add);
        }
        return names;
    }

    private void readBase() throws IOException {
        Manifest base = stretch.base();
        Catalog catalog = Fold.catalog(archive, base.catalogThere());
        Optional<Table> then =
                catalog.tables().stream().filter(old -> old.id() == table.id()).findFirst();
        if (then.isPresent()) {
            isUnknown = base.kind() == Manifest.Kind.FOLDED_BASE && then.get().rewritten();
            last = isUnknown ? Optional.empty() : find(base.files(), then.get());
        }
    }

    /** All that is known of a row of a table whose rows are not. */
    private Map<Integer, Value> keyOf(Map<Integer, Value> row) {
        Map<Integer, Value> known = new HashMap<>(row);
        known.keySet().retainAll(table.key());
        return known;
    }

    /** The row in a base of which the table had this shape. */
    private Optional<Map<Integer, Value>> find(List<FileRef> files, Table then) throws IOException {
        for (FileRef file : files) {
            if (file.kind() == FileRef.Kind.BASE && file.table() == table.id()) {
                Optional<Map<Integer, Value>> found = find(file, then);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Map<Integer, Value>> find(FileRef file, Table then) throws IOException {
        Path local = archive.fetch(file, temporary);
        try (BaseReader rows = BaseReader.open(local, then.stored().size())) {
            while (rows.hasNext()) {
                List<Value> row = rows.next();
                if (Fields.key(then, row).equals(key)) {
                    return Optional.of(Fields.byColumn(then, row));
                }
            }
            return Optional.empty();
        } finally {
            Files.deleteIfExists(local);
        }
    }

    private void visit(TransactionRecord transaction, Change change, CatalogState catalog)
            throws IOException {
        if (previous.filter(transaction::equals).isEmpty()) {
            between(Optional.of(transaction), catalog);
            previous = Optional.of(transaction);
        }
        switch (change.entry()) {
            case Entry.Row row when row.table() == table.id() ->
                    visit(transaction, row, catalog.table(table.id()).orElse(table));
            case Entry.Truncate truncate
                    when truncate.tables().contains(table.id()) && last.isPresent() -> {
                add(transaction, "TRUNCATE", List.of());
                last = Optional.empty();
            }
            default -> {}
        }
    }

    /** Between two transactions rows may have got unknown, and known again by a base. */
    private void between(Optional<TransactionRecord> next, CatalogState catalog)
            throws IOException {
        boolean isRewritten = catalog.table(table.id()).map(Table::rewritten).orElse(false);
        if (isRewritten && !isUnknown && last.isPresent()) {
            add(previous.orElseThrow(), "REWRITE", List.of());
            last.get().keySet().retainAll(table.key());
        }
        isUnknown = isRewritten;
        while (!bases.isEmpty()
                && (next.isEmpty()
                        || bases.getFirst().position().isBefore(next.get().position()))) {
            TableBase base = bases.removeFirst();
            Table now = catalog.table(table.id()).orElse(table);
            Optional<Map<Integer, Value>> found = find(base.files(), now);
            if (isUnknown || isOther(found)) {
                addBase(base.time(), base.position(), found, now);
                catalog.known(table.id());
                isUnknown = false;
            }
        }
    }

    /** A base that somebody asked for shows where the archive had other rows than the source. */
    private boolean isOther(Optional<Map<Integer, Value>> found) {
        if (found.isEmpty() || last.isEmpty()) {
            return found.isPresent() != last.isPresent();
        }
        Map<Integer, Value> before = last.get();
        return found.get().entrySet().stream()
                .anyMatch(
                        field -> {
                            Value known = before.getOrDefault(field.getKey(), Value.Mark.UNKNOWN);
                            return known.isKnown() && !known.equals(field.getValue());
                        });
    }

    private void addBase(
            Instant time, Position position, Optional<Map<Integer, Value>> found, Table now) {
        if (found.isPresent() || last.isPresent()) {
            Map<Integer, Value> before = last.orElse(Collections.emptyMap());
            List<FieldChange> fields =
                    found.map(row -> Fields.difference(now, before, row, true)).orElse(List.of());
            versions.add(
                    new RowVersion(
                            time,
                            position,
                            0,
                            table.displayName(),
                            String.join(",", key),
                            "BASE",
                            fields));
        }
        last = found;
    }

    private void visit(TransactionRecord transaction, Entry.Row row, Table now) {
        boolean was = row.image() != BeforeImage.NONE && Fields.key(now, row.before()).equals(key);
        boolean is = !row.after().isEmpty() && Fields.key(now, row.after()).equals(key);
        if (!was && !is) {
            return;
        }
        Map<Integer, Value> before = last.orElse(Collections.emptyMap());
        if (row.image() == BeforeImage.FULL) {
            before = Fields.byColumn(now, row.before());
        }
        Map<Integer, Value> after =
                row.operation() == Operation.DELETE
                        ? Collections.emptyMap()
                        : Fields.after(now, row, before);
        boolean wasThere = row.operation() != Operation.INSERT;
        List<FieldChange> fields =
                row.operation() == Operation.DELETE
                        ? List.of()
                        : Fields.difference(now, before, after, wasThere);
        if (row.operation() != Operation.REWRITE || !fields.isEmpty()) {
            add(transaction, row.operation().name(), fields);
        }
        last = is ? Optional.of(after) : Optional.empty();
    }

    private void add(TransactionRecord transaction, String operation, List<FieldChange> fields) {
        versions.add(
                new RowVersion(
                        transaction.commitTime(),
                        transaction.position(),
                        transaction.xid(),
                        table.displayName(),
                        String.join(",", key),
                        operation,
                        fields));
    }
}

package dev.tidemark.replay.search;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.RandomHistory;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A made-up history in which tables and columns are renamed besides, come under names of others
 * that went, are attached to a partitioned table and detached, and are written anew.
 */
final class EventfulHistory {
    static final long PARTITIONED = 1_000;
    private static final int NAMES = 4; // few, so that they come back
    private static final int COLUMNS = 6;

    private final Random random;
    private final RandomHistory history;
    private final long offset;
    private final Map<Long, String> names = new HashMap<>(); // of tables that are there
    private final Map<Long, Map<Integer, String>> columns = new HashMap<>();
    private final Set<Long> attached = new HashSet<>();

    /**
     * @param offset of its positions
     */
    EventfulHistory(Random random, long offset) {
        this.random = random;
        this.history = new RandomHistory(random);
        this.offset = offset;
    }

    private static Table partitioned() {
        Table plain =
                Samples.table(PARTITIONED, "whole", List.of(), List.of(Samples.column(1, "c1")));
        return new Table(
                plain.id(),
                1,
                "public",
                plain.name(),
                "p",
                "p",
                "d",
                plain.columns(),
                List.of(),
                false,
                Optional.of("LIST (c1)"),
                Optional.empty(),
                List.of(),
                List.of(),
                "",
                "owner",
                List.of(),
                Optional.empty());
    }

    /** All tables as they are now, of version 1. */
    List<Table> tables() {
        List<Table> all = new ArrayList<>(history.tables().stream().map(this::named).toList());
        all.add(partitioned());
        return all;
    }

    Map<Long, List<List<Value>>> rows() {
        return history.rows();
    }

    private Table named(Table table) {
        String name =
                names.computeIfAbsent(table.id(), first -> freeName().orElse("table" + table.id()));
        List<Column> all = new ArrayList<>();
        Map<Integer, String> of = columns.computeIfAbsent(table.id(), first -> new HashMap<>());
        of.keySet().retainAll(table.columns().stream().map(Column::id).toList());
        for (Column column : table.columns()) {
            String called = of.get(column.id());
            if (called == null) {
                called = of.containsValue(column.name()) ? freeColumn(of) : column.name();
                of.put(column.id(), called);
            }
            all.add(column.named(called));
        }
        Table renamed = table.renamed(table.schema(), name, all);
        return attached.contains(table.id())
                ? renamed.withParents(
                        List.of(PARTITIONED), Optional.of("FOR VALUES IN ('x')"), all, List.of())
                : renamed;
    }

    private Optional<String> freeName() {
        List<String> free = new ArrayList<>();
        for (int i = 1; i <= NAMES; i++) {
            if (!names.containsValue("t" + i)) {
                free.add("t" + i);
            }
        }
        return free.isEmpty()
                ? Optional.empty()
                : Optional.of(free.get(random.nextInt(free.size())));
    }

    private String freeColumn(Map<Integer, String> of) {
        int number = 1 + random.nextInt(COLUMNS);
        while (of.containsValue("c" + number)) {
            number++;
        }
        return "c" + number;
    }

    /** What happens next. */
    Transaction next() {
        List<Table> tables = history.tables();
        boolean isRewrite = random.nextInt(8) == 0 && !tables.isEmpty();
        List<Entry> entries = new ArrayList<>();
        Transaction told;
        if (isRewrite) {
            Table table = tables.get(random.nextInt(tables.size()));
            List<List<Value>> before = rows().getOrDefault(table.id(), List.of());
            told = history.nextAfterRewriteOf(table.id());
            entries.addAll(told.entries());
            if (random.nextInt(3) > 0) {
                entries.addAll(1, restated(table, before));
            }
        } else {
            told = history.next();
            entries.addAll(told.entries());
        }
        entries.replaceAll(this::named);
        for (int n = random.nextInt(3); n > 0; n--) {
            rename().ifPresent(entries::add);
        }
        long position = told.position().value() + offset;
        return new Transaction(
                new Position(position), position, Samples.NOON.plusMillis(position), entries);
    }

    private static List<Entry> restated(Table table, List<List<Value>> rows) {
        List<Entry> told = new ArrayList<>();
        for (List<Value> row : rows) {
            told.add(
                    new Entry.Row(
                            table.id(),
                            Operation.REWRITE,
                            BeforeImage.NONE,
                            List.of(),
                            rewritten(table, row)));
        }
        told.add(
                new Entry.Schema(
                        new CatalogChange(
                                        "ALTER TABLE",
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(table.id()),
                                        false)
                                .json()));
        return told;
    }

    /** What such a command makes of a row. */
    static List<Value> rewritten(Table table, List<Value> row) {
        List<Value> other = new ArrayList<>(row);
        for (int i = 0; i < other.size(); i++) {
            if (!table.key().contains(table.stored().get(i).id())) {
                other.set(i, Value.text("rewritten"));
            }
        }
        return other;
    }

    private Entry named(Entry entry) {
        if (!(entry instanceof Entry.Schema schema)) {
            return entry;
        }
        CatalogChange change = CatalogChange.read(schema.content());
        change.dropped().forEach(this::forget);
        return new Entry.Schema(
                new CatalogChange(
                                change.command(),
                                change.tables().stream().map(this::named).toList(),
                                change.objects(),
                                change.dropped(),
                                change.gone(),
                                change.rewritten(),
                                change.restated(),
                                change.reread())
                        .json());
    }

    private void forget(long table) {
        names.remove(table);
        columns.remove(table);
        attached.remove(table);
    }

    private Optional<Entry> rename() {
        List<Table> tables = history.tables();
        if (tables.isEmpty()) {
            return Optional.empty();
        }
        Table table = tables.get(random.nextInt(tables.size()));
        Table other = tables.get(random.nextInt(tables.size()));
        switch (random.nextInt(4)) {
            case 0 -> freeName().ifPresent(name -> names.put(table.id(), name));
            case 1 -> {
                String name = named(table).name();
                names.put(table.id(), named(other).name());
                names.put(other.id(), name);
            }
            case 2 -> {
                named(table);
                Map<Integer, String> of = columns.getOrDefault(table.id(), new HashMap<>());
                Column column = table.columns().get(random.nextInt(table.columns().size()));
                of.put(column.id(), freeColumn(of));
            }
            default -> {
                if (!attached.remove(table.id())) {
                    attached.add(table.id());
                }
            }
        }
        List<Table> changed = table.id() == other.id() ? List.of(table) : List.of(table, other);
        return Optional.of(
                new Entry.Schema(
                        CatalogChange.ofTables(
                                        "ALTER TABLE", changed.stream().map(this::named).toList())
                                .json()));
    }
}

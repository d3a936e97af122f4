package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.fold.RandomHistory;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A database that commits random transactions, and remembers all that it ever was. */
final class Source {
    /** Leaves room for heartbeats between the positions of a random history. */
    private static final long SPREAD = 10;

    private static final int LARGE_PARTS_MAX = 12;

    private final Random random;
    private final RandomHistory history;
    private final List<Truth> committed = new ArrayList<>();
    private final Map<Long, Table> tables = new TreeMap<>();
    private final Position start;
    private final Catalog startCatalog;
    private final Map<Long, List<List<Value>>> startRows;
    private Position end;
    private long sample;

    Source(Random random) {
        this.random = random;
        this.history = new RandomHistory(random);
        Position reached = new Position(SPREAD);
        for (int n = random.nextInt(8); n > 0; n--) {
            reached = spread(history.next().position());
        }
        start = reached;
        end = reached;
        history.tables().forEach(table -> tables.put(table.id(), table));
        startCatalog = Samples.catalog(tables.values().toArray(Table[]::new));
        startRows = history.rows();
    }

    private static Position spread(Position position) {
        return new Position(position.value() * SPREAD);
    }

    /** Where the first base is taken. */
    Position start() {
        return start;
    }

    Catalog startCatalog() {
        return startCatalog;
    }

    Map<Long, List<List<Value>>> startRows() {
        return startRows;
    }

    /** All transactions so far, in commit order. */
    List<Truth> committed() {
        return committed;
    }

    /** The position before a transaction, by its place. */
    Position before(int place) {
        return place == 0 ? start : committed.get(place - 1).position();
    }

    /** Something happens. */
    void commit() {
        switch (random.nextInt(8)) {
            case 0 -> heartbeat();
            case 1 -> change(2 + random.nextInt(LARGE_PARTS_MAX - 1));
            default -> change(1);
        }
    }

    /** A transaction that changes nothing. */
    void heartbeat() {
        boolean isFull = (end.value() + 1) % SPREAD == 0; // no room before the next change
        if (isFull) {
            change(1);
            return;
        }
        sample += random.nextInt(2);
        Position position = new Position(end.value() + 1);
        Instant sent = time(position);
        String sequences =
                "{\"at\":\"%s\",\"sequences\":[{\"id\":7,\"last\":%d,\"called\":true}]}"
                        .formatted(end, sample);
        add(position, List.of(new Entry.Heartbeat(sent), new Entry.Sequences(sequences)));
    }

    private void change(int parts) {
        List<Entry> entries = new ArrayList<>();
        Position position = end;
        for (int i = 0; i < parts; i++) {
            WrittenArchive.Transaction part = history.next();
            entries.addAll(part.entries());
            position = spread(part.position());
        }
        if (random.nextInt(6) == 0) {
            entries.add(new Entry.Message("note", "at " + position));
        }
        add(position, entries);
    }

    /** Clocks jump, so commit times are not in commit order. */
    private Instant time(Position position) {
        return Samples.NOON.plusMillis(position.value() + random.nextInt(200));
    }

    private void add(Position position, List<Entry> entries) {
        List<Truth.Told> told = new ArrayList<>();
        for (Entry entry : entries) {
            told.add(tell(entry));
        }
        committed.add(
                new Truth(
                        position,
                        end,
                        position.value(),
                        time(position),
                        told,
                        List.copyOf(tables.values()),
                        history.rows()));
        end = position;
    }

    private Truth.Told tell(Entry entry) {
        return switch (entry) {
            case Entry.Row row -> about(row, row.table());
            case Entry.Truncate truncate -> about(truncate, truncate.tables().getFirst());
            case Entry.Schema schema -> {
                apply(CatalogChange.read(schema.content()));
                yield new Truth.Told(schema, 0, Optional.empty());
            }
            default -> new Truth.Told(entry, 0, Optional.empty());
        };
    }

    private Truth.Told about(Entry entry, long id) {
        Optional<Table> table = Optional.ofNullable(tables.get(id));
        return new Truth.Told(entry, table.orElseThrow().version(), table);
    }

    /** The version grows when a table becomes another. */
    private void apply(CatalogChange change) {
        for (Table next : change.tables()) {
            Table before = tables.get(next.id());
            int version = before == null ? 1 : before.version();
            boolean isSame = next.withVersion(version).equals(before);
            tables.put(
                    next.id(), next.withVersion(before == null || isSame ? version : version + 1));
        }
        change.dropped().forEach(tables::remove);
    }
}

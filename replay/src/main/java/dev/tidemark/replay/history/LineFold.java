package dev.tidemark.replay.history;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.merge.KeyMove;
import dev.tidemark.archive.parquet.Committed;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Goes along a life line in one stretch in commit order, and says of each change what the row was
 * before it and is after it. For one thread; used once.
 */
final class LineFold {
    private final BaseRows inBases;
    private final Stretch stretch;
    private final int number;
    private final StretchLine line;
    private final Table table;
    private final CatalogState catalog;
    private final Deque<TableBase> bases; // of the table, later than the first, by position
    private final List<LineEntry> entries = new ArrayList<>();
    private List<Value> key;
    private Optional<Map<Integer, Value>> last = Optional.empty();
    private Optional<Map<Integer, Value>> standing = Optional.empty(); // as of the last entry
    private Optional<LineEvent> previous = Optional.empty();
    private boolean isUnknown;

    /**
     * @param inBases looks up rows of the table
     * @param number of the stretch
     * @param table in it
     * @param end the last position that counts
     */
    LineFold(
            Archive archive,
            BaseRows inBases,
            int number,
            StretchLine line,
            Table table,
            Position end) {
        this.inBases = inBases;
        this.stretch = archive.state().stretches().get(number);
        this.number = number;
        this.line = line;
        this.table = table;
        this.catalog = line.start();
        this.key = line.key();
        this.bases =
                Planner.tableBases(stretch).stream()
                        .filter(base -> base.table() == table.id())
                        .filter(base -> !base.position().isAfter(end))
                        .filter(base -> isOfLine(base, line))
                        .sorted(comparing(TableBase::position))
                        .collect(Collectors.toCollection(ArrayDeque::new));
    }

    /** What a base holds from before the line begins is not told with its key. */
    private static boolean isOfLine(TableBase base, StretchLine line) {
        return line.from() == StretchLine.From.BASE
                || line.events().isEmpty()
                || !base.position().isBefore(line.events().getFirst().transaction().position());
    }

    /**
     * Goes along it.
     *
     * @param before the row at the end of the stretch before, in the columns of this one's table
     * @return the row at the end
     */
    Optional<Map<Integer, Value>> run(Optional<Map<Integer, Value>> before) throws IOException {
        standing = before.map(HashMap::new);
        if (line.from() == StretchLine.From.BASE) {
            begin(before);
        }
        standing = last.map(HashMap::new);
        for (LineEvent event : line.events()) {
            take(event);
        }
        between(Optional.empty());
        return last;
    }

    /** In commit order. */
    List<LineEntry> entries() {
        return entries;
    }

    private void begin(Optional<Map<Integer, Value>> before) throws IOException {
        readBase();
        boolean isAfterHole = stretch.gap().isPresent() || stretch.hasExpiredBefore();
        if (isUnknown) {
            last = before.map(this::keyOf);
        } else if (isAfterHole && !last.equals(before)) {
            Optional<Map<Integer, Value>> now = last;
            last = before;
            addBase(stretch.base().span().latestCommit(), stretch.from(), now);
        }
    }

    private void readBase() throws IOException {
        Manifest base = stretch.base();
        Optional<Table> then = catalog.table(table.id());
        if (then.isPresent()) {
            isUnknown = base.kind() == Manifest.Kind.FOLDED_BASE && then.get().rewritten();
            boolean isOfKey = then.get().key().equals(table.key());
            last =
                    isUnknown || !isOfKey
                            ? Optional.empty()
                            : inBases.find(base.files(), then.get(), key);
        }
    }

    /** All that is known of a row of a table whose rows are not. */
    private Map<Integer, Value> keyOf(Map<Integer, Value> row) {
        Map<Integer, Value> known = new HashMap<>(row);
        known.keySet().retainAll(table.key());
        return known;
    }

    private void take(LineEvent event) throws IOException {
        Committed transaction = event.transaction();
        if (previous.map(LineEvent::transaction).filter(transaction::equals).isEmpty()) {
            between(Optional.of(transaction));
        }
        previous = Optional.of(event);
        switch (event) {
            case LineEvent.Row row -> takeRow(row);
            case LineEvent.Truncated truncated -> takeEnd(truncated, "TRUNCATE");
            case LineEvent.Altered altered -> takeAltered(altered);
        }
    }

    private void takeEnd(LineEvent event, String how) {
        if (last.isPresent()) {
            last = Optional.empty();
            add(event, now(), how, List.of());
        }
    }

    /** The table as it is now; the latest one when it is gone. */
    private Table now() {
        return catalog.table(table.id()).orElse(table);
    }

    private void takeAltered(LineEvent.Altered altered) {
        Optional<Table> before = catalog.table(table.id());
        catalog.apply(altered.change());
        if (altered.change().dropped().contains(table.id())) {
            takeEnd(altered, "DROP TABLE");
        } else if (before.isPresent() && last.isPresent()) {
            addColumns(altered, before.get());
        }
    }

    /** A new column has a value in every row, which no change of the row tells. */
    private void addColumns(LineEvent.Altered altered, Table before) {
        Set<Integer> known = new HashSet<>();
        before.stored().forEach(column -> known.add(column.id()));
        List<LineEntry.Field> fields = new ArrayList<>();
        for (Column column : now().stored()) {
            if (!known.contains(column.id())) {
                Value value = column.missing().map(Value::text).orElse(Value.Mark.NULL);
                last.orElseThrow().put(column.id(), value);
                fields.add(new LineEntry.Field(column, Value.Mark.NULL, value));
            }
        }
        if (!fields.isEmpty()) {
            add(altered, now(), altered.change().command(), fields);
        }
    }

    /** Between two transactions rows may have got unknown, and known again by a base. */
    private void between(Optional<Committed> next) throws IOException {
        boolean isRewritten = catalog.table(table.id()).map(Table::rewritten).orElse(false);
        if (isRewritten && !isUnknown && last.isPresent() && previous.isPresent()) {
            last.get().keySet().retainAll(table.key());
            add(previous.get(), now(), "REWRITE", List.of());
        }
        isUnknown = isRewritten;
        while (!bases.isEmpty()
                && (next.isEmpty()
                        || bases.getFirst().position().isBefore(next.get().position()))) {
            TableBase base = bases.removeFirst();
            Optional<Map<Integer, Value>> found = inBases.find(base.files(), now(), key);
            if (isUnknown || isOther(found)) {
                addBase(base.time(), base.position(), found);
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

    private void addBase(Instant time, Position position, Optional<Map<Integer, Value>> found) {
        Optional<Map<Integer, Value>> before = last;
        last = found;
        if (found.isPresent() || before.isPresent()) {
            List<LineEntry.Field> fields =
                    found.map(row -> difference(now(), before.orElse(Map.of()), row, true))
                            .orElse(List.of());
            entries.add(
                    new LineEntry(
                            number,
                            time,
                            position,
                            0,
                            Actor.UNKNOWN,
                            now(),
                            key,
                            "BASE",
                            fields,
                            before,
                            found));
            standing = last.map(HashMap::new);
        }
    }

    private void takeRow(LineEvent.Row event) {
        Entry.Row row = event.change();
        KeyMove move = KeyMove.of(event.table(), row);
        boolean isOfLine = move.was().filter(event.keyBefore()::equals).isPresent();
        boolean staysInLine = move.is().filter(event.keyAfter()::equals).isPresent();
        Map<Integer, Value> before =
                told(event.table(), row, isOfLine ? last.orElse(Map.of()) : Map.of());
        Map<Integer, Value> after =
                row.operation() == Operation.DELETE
                        ? Collections.emptyMap()
                        : Fields.after(event.table(), row, before);
        List<LineEntry.Field> fields =
                row.operation() == Operation.DELETE
                        ? List.of()
                        : difference(
                                event.table(),
                                row.operation() == Operation.REWRITE ? last.orElse(before) : before,
                                after,
                                row.operation() != Operation.INSERT);
        key = event.keyAfter();
        last = staysInLine ? Optional.of(after) : Optional.empty();
        if (row.operation() != Operation.REWRITE || !fields.isEmpty()) {
            add(event, event.table(), row.operation().name(), fields);
        }
    }

    /** What is known of the row before a change: what the source told goes first. */
    private static Map<Integer, Value> told(Table table, Entry.Row row, Map<Integer, Value> known) {
        if (row.image() == BeforeImage.FULL && row.before().stream().allMatch(Value::isKnown)) {
            return Fields.byColumn(table, row.before());
        }
        Map<Integer, Value> before = new HashMap<>(known);
        Fields.byColumn(table, row.before())
                .forEach(
                        (id, value) -> {
                            if (value.isKnown()) {
                                before.put(id, value);
                            }
                        });
        return before;
    }

    /** What differs. Only fields that one of the two knows are named. */
    private static List<LineEntry.Field> difference(
            Table table, Map<Integer, Value> before, Map<Integer, Value> after, boolean wasThere) {
        List<LineEntry.Field> fields = new ArrayList<>();
        for (Column column : table.stored()) {
            Value old =
                    before.getOrDefault(
                            column.id(), wasThere ? Value.Mark.UNKNOWN : Value.Mark.NULL);
            Value now = after.getOrDefault(column.id(), Value.Mark.NULL);
            if (!old.equals(now) && now.isKnown()) {
                fields.add(new LineEntry.Field(column, old, now));
            }
        }
        return fields;
    }

    private void add(LineEvent in, Table as, String operation, List<LineEntry.Field> fields) {
        Committed transaction = in.transaction();
        entries.add(
                new LineEntry(
                        number,
                        transaction.commitTime(),
                        transaction.position(),
                        transaction.xid(),
                        in.actor(),
                        as,
                        key,
                        operation,
                        fields,
                        standing,
                        last));
        standing = last.map(HashMap::new);
    }
}

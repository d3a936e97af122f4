package dev.tidemark.replay.history;

import static java.util.stream.Collectors.toCollection;

import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a row's history has to be, from all that happened to its table: everything is in memory,
 * with every row as it was before and after each change. Rows are by the names of their columns.
 */
final class NaiveLine {
    /** After a line of which the fields before need not be known. */
    static final String DOUBT = " ?";

    /** A step of the table's history. */
    private record Step(
            long position,
            String operation,
            Optional<Map<String, String>> before,
            Optional<Map<String, String>> after) {}

    /** Of a row that is older than the key: it is not known until something happens to it. */
    private static final String OLDER = "older than the key";

    private static final String UNTOUCHED = "untouched";

    private final long id;
    private final List<Step> steps = new ArrayList<>();
    private final List<Map<String, String>> rows = new ArrayList<>();
    private final Set<List<String>> keys = new LinkedHashSet<>();
    private Table table;
    private boolean isGone;

    /** From a table's first shape on, with the rows that it has then. */
    NaiveLine(Table table, Collection<List<Value>> rows) {
        this.id = table.id();
        this.table = table;
        rows.forEach(row -> this.rows.add(named(table, row)));
        this.rows.forEach(row -> keys.add(key(row)));
    }

    /** In its last shape. */
    Table table() {
        return table;
    }

    boolean isGone() {
        return isGone;
    }

    /** All keys, in the columns of the last one, that rows had since it was that. */
    Set<List<String>> keys() {
        return keys;
    }

    private static Map<String, String> named(Table table, List<Value> row) {
        Map<String, String> named = new LinkedHashMap<>();
        List<Column> columns = table.stored();
        for (int i = 0; i < columns.size(); i++) {
            named.put(columns.get(i).name(), text(row.get(i)));
        }
        return named;
    }

    private static String text(Value value) {
        return value == Value.Mark.NULL ? "NULL" : "=" + value;
    }

    private List<String> key(Map<String, String> row) {
        return table.key().stream()
                .map(column -> table.columns().stream().filter(one -> one.id() == column))
                .map(found -> row.get(found.findFirst().orElseThrow().name()))
                .toList();
    }

    void add(Transaction transaction) {
        for (Entry entry : transaction.entries()) {
            add(transaction.position().value(), entry);
        }
    }

    private void add(long position, Entry entry) {
        switch (entry) {
            case Entry.Row row when row.table() == id -> add(position, row);
            case Entry.Truncate truncate when truncate.tables().contains(id) ->
                    end(position, "TRUNCATE");
            case Entry.Schema schema -> add(position, CatalogChange.read(schema.content()));
            default -> {}
        }
    }

    private static boolean isUntouched(Map<String, String> row) {
        return UNTOUCHED.equals(row.get(OLDER));
    }

    private void end(long position, String how) {
        for (Map<String, String> row : rows) {
            if (isUntouched(row)) {
                continue;
            }
            steps.add(new Step(position, how, Optional.of(Map.copyOf(row)), Optional.empty()));
        }
        rows.clear();
    }

    private void add(long position, CatalogChange change) {
        if (change.dropped().contains(id)) {
            end(position, "DROP TABLE");
            isGone = true;
        }
        for (Table next : change.tables()) {
            if (next.id() == id) {
                alter(position, next);
            }
        }
    }

    private void alter(long position, Table next) {
        Table old = table;
        Set<String> names =
                next.stored().stream().map(Column::name).collect(toCollection(HashSet::new));
        List<Column> added =
                next.stored().stream()
                        .filter(
                                column ->
                                        old.stored().stream()
                                                .noneMatch(one -> one.id() == column.id()))
                        .toList();
        table = next;
        if (!old.key().equals(next.key())) {
            steps.clear();
            keys.clear();
            rows.forEach(row -> keys.add(key(row)));
            rows.forEach(row -> row.put(OLDER, UNTOUCHED));
        }
        names.add(OLDER);
        for (Map<String, String> row : rows) {
            Map<String, String> before = new LinkedHashMap<>(row);
            row.keySet().retainAll(names);
            added.forEach(
                    column -> {
                        row.put(
                                column.name(),
                                column.missing().map(one -> "=" + one).orElse("NULL"));
                        before.put(column.name(), "NULL");
                    });
            if (!isUntouched(row)
                    && added.stream().anyMatch(column -> column.missing().isPresent())) {
                steps.add(
                        new Step(
                                position,
                                "ALTER TABLE",
                                Optional.of(before),
                                Optional.of(new LinkedHashMap<>(row))));
            }
        }
    }

    private void add(long position, Entry.Row row) {
        Optional<Map<String, String>> before = Optional.empty();
        Optional<Map<String, String>> after = Optional.empty();
        if (row.operation() != Operation.INSERT) {
            List<Value> told = row.before().isEmpty() ? row.after() : row.before();
            before = Optional.of(take(told));
        }
        if (row.operation() != Operation.DELETE) {
            Map<String, String> now = before.map(LinkedHashMap::new).orElseGet(LinkedHashMap::new);
            List<Column> columns = table.stored();
            for (int i = 0; i < columns.size(); i++) {
                if (row.after().get(i) != Value.Mark.UNCHANGED) {
                    now.put(columns.get(i).name(), text(row.after().get(i)));
                }
            }
            now.computeIfPresent(OLDER, (same, untouched) -> "touched");
            after = Optional.of(Map.copyOf(now));
            rows.add(now);
            keys.add(key(now));
        }
        steps.add(new Step(position, row.operation().name(), before, after));
    }

    /** The row with the key that is told, or, where there is no key, that is as is told. */
    private Map<String, String> take(List<Value> told) {
        Map<String, String> known = new LinkedHashMap<>();
        List<Column> columns = table.stored();
        for (int i = 0; i < columns.size(); i++) {
            boolean counts = table.key().isEmpty() || table.key().contains(columns.get(i).id());
            if (counts && told.get(i).isKnown()) {
                known.put(columns.get(i).name(), text(told.get(i)));
            }
        }
        Map<String, String> found =
                rows.stream()
                        .filter(row -> row.entrySet().containsAll(known.entrySet()))
                        .findFirst()
                        .orElseThrow();
        rows.remove(found);
        return found;
    }

    /** What is to be told of a key, the newest first: one text for each change. */
    List<String> history(List<String> asked) {
        List<String> told = new ArrayList<>();
        List<String> key = asked;
        int newest = -1;
        Optional<List<String>> away = Optional.empty();
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            Optional<List<String>> was = step.before().map(this::key);
            Optional<List<String>> is = step.after().map(this::key);
            if (was.filter(key::equals).isEmpty() && is.filter(key::equals).isEmpty()) {
                continue;
            }
            boolean isOfTable = step.operation().equals("ALTER TABLE");
            boolean isAway = was.isPresent() && is.isPresent() && is.filter(key::equals).isEmpty();
            if (newest < 0 && !isOfTable) {
                newest = i;
                away = isAway ? is : Optional.empty();
            }
            if (is.filter(key::equals).isPresent() && was.isPresent()) {
                key = was.get();
            }
            told.add(told(step));
        }
        if (away.isPresent()) {
            List<String> ahead = forwards(newest, away.get());
            told.addAll(0, ahead.reversed());
        }
        return told;
    }

    private List<String> forwards(int from, List<String> start) {
        List<String> told = new ArrayList<>();
        List<String> key = start;
        String doubt = "";
        for (Step step : steps.subList(from + 1, steps.size())) {
            Optional<List<String>> was = step.before().map(this::key);
            Optional<List<String>> is = step.after().map(this::key);
            boolean wasIt = was.filter(key::equals).isPresent();
            if (!wasIt && is.filter(key::equals).isEmpty()) {
                continue;
            }
            // What another row was that came to this key is not looked up.
            doubt = !wasIt && was.isPresent() ? DOUBT : doubt;
            told.add(told(step) + doubt);
            if (wasIt && is.isPresent()) {
                key = is.get();
            }
        }
        return told;
    }

    private static String told(Step step) {
        List<String> fields = new ArrayList<>();
        boolean isDoubted =
                step.operation().equals("UPDATE")
                        && step.before().filter(row -> row.containsKey(OLDER)).isPresent();
        step.after()
                .ifPresent(
                        now ->
                                now.forEach(
                                        (name, value) -> {
                                            String old =
                                                    step.before()
                                                            .map(was -> was.get(name))
                                                            .orElse("NULL");
                                            if (!value.equals(old) && !name.equals(OLDER)) {
                                                fields.add(name + ": " + old + " -> " + value);
                                            }
                                        }));
        String told = fields.stream().sorted().toList() + (isDoubted ? DOUBT : "");
        return step.position() + " " + step.operation() + " " + told;
    }

    /** The same of an answer. */
    static List<String> told(History history) {
        return history.changes().stream().map(NaiveLine::told).toList();
    }

    private static String told(RowChange change) {
        List<String> fields =
                change.fields().stream()
                        .map(
                                field ->
                                        "%s: %s -> %s"
                                                .formatted(
                                                        field.column(),
                                                        field.beforeKnown()
                                                                ? text(field.before())
                                                                : "UNKNOWN",
                                                        text(field.after())))
                        .sorted()
                        .toList();
        return change.position().value() + " " + change.operation() + " " + fields;
    }

    private static String text(Optional<String> value) {
        return value.map(text -> "=" + text).orElse("NULL");
    }
}

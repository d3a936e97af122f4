package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.table;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A made-up history of a database, and what it leads to: every change is told as the stream would
 * tell it, and applied to plain lists of rows. Moves on transaction by transaction.
 */
public final class RandomHistory {
    /** A table as it really is. */
    private static final class Model {
        Table table;
        int nextColumn;
        final List<List<Value>> rows = new ArrayList<>();

        Model(Table table) {
            this.table = table;
            this.nextColumn = table.columns().size() + 1;
        }

        int[] keyPlaces() {
            List<Integer> stored = table.stored().stream().map(Column::id).toList();
            return table.key().stream().mapToInt(stored::indexOf).toArray();
        }

        boolean isKeyPlace(int place) {
            return table.key().contains(table.stored().get(place).id());
        }

        List<Value> keyOf(List<Value> row) {
            List<Value> key = new ArrayList<>();
            for (int place : keyPlaces()) {
                key.add(row.get(place));
            }
            return key;
        }

        boolean hasKey(List<Value> key) {
            return rows.stream().anyMatch(row -> keyOf(row).equals(key));
        }
    }

    private final Random random;
    private final Map<Long, Model> models = new TreeMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private long nextTable = 1;
    private long nextPosition = 100;

    public RandomHistory(Random random) {
        this.random = random;
        for (int i = 0; i < 3; i++) {
            createTable();
        }
    }

    /** The tables as they are now, all of version 1. */
    public List<Table> tables() {
        return models.values().stream().map(model -> model.table.withVersion(1)).toList();
    }

    /** A copy of all rows as they are now. */
    public Map<Long, List<List<Value>>> rows() {
        Map<Long, List<List<Value>>> copy = new TreeMap<>();
        models.forEach((id, model) -> copy.put(id, List.copyOf(model.rows)));
        return copy;
    }

    /** What happens next. */
    public Transaction next() {
        return next(Optional.empty());
    }

    /** The same, after a command that changes fields of a table's rows and leaves no trace. */
    public Transaction nextAfterRewriteOf(long table) {
        return next(Optional.ofNullable(models.get(table)));
    }

    private Transaction next(Optional<Model> rewritten) {
        entries.clear();
        rewritten.ifPresent(this::rewrite);
        for (int n = random.nextInt(6); n >= 0; n--) {
            step();
        }
        nextPosition += 1 + random.nextInt(9);
        return new Transaction(
                new Position(nextPosition),
                nextPosition,
                Samples.NOON.plusMillis(nextPosition),
                entries);
    }

    private void rewrite(Model model) {
        CatalogChange change =
                new CatalogChange(
                        "ALTER TABLE",
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(model.table.id()),
                        List.of(),
                        false);
        entries.add(new Entry.Schema(change.json()));
        replaceRows(
                model,
                row -> {
                    List<Value> other = new ArrayList<>(row);
                    for (int i = 0; i < other.size(); i++) {
                        if (!model.isKeyPlace(i)) {
                            other.set(i, Value.text("rewritten"));
                        }
                    }
                    return other;
                });
    }

    private void step() {
        if (models.isEmpty()) {
            createTable();
            return;
        }
        List<Model> all = List.copyOf(models.values());
        Model model = all.get(random.nextInt(all.size()));
        switch (random.nextInt(40)) {
            case 0 -> createTable();
            case 1 -> dropTable(model);
            case 2 -> truncate(model);
            case 3, 4 -> addColumn(model);
            case 5 -> dropColumn(model);
            case 6 -> changeKey(model);
            case 7 -> forgetMissing(model);
            case 8, 9 -> swapKeys(model);
            case 10 -> lendKey(model);
            case 11, 12 -> deleteAndInsertAgain(model);
            case 13, 14, 15, 16, 17 -> delete(model);
            case 18, 19, 20, 21, 22, 23, 24, 25, 26, 27 -> update(model);
            default -> insert(model);
        }
    }

    /** Not all that such a column holds here is of its type, as when a command went untold. */
    private static Column column(int id, Optional<String> missing) {
        String type =
                switch (id % 3) {
                    case 0 -> "integer";
                    case 1 -> "bigint";
                    default -> "text";
                };
        return Samples.column(id, "c" + id, type, missing);
    }

    private void createTable() {
        long id = nextTable++;
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= 2 + random.nextInt(3); i++) {
            columns.add(column(i, Optional.empty()));
        }
        List<Integer> key =
                switch (random.nextInt(3)) {
                    case 0 -> List.of();
                    case 1 -> List.of(1);
                    default -> List.of(2, 1);
                };
        Model model = new Model(table(id, "t" + id, key, columns));
        models.put(id, model);
        schema(model.table);
    }

    private void dropTable(Model model) {
        models.remove(model.table.id());
        CatalogChange change =
                new CatalogChange(
                        "DROP TABLE",
                        List.of(),
                        List.of(),
                        List.of(model.table.id()),
                        List.of(),
                        List.of(),
                        List.of(),
                        false);
        entries.add(new Entry.Schema(change.json()));
    }

    private void truncate(Model model) {
        model.rows.clear();
        entries.add(new Entry.Truncate(List.of(model.table.id()), false, false));
    }

    private void schema(Table table) {
        CatalogChange change = CatalogChange.ofTables("ALTER TABLE", List.of(table));
        entries.add(new Entry.Schema(change.json()));
    }

    private void alter(Model model, List<Column> columns, List<Integer> key) {
        Table old = model.table;
        model.table = table(old.id(), old.name(), key, columns);
        schema(model.table);
    }

    private void addColumn(Model model) {
        int id = model.nextColumn++;
        Optional<String> missing = random.nextBoolean() ? Optional.of("m" + id) : Optional.empty();
        List<Column> columns = new ArrayList<>(model.table.columns());
        columns.add(column(id, missing));
        alter(model, columns, model.table.key());
        replaceRows(model, row -> with(row, missing.map(Value::text).orElse(Value.Mark.NULL)));
    }

    private static List<Value> with(List<Value> row, Value last) {
        List<Value> longer = new ArrayList<>(row);
        longer.add(last);
        return longer;
    }

    private void dropColumn(Model model) {
        int place = random.nextInt(Math.max(1, model.table.columns().size()));
        if (model.table.columns().size() < 2 || model.isKeyPlace(place)) {
            return;
        }
        List<Column> columns = new ArrayList<>(model.table.columns());
        columns.remove(place);
        alter(model, columns, model.table.key());
        replaceRows(
                model,
                row -> {
                    List<Value> shorter = new ArrayList<>(row);
                    shorter.remove(place);
                    return shorter;
                });
    }

    private static void replaceRows(Model model, UnaryOperator<List<Value>> next) {
        model.rows.replaceAll(next);
    }

    /** VACUUM FULL writes every row anew, and columns need no value for older rows any more. */
    private void forgetMissing(Model model) {
        List<Column> columns =
                model.table.columns().stream()
                        .map(old -> column(old.id(), Optional.empty()))
                        .toList();
        alter(model, columns, model.table.key());
    }

    /** The rows that would not fit the new key are deleted first. */
    private void changeKey(Model model) {
        List<Integer> ids = model.table.columns().stream().map(Column::id).toList();
        List<Integer> key =
                switch (random.nextInt(3)) {
                    case 0 -> List.of();
                    case 1 -> List.of(ids.get(random.nextInt(ids.size())));
                    default -> List.of(ids.getLast(), ids.getFirst());
                };
        if (key.size() == 2 && ids.size() < 2) {
            return;
        }
        Model next = new Model(table(model.table.id(), "", key, model.table.columns()));
        HashSet<List<Value>> seen = new HashSet<>();
        for (List<Value> row : List.copyOf(model.rows)) {
            List<Value> found = next.keyOf(row);
            if (!key.isEmpty() && (found.contains(Value.Mark.NULL) || !seen.add(found))) {
                delete(model, row);
            }
        }
        alter(model, model.table.columns(), key);
    }

    private void insert(Model model) {
        List<Value> row = new ArrayList<>();
        for (int i = 0; i < model.table.columns().size(); i++) {
            row.add(value(model, i));
        }
        if (model.table.key().isEmpty() || !model.hasKey(model.keyOf(row))) {
            insert(model, row);
        }
    }

    private void insert(Model model, List<Value> row) {
        model.rows.add(row);
        row(model, Operation.INSERT, BeforeImage.NONE, List.of(), row);
    }

    private Value value(Model model, int place) {
        boolean key = model.isKeyPlace(place);
        if (!key && random.nextInt(5) == 0) {
            return Value.Mark.NULL;
        }
        return Value.text(
                !key && random.nextInt(9) == 0 ? "" : Integer.toString(random.nextInt(12)));
    }

    private Optional<List<Value>> anyRow(Model model) {
        return model.rows.isEmpty()
                ? Optional.empty()
                : Optional.of(model.rows.get(random.nextInt(model.rows.size())));
    }

    private void delete(Model model) {
        anyRow(model).ifPresent(row -> delete(model, row));
    }

    private void delete(Model model, List<Value> row) {
        model.rows.remove(row);
        BeforeImage image = image(model);
        row(model, Operation.DELETE, image, before(model, image, row), List.of());
    }

    private void deleteAndInsertAgain(Model model) {
        anyRow(model)
                .ifPresent(
                        row -> {
                            delete(model, row);
                            insert(model, row);
                        });
    }

    private void update(Model model) {
        Optional<List<Value>> row = anyRow(model);
        if (row.isEmpty()) {
            return;
        }
        boolean moves = random.nextInt(4) == 0;
        List<Value> next = new ArrayList<>(row.get());
        for (int i = 0; i < next.size(); i++) {
            if (random.nextBoolean() && (moves || !model.isKeyPlace(i))) {
                next.set(i, value(model, i));
            }
        }
        List<Value> key = model.keyOf(next);
        if (key.isEmpty() || key.equals(model.keyOf(row.get())) || !model.hasKey(key)) {
            update(model, row.get(), next);
        }
    }

    private void update(Model model, List<Value> old, List<Value> next) {
        model.rows.remove(old);
        model.rows.add(next);
        boolean same = model.keyOf(old).equals(model.keyOf(next));
        boolean keyed = !model.table.key().isEmpty();
        BeforeImage image = keyed && same && random.nextBoolean() ? BeforeImage.NONE : image(model);
        row(
                model,
                Operation.UPDATE,
                image,
                image == BeforeImage.NONE ? List.of() : before(model, image, old),
                withUnchanged(model, old, next));
    }

    /** Large values that an update leaves alone are not in the stream. */
    private List<Value> withUnchanged(Model model, List<Value> old, List<Value> next) {
        List<Value> told = new ArrayList<>(next);
        for (int i = 0; i < told.size(); i++) {
            boolean large = old.get(i) instanceof Value.Text && old.get(i).equals(next.get(i));
            if (large && !model.isKeyPlace(i) && random.nextBoolean()) {
                told.set(i, Value.Mark.UNCHANGED);
            }
        }
        return told;
    }

    private void swapKeys(Model model) {
        if (model.table.key().isEmpty() || model.rows.size() < 2) {
            return;
        }
        List<List<Value>> two = new ArrayList<>(model.rows);
        Collections.shuffle(two, random);
        List<Value> first = two.get(0);
        List<Value> second = two.get(1);
        List<Value> aside = withKey(model, first, "aside");
        List<Value> firstThen = new ArrayList<>(first);
        List<Value> secondThen = new ArrayList<>(second);
        for (int place : model.keyPlaces()) {
            firstThen.set(place, second.get(place));
            secondThen.set(place, first.get(place));
        }
        update(model, first, aside);
        update(model, second, secondThen);
        update(model, aside, firstThen);
    }

    /** A row is away while another one is born under its key, and goes on or ends. */
    private void lendKey(Model model) {
        Optional<List<Value>> row = anyRow(model);
        if (model.table.key().isEmpty() || row.isEmpty()) {
            return;
        }
        List<Value> away = withKey(model, row.get(), "away");
        List<Value> guest = new ArrayList<>(row.get());
        update(model, row.get(), away);
        insert(model, guest);
        List<Value> gone = withKey(model, guest, Integer.toString(12 + random.nextInt(3)));
        if (random.nextBoolean() || model.hasKey(model.keyOf(gone))) {
            delete(model, guest);
        } else {
            update(model, guest, gone);
        }
        update(model, away, guest);
    }

    private static List<Value> withKey(Model model, List<Value> row, String key) {
        List<Value> other = new ArrayList<>(row);
        for (int place : model.keyPlaces()) {
            other.set(place, Value.text(key));
        }
        return other;
    }

    private BeforeImage image(Model model) {
        return model.table.key().isEmpty() || random.nextBoolean()
                ? BeforeImage.FULL
                : BeforeImage.KEY;
    }

    private static List<Value> before(Model model, BeforeImage image, List<Value> row) {
        List<Value> before = new ArrayList<>(row);
        for (int i = 0; i < before.size(); i++) {
            if (image == BeforeImage.KEY && !model.isKeyPlace(i)) {
                before.set(i, Value.Mark.UNKNOWN);
            }
        }
        return before;
    }

    private void row(
            Model model,
            Operation operation,
            BeforeImage image,
            List<Value> before,
            List<Value> after) {
        entries.add(new Entry.Row(model.table.id(), operation, image, before, after));
    }
}

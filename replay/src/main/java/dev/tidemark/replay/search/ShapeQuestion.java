package dev.tidemark.replay.search;

import dev.tidemark.replay.profile.Liveness;
import dev.tidemark.replay.profile.RowFields;
import dev.tidemark.replay.profile.TableProfile;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A question to the changes of one table in one shape. For one thread. */
final class ShapeQuestion {
    private static final int REMEMBERED_MAX = 10_000; // values of few columns; then they are many

    private final Table table;
    private final FieldTests tests;
    private final TableProfile profile;
    private final Optional<SoftDeletion> softDeletion;
    private final int[] softDelete; // places of the columns of the rule
    private final int[] claiming; // places of those that name who changed the row
    private final Map<List<Value>, Liveness> liveness = new HashMap<>();
    private final Map<List<Object>, Optional<String>> claims = new HashMap<>();

    /**
     * @param tests what is asked of its fields
     */
    ShapeQuestion(
            Table table,
            FieldTests tests,
            TableProfile profile,
            Optional<SoftDeletion> softDeletion) {
        this.table = table;
        this.tests = tests;
        this.profile = profile;
        this.softDeletion = softDeletion;
        this.softDelete =
                softDeletion
                        .map(by -> places(by.as(), by.rule().columns()::contains))
                        .orElse(new int[0]);
        this.claiming =
                places(
                        table,
                        name ->
                                profile.modifier().filter(name::equals).isPresent()
                                        || profile.creator().filter(name::equals).isPresent());
    }

    private static int[] places(Table table, Predicate<String> isWanted) {
        List<Column> columns = table.stored();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (isWanted.test(columns.get(i).name())) {
                places.add(i);
            }
        }
        return places.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The ids of the columns that it needs of a row. */
    Set<Integer> columns() {
        List<Column> columns = table.stored();
        if (table.key().isEmpty()) {
            // A row without a key cannot be found again to be shown.
            return new HashSet<>(columns.stream().map(Column::id).toList());
        }
        Set<Integer> needed = new HashSet<>(table.key());
        for (int[] places : List.of(softDelete, claiming, tests.places())) {
            Arrays.stream(places).forEach(place -> needed.add(columns.get(place).id()));
        }
        return needed;
    }

    /** Does an answer depend on what rows were before? */
    boolean needsBefore() {
        return tests.isAny() || softDelete.length > 0;
    }

    /**
     * What a change is, if that is known: whether an UPDATE made the row count as deleted may
     * depend on what it was before.
     */
    Optional<ChangeKind> kind(ScannedChange change) {
        return switch (change.operation()) {
            case INSERT, REWRITE -> Optional.of(ChangeKind.INSERT);
            case DELETE -> Optional.of(ChangeKind.DELETE);
            case UPDATE -> softDelete.length == 0 ? Optional.of(ChangeKind.UPDATE) : ofRule(change);
        };
    }

    private Optional<ChangeKind> ofRule(ScannedChange change) {
        Liveness was = liveness(change.before());
        Liveness is = liveness(change.after());
        if (was == is && was != Liveness.UNKNOWN) {
            return Optional.of(ChangeKind.UPDATE);
        }
        if (was == Liveness.UNKNOWN || is == Liveness.UNKNOWN) {
            return Optional.empty();
        }
        return Optional.of(is == Liveness.DELETED ? ChangeKind.SOFT_DELETE : ChangeKind.UNDELETE);
    }

    private Liveness liveness(List<Value> row) {
        List<Value> fields = Arrays.stream(softDelete).mapToObj(row::get).toList();
        Liveness known = liveness.get(fields);
        if (known != null) {
            return known;
        }
        if (liveness.size() >= REMEMBERED_MAX) {
            liveness.clear();
        }
        Liveness found = softDeletion.orElseThrow().of(row);
        liveness.put(fields, found);
        return found;
    }

    /** Whom the row names as who made a change. */
    Optional<String> claim(ScannedChange change) {
        if (claiming.length == 0 || change.operation() == Operation.DELETE) {
            return Optional.empty();
        }
        List<Object> fields = new ArrayList<>();
        fields.add(change.operation());
        Arrays.stream(claiming).forEach(place -> fields.add(change.after().get(place)));
        Optional<String> known = claims.get(fields);
        if (known == null) {
            if (claims.size() >= REMEMBERED_MAX) {
                claims.clear();
            }
            known = profile.claim(change.operation(), RowFields.of(table, change.after()));
            claims.put(fields, known);
        }
        return known;
    }

    /** Does a change answer what is asked of its fields? */
    FieldTests.Found fields(ScannedChange change) {
        return tests.of(change);
    }
}

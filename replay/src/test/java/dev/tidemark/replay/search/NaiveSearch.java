package dev.tidemark.replay.search;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Asks a model that has everything in memory, as {@link Search} is asked. */
final class NaiveSearch {
    static final String SOFT_DELETE_COLUMN = "c2";
    static final String SOFT_DELETE_VALUE = "3";

    /**
     * A change that answers.
     *
     * @param kind by the rule of soft deletes
     */
    record Answer(NaiveChanges.Known change, ChangeKind kind) {
        String told() {
            return change.told(kind);
        }
    }

    private final NaiveChanges all;
    private final long first;
    private final long last;

    /**
     * @param first position of the window
     * @param last the same
     */
    NaiveSearch(NaiveChanges all, long first, long last) {
        this.all = all;
        this.first = first;
        this.last = last;
    }

    /** What the name of a table means. */
    private record Named(String name, NaiveChanges.Shape shape) {}

    private Named named(String name) {
        List<NaiveChanges.Shape> shapes = all.shapes();
        int newest = shapes.getLast().stretch;
        NaiveChanges.Shape last =
                shapes.stream()
                        .filter(one -> one.stretch == newest && one.isAtEnd)
                        .filter(one -> one.table.displayName().equals(name))
                        .findFirst()
                        .or(
                                () ->
                                        shapes.stream()
                                                .filter(one -> one.table.displayName().equals(name))
                                                .reduce((one, later) -> later))
                        .orElseThrow();
        return new Named(
                name,
                shapes.stream()
                        .filter(one -> one.stretch == newest && one.isAtEnd)
                        .filter(one -> one.system.equals(last.system))
                        .filter(one -> one.table.id() == last.table.id())
                        .findFirst()
                        .orElse(last));
    }

    /** The shapes of a cluster that count for names: first those of the window, of each stretch. */
    private List<NaiveChanges.Shape> shapes(String system) {
        List<NaiveChanges.Shape> found = new ArrayList<>();
        Set<Integer> stretches = new HashSet<>();
        Predicate<NaiveChanges.Shape> isIn = one -> one.from <= last && one.to >= first;
        all.shapes().stream().filter(isIn).forEach(one -> stretches.add(one.stretch));
        for (int stretch : stretches.stream().sorted().toList()) {
            Stream.of(isIn, (Predicate<NaiveChanges.Shape>) one -> one.isAtEnd)
                    .flatMap(filter -> all.shapes().stream().filter(filter))
                    .filter(one -> one.stretch == stretch && one.system.equals(system))
                    .forEach(found::add);
        }
        return found;
    }

    private boolean isNamed(Optional<Named> named, NaiveChanges.Shape one) {
        if (named.isEmpty() || one.table.displayName().equals(named.get().name())) {
            return true;
        }
        NaiveChanges.Shape meant = named.get().shape();
        return one.system.equals(meant.system)
                ? one.table.id() == meant.table.id()
                : one.table.displayName().equals(meant.table.displayName());
    }

    private Set<Long> tables(String system, Optional<Named> named) {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 3; i++) { // nothing is deeper
            for (NaiveChanges.Shape one : shapes(system)) {
                if (isNamed(named, one) || one.table.parents().stream().anyMatch(ids::contains)) {
                    ids.add(one.table.id());
                }
            }
        }
        return ids;
    }

    /** The newest first; empty where nothing has such a column. */
    Optional<List<Answer>> answer(SearchRequest request) {
        Optional<Named> named = request.table().map(this::named);
        if (request.fields().column().isPresent() && !hasColumn(request, named)) {
            return Optional.empty();
        }
        List<Answer> answers = new ArrayList<>();
        for (NaiveChanges.Known change : all.all()) {
            boolean isIn = change.position() >= first && change.position() <= last;
            if (isIn && tables(change.system(), named).contains(change.table().id())) {
                answer(request, change).ifPresent(answers::addFirst);
            }
        }
        return Optional.of(answers);
    }

    private boolean hasColumn(SearchRequest request, Optional<Named> named) {
        Stream<NaiveChanges.Shape> there =
                all.shapes().stream()
                        .map(one -> one.system)
                        .distinct()
                        .flatMap(
                                system ->
                                        shapes(system).stream()
                                                .filter(one -> one.table.holdsRows())
                                                .filter(
                                                        one ->
                                                                tables(system, named)
                                                                        .contains(one.table.id())));
        return Stream.concat(there, named.stream().map(Named::shape))
                .flatMap(one -> one.table.stored().stream())
                .map(Column::name)
                .anyMatch(request.fields().column().orElseThrow()::equals);
    }

    private Optional<Answer> answer(SearchRequest request, NaiveChanges.Known change) {
        ChangeKind kind = kind(change);
        boolean isOfFields = request.fields().isAny();
        boolean isAsked =
                (request.kinds().isEmpty() || request.kinds().contains(kind))
                        && !(isOfFields && kind == ChangeKind.TRUNCATE)
                        && (!isOfFields || answers(request.fields(), change));
        return isAsked ? Optional.of(new Answer(change, kind)) : Optional.empty();
    }

    private ChangeKind kind(NaiveChanges.Known change) {
        Optional<Integer> column =
                column(change.table().stored(), Column::name)
                        .or(
                                () ->
                                        column(
                                                change.table().stored(),
                                                one -> lastName(change, one.id())));
        if (change.kind() != ChangeKind.UPDATE || column.isEmpty()) {
            return change.kind();
        }
        boolean was = change.was(column.get()).equals(Value.text(SOFT_DELETE_VALUE));
        boolean is = change.is(column.get()).equals(Value.text(SOFT_DELETE_VALUE));
        return was == is ? ChangeKind.UPDATE : is ? ChangeKind.SOFT_DELETE : ChangeKind.UNDELETE;
    }

    private interface Naming {
        String of(Column column);
    }

    private static Optional<Integer> column(List<Column> columns, Naming naming) {
        return columns.stream()
                .filter(one -> naming.of(one).equals(SOFT_DELETE_COLUMN))
                .map(Column::id)
                .reduce((one, later) -> later);
    }

    private String lastName(NaiveChanges.Known change, int column) {
        return shapes(change.system()).stream()
                .filter(one -> one.table.id() == change.table().id())
                .flatMap(one -> one.table.stored().stream())
                .filter(one -> one.id() == column)
                .map(Column::name)
                .reduce("", (one, later) -> later);
    }

    private boolean isAsked(FieldQuestion asked, NaiveChanges.Known change, Column column) {
        return asked.column().isEmpty()
                || asked.column().get().equals(column.name())
                || shapes(change.system()).stream()
                        .filter(one -> one.table.id() == change.table().id())
                        .flatMap(one -> one.table.stored().stream())
                        .anyMatch(
                                one ->
                                        one.id() == column.id()
                                                && one.name().equals(asked.column().get()));
    }

    private boolean answers(FieldQuestion asked, NaiveChanges.Known change) {
        List<Integer> columns =
                change.changed().stream()
                        .filter(column -> isAsked(asked, change, column))
                        .map(Column::id)
                        .toList();
        return !columns.isEmpty()
                && asked.from().map(v -> holds(columns, change.before(), v)).orElse(true)
                && asked.to().map(v -> holds(columns, change.after(), v)).orElse(true)
                && asked.value()
                        .map(FieldQuestion.Wanted::of)
                        .map(
                                v ->
                                        holds(columns, change.before(), v)
                                                || holds(columns, change.after(), v))
                        .orElse(true)
                && asked.text()
                        .map(
                                t ->
                                        columns.stream()
                                                .anyMatch(
                                                        one ->
                                                                contains(change.is(one), t)
                                                                        || contains(
                                                                                change.was(one),
                                                                                t)))
                        .orElse(true);
    }

    private static boolean holds(
            List<Integer> columns, Map<Integer, Value> row, FieldQuestion.Wanted wanted) {
        Value value = wanted.text().map(Value::text).orElse(Value.Mark.NULL);
        return !row.isEmpty()
                && columns.stream()
                        .anyMatch(one -> row.getOrDefault(one, Value.Mark.NULL).equals(value));
    }

    private static boolean contains(Value value, String text) {
        return value instanceof Value.Text && value.toString().contains(text);
    }
}

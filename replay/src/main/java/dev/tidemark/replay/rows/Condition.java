package dev.tidemark.replay.rows;

import dev.tidemark.schemas.change.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which rows of a table are chosen: a condition of SQL, with its three truths. Immutable, and safe
 * for use by many threads. What the archive holds of a row is PostgreSQL's own text of each field.
 */
public sealed interface Condition {
    /** More keys than these are rather looked for among all rows. */
    int KEYS_MAX = 1_000;

    /** What it says of a row, whose fields are in the order of the table's stored columns. */
    default boolean chooses(List<Value> row) {
        return truth(row) == Truth.TRUE;
    }

    /**
     * The keys that rows have which are chosen, where the condition says so: to read no others.
     *
     * @param columns names of the key's columns
     * @return empty when it does not say so, or says it of too many
     */
    default Optional<Set<List<Value>>> keys(List<String> columns) {
        Map<String, Set<String>> texts = texts();
        List<List<Value>> keys = List.of(List.of());
        for (String column : columns) {
            List<String> of = List.copyOf(texts.getOrDefault(column, Set.of()));
            if (of.isEmpty() || (long) of.size() * keys.size() > KEYS_MAX) {
                return Optional.empty();
            }
            keys = keys.stream().flatMap(key -> of.stream().map(text -> with(key, text))).toList();
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(Set.copyOf(keys));
    }

    private static List<Value> with(List<Value> key, String text) {
        return Stream.concat(key.stream(), Stream.of(Value.text(text))).toList();
    }

    /** The texts that columns have in rows that are chosen: of each none but these. */
    private Map<String, Set<String>> texts() {
        return switch (this) {
            case And(List<Condition> all) -> {
                Map<String, Set<String>> texts = new HashMap<>();
                all.forEach(one -> one.texts().forEach((column, of) -> narrow(texts, column, of)));
                yield texts;
            }
            case Or(List<Condition> any) -> {
                List<Map<String, Set<String>>> all =
                        any.stream()
                                .filter(
                                        one ->
                                                !(one instanceof Constant(Truth is))
                                                        || is == Truth.TRUE)
                                .map(Condition::texts)
                                .toList();
                yield all.isEmpty() ? Map.of() : union(all);
            }
            case Compare(Operand operand, Comparison comparison, Sortable literal) ->
                    comparison == Comparison.EQUAL && operand.kind().isTextItsKey()
                            ? Map.of(operand.column(), Set.of(literal.key()))
                            : Map.of();
            case Is(Condition condition, Truth wanted) ->
                    wanted == Truth.TRUE ? condition.texts() : Map.of();
            case Not not -> Map.of();
            case IsNull isNull -> Map.of();
            case Like like -> Map.of();
            case Constant constant -> Map.of();
        };
    }

    private static void narrow(Map<String, Set<String>> texts, String column, Set<String> of) {
        texts.merge(
                column,
                of,
                (before, more) ->
                        before.stream().filter(more::contains).collect(Collectors.toSet()));
    }

    private static Map<String, Set<String>> union(List<Map<String, Set<String>>> all) {
        Map<String, Set<String>> texts = new HashMap<>();
        for (String column : all.getFirst().keySet()) {
            Set<String> any = new HashSet<>();
            all.forEach(one -> any.addAll(one.getOrDefault(column, Set.of())));
            if (all.stream().allMatch(one -> one.containsKey(column))) {
                texts.put(column, any);
            }
        }
        return texts;
    }

    /** The same with what depends on NULL. */
    private Truth truth(List<Value> row) {
        return switch (this) {
            case And(List<Condition> all) -> {
                Truth truth = Truth.TRUE;
                for (Condition one : all) {
                    truth = truth.and(one.truth(row));
                }
                yield truth;
            }
            case Or(List<Condition> any) -> {
                Truth truth = Truth.FALSE;
                for (Condition one : any) {
                    truth = truth.or(one.truth(row));
                }
                yield truth;
            }
            case Not(Condition condition) -> condition.truth(row).not();
            case Compare(Operand operand, Comparison comparison, Sortable literal) -> {
                Optional<Sortable> value = operand.value(row);
                yield value.isEmpty()
                        ? Truth.UNKNOWN
                        : Truth.of(comparison.holds(value.get().compareWith(literal)));
            }
            case IsNull(Operand operand) -> Truth.of(operand.isNull(row));
            case Is(Condition condition, Truth wanted) -> Truth.of(condition.truth(row) == wanted);
            case Like(Operand operand, LikePattern pattern) ->
                    operand.text(row)
                            .map(text -> Truth.of(pattern.matches(text)))
                            .orElse(Truth.UNKNOWN);
            case Constant(Truth truth) -> truth;
        };
    }

    /** How two values are compared. */
    enum Comparison {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL;

        boolean holds(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case NOT_EQUAL -> order != 0;
                case LESS -> order < 0;
                case LESS_OR_EQUAL -> order <= 0;
                case GREATER -> order > 0;
                case GREATER_OR_EQUAL -> order >= 0;
            };
        }

        /** The same with the sides changed. */
        Comparison mirrored() {
            return switch (this) {
                case EQUAL, NOT_EQUAL -> this;
                case LESS -> GREATER;
                case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
                case GREATER -> LESS;
                case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
            };
        }

        boolean needsOrder() {
            return this != EQUAL && this != NOT_EQUAL;
        }
    }

    /** All of them. */
    record And(List<Condition> all) implements Condition {
        public And {
            all = List.copyOf(all);
        }
    }

    /** One of them at least. */
    record Or(List<Condition> any) implements Condition {
        public Or {
            any = List.copyOf(any);
        }
    }

    /** Not it. */
    record Not(Condition condition) implements Condition {}

    /** A field against a literal that is not NULL. */
    record Compare(Operand operand, Comparison comparison, Sortable literal) implements Condition {}

    /** A field that is NULL. */
    record IsNull(Operand operand) implements Condition {}

    /** A condition that has this truth, which is known then. */
    record Is(Condition condition, Truth wanted) implements Condition {}

    /** A text like a pattern. */
    record Like(Operand operand, LikePattern pattern) implements Condition {}

    /** The same for every row. */
    record Constant(Truth truth) implements Condition {}
}

package dev.tidemark.replay.rows;

import dev.tidemark.schemas.change.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which rows of a table are chosen: a condition of SQL, with its three truths. Immutable, and safe
 * for use by many threads. What the archive holds of a row is PostgreSQL's own text of each field.
 */
public sealed interface Condition {
    /** What it says of a row, whose fields are in the order of the table's stored columns. */
    default boolean chooses(List<Value> row) {
        return truth(row) == Truth.TRUE;
    }

    /**
     * The texts that some columns have in every row that is chosen, by name, where the condition
     * says so by {@code =} outside of any OR and NOT: to find files that may hold such rows.
     */
    default Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        switch (this) {
            case And(List<Condition> all) -> all.forEach(one -> keys.putAll(one.keys()));
            case Compare(Operand operand, Comparison comparison, Sortable literal) -> {
                if (comparison == Comparison.EQUAL && operand.kind().isTextItsKey()) {
                    keys.put(operand.column(), literal.key());
                }
            }
            case Or any -> {}
            case Not not -> {}
            case IsNull isNull -> {}
            case Is is -> {}
            case Like like -> {}
            case Constant constant -> {}
        }
        return keys;
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

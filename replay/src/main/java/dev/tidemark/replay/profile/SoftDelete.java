package dev.tidemark.replay.profile;

import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When a row counts as deleted though it is there: each of its tests holds. Immutable.
 *
 * @param tests at least one
 */
public record SoftDelete(List<Test> tests) implements OfColumns {
    private static final Set<String> TRUE = Set.of("true", "t", "1");
    private static final Set<String> FALSE = Set.of("false", "f", "0");

    /**
     * A column that is not NULL, and has one of these values if there are any.
     *
     * @param values as texts; {@code true} and {@code 1} are the same, so are {@code false} and
     *     {@code 0}, since the same application has them as boolean here and as number there
     */
    public record Test(String column, List<String> values) {
        public Test {
            values = List.copyOf(values);
        }

        private Liveness of(RowFields row) {
            Value field = row.field(column);
            if (field == Value.Mark.UNKNOWN) {
                return Liveness.UNKNOWN;
            }
            boolean holds =
                    field != Value.Mark.NULL
                            && (values.isEmpty()
                                    || values.stream()
                                            .anyMatch(value -> isSame(value, field.toString())));
            return holds ? Liveness.DELETED : Liveness.ALIVE;
        }

        private static boolean isSame(String wanted, String there) {
            String plain = there.stripTrailing(); // as character(n) has it
            return wanted.equals(plain)
                    || (TRUE.contains(wanted) && TRUE.contains(plain))
                    || (FALSE.contains(wanted) && FALSE.contains(plain));
        }

        @Override
        public String toString() {
            return values.isEmpty()
                    ? column + " is not null"
                    : column + " is " + String.join(" or ", values);
        }
    }

    /** What a change means. */
    public enum Effect {
        /** The row counts as deleted since then. */
        DELETE,
        /** It counts as there again. */
        UNDELETE,
        /** It is what it was. */
        NONE,
        /** It depends on fields that are not known. */
        UNKNOWN
    }

    public SoftDelete {
        tests = List.copyOf(tests);
        if (tests.isEmpty()) {
            throw new IllegalArgumentException("a rule without a test");
        }
    }

    /** What a row is. */
    public Liveness of(RowFields row) {
        Set<Liveness> all = tests.stream().map(test -> test.of(row)).collect(Collectors.toSet());
        if (all.contains(Liveness.ALIVE)) {
            return Liveness.ALIVE;
        }
        return all.contains(Liveness.UNKNOWN) ? Liveness.UNKNOWN : Liveness.DELETED;
    }

    /** Does a row count as deleted for sure? */
    public boolean isDeleted(RowFields row) {
        return of(row) == Liveness.DELETED;
    }

    /** What an UPDATE from one to the other is for the application. */
    public Effect effect(RowFields before, RowFields after) {
        Liveness was = of(before);
        Liveness is = of(after);
        if (was == is) {
            return was == Liveness.UNKNOWN ? Effect.UNKNOWN : Effect.NONE;
        }
        if (was == Liveness.UNKNOWN || is == Liveness.UNKNOWN) {
            return Effect.UNKNOWN;
        }
        return is == Liveness.DELETED ? Effect.DELETE : Effect.UNDELETE;
    }

    @Override
    public List<String> columns() {
        return tests.stream().map(Test::column).toList();
    }

    /** As a test of one column, if it is one. */
    Optional<Test> single() {
        return tests.size() == 1 ? Optional.of(tests.getFirst()) : Optional.empty();
    }

    @Override
    public String toString() {
        return tests.stream().map(Test::toString).collect(Collectors.joining(" and "));
    }
}

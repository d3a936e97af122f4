package dev.tidemark.replay.search;

import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is asked of the fields of one table in one shape. Immutable. */
final class FieldTests {
    private static final Found NOT_ASKED = new Found(Verdict.YES, List.of());
    private static final Found NO = new Found(Verdict.NO, List.of());

    /**
     * What comes of it.
     *
     * @param columns by which ones, when it holds
     */
    record Found(Verdict verdict, List<String> columns) {}

    /** On which side of a change something is looked for. */
    private enum Side {
        BEFORE,
        AFTER,
        EITHER,
        /** It only has to differ. */
        NONE
    }

    /**
     * One thing that is asked; of one field at least it must hold.
     *
     * @param tests of the places, in their order
     */
    private record Asked(Side side, List<ValueTest> tests) {}

    private final int[] places;
    private final List<String> names;
    private final List<Asked> all = new ArrayList<>();

    /**
     * @param places of the columns that count
     * @param names of these columns
     */
    FieldTests(int[] places, List<String> names) {
        this.places = places.clone();
        this.names = List.copyOf(names);
    }

    void changed() {
        all.add(new Asked(Side.NONE, List.of()));
    }

    /**
     * A value that it was before.
     *
     * @param tests of the places, in their order
     */
    void before(List<ValueTest> tests) {
        all.add(new Asked(Side.BEFORE, tests));
    }

    void after(List<ValueTest> tests) {
        all.add(new Asked(Side.AFTER, tests));
    }

    void either(List<ValueTest> tests) {
        all.add(new Asked(Side.EITHER, tests));
    }

    boolean isAny() {
        return !all.isEmpty();
    }

    int[] places() {
        return places.clone();
    }

    Found of(ScannedChange change) {
        if (all.isEmpty()) {
            return NOT_ASKED;
        }
        Verdict verdict = Verdict.YES;
        Set<String> columns = new LinkedHashSet<>();
        for (Asked asked : all) {
            verdict = verdict.and(() -> of(asked, change, columns));
            if (verdict == Verdict.NO) {
                return NO;
            }
        }
        return new Found(verdict, List.copyOf(columns));
    }

    private Verdict of(Asked asked, ScannedChange change, Set<String> columns) {
        Verdict any = Verdict.NO;
        for (int i = 0; i < places.length; i++) {
            Verdict one = at(i, asked, change);
            if (one == Verdict.YES) {
                columns.add(names.get(i));
            }
            any = one.compareTo(any) > 0 ? one : any;
        }
        return any;
    }

    private Verdict at(int field, Asked asked, ScannedChange change) {
        int place = places[field];
        return switch (change.operation()) {
            case INSERT, REWRITE -> {
                Value set = change.after().get(place);
                yield asked.side() == Side.BEFORE || set == Value.Mark.NULL
                        ? Verdict.NO
                        : test(field, asked, set);
            }
            case DELETE -> {
                Value gone = change.before().get(place);
                yield asked.side() == Side.AFTER || gone == Value.Mark.NULL
                        ? Verdict.NO
                        : test(field, asked, gone);
            }
            case UPDATE -> updated(field, asked, change);
        };
    }

    private static Verdict test(int field, Asked asked, Value value) {
        if (asked.side() == Side.NONE) {
            return value.isKnown() ? Verdict.YES : Verdict.DEPENDS;
        }
        return asked.tests().get(field).of(value);
    }

    private Verdict updated(int field, Asked asked, ScannedChange change) {
        Value was = change.before().get(places[field]);
        Value is = change.after().get(places[field]);
        boolean isSame = !is.isKnown() || is.equals(was);
        if (isSame) {
            return Verdict.NO; // a field that is not known after an UPDATE is as it was before
        }
        Verdict found =
                switch (asked.side()) {
                    case NONE -> Verdict.YES;
                    case BEFORE -> test(field, asked, was);
                    case AFTER -> test(field, asked, is);
                    case EITHER -> test(field, asked, is).or(() -> test(field, asked, was));
                };
        return found.and(() -> was.isKnown() ? Verdict.YES : Verdict.DEPENDS);
    }
}

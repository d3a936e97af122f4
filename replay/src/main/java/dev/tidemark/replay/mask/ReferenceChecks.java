package dev.tidemark.replay.mask;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Whether foreign keys hold when both ends are masked. */
record ReferenceChecks(Catalog catalog, Deciding deciding, List<String> problems) {
    void check(Map<Long, Map<String, ColumnMask>> decided, Predicate<Table> isDropped) {
        TreeSet<String> found = new TreeSet<>();
        for (CatalogObject object : catalog.objects()) {
            Optional<ForeignKey> key = ForeignKey.of(object);
            Optional<Table> from = key.flatMap(one -> deciding.byReference(one.table()));
            Optional<Table> to = key.flatMap(one -> deciding.byName(one.referenced()));
            if (from.isEmpty() || to.isEmpty()) {
                continue;
            }
            Map<String, ColumnMask> there =
                    decided.getOrDefault(deciding.of(to.get()).id(), Map.of());
            Map<String, ColumnMask> here =
                    decided.getOrDefault(deciding.of(from.get()).id(), Map.of());
            for (int i = 0; i < key.get().from().size(); i++) {
                Pair pair =
                        new Pair(
                                from.get().displayName() + "." + key.get().from().get(i),
                                to.get().displayName() + "." + key.get().to().get(i));
                Optional<ColumnMask> mine = Optional.ofNullable(here.get(key.get().from().get(i)));
                Optional<ColumnMask> other = Optional.ofNullable(there.get(key.get().to().get(i)));
                if (mine.isPresent() && isDropped.test(to.get())) {
                    dropped(pair, mine.get()).ifPresent(found::add);
                } else if (mine.isPresent() && other.isPresent()) {
                    pair(pair, mine.get(), other.get()).ifPresent(found::add);
                }
            }
        }
        problems.addAll(found);
    }

    /** The names of a column and of the one that it refers to. */
    private record Pair(String from, String to) {}

    private static Optional<String> dropped(Pair pair, ColumnMask mine) {
        return mine.mask() instanceof Mask.Null
                ? Optional.empty()
                : Optional.of(
                        "%s: it refers to %s, whose rows are dropped; make it null, or drop its table's rows too"
                                .formatted(pair.from(), pair.to()));
    }

    private static Optional<String> pair(Pair pair, ColumnMask mine, ColumnMask other) {
        boolean isNull = mine.mask() instanceof Mask.Null;
        boolean isKept = mine.isKept() && other.isKept();
        boolean isSame =
                mine.equals(other)
                        && (mine.mask() instanceof Mask.Hash || mine.mask() instanceof Mask.Fake);
        if (isNull || isKept || isSame) {
            return Optional.empty();
        }
        boolean isOfTypes = mine.mask().equals(other.mask()) && !mine.type().equals(other.type());
        return Optional.of(
                isOfTypes
                        ? "%s: %s, but it refers to %s, which is of another type: they would not match"
                                .formatted(pair.from(), mine.mask(), pair.to())
                        : "%s: %s, but it refers to %s, which is %s: they would not match"
                                .formatted(pair.from(), mine.mask(), pair.to(), other.mask()));
    }
}

package dev.tidemark.replay.mask;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
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
            if (from.isPresent() && to.isPresent()) {
                Map<String, ColumnMask> here =
                        decided.getOrDefault(deciding.of(from.get()).id(), Map.of());
                Map<String, ColumnMask> there =
                        decided.getOrDefault(deciding.of(to.get()).id(), Map.of());
                Both both = new Both(key.get(), from.get(), here, to.get(), there);
                if (key.get().isFull() && both.isPartlyNull()) {
                    found.add(partlyNull(object, both));
                } else if (key.get().isFull() || !both.hasNull()) {
                    found.addAll(check(both, isDropped.test(to.get())));
                }
            }
        }
        problems.addAll(found);
    }

    /** A key, and what was decided about the columns of both tables, by name. */
    private record Both(
            ForeignKey key,
            Table from,
            Map<String, ColumnMask> here,
            Table to,
            Map<String, ColumnMask> there) {
        /** A row with one NULL refers to nothing, whatever its other columns are. */
        boolean hasNull() {
            return key.from().stream().anyMatch(this::isNull);
        }

        boolean isPartlyNull() {
            return hasNull() && !key.from().stream().allMatch(this::isNull);
        }

        private boolean isNull(String column) {
            ColumnMask mask = here.get(column);
            return mask != null && mask.mask() instanceof Mask.Null;
        }
    }

    private static String partlyNull(CatalogObject key, Both both) {
        return "%s: the foreign key %s of its columns %s is MATCH FULL: make all of them null, or none"
                .formatted(
                        both.from().displayName(),
                        key.name(),
                        String.join(", ", both.key().from()));
    }

    private static List<String> check(Both both, boolean isDropped) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < both.key().from().size(); i++) {
            String mine = both.key().from().get(i);
            String other = both.key().to().get(i);
            Pair pair =
                    new Pair(
                            both.from().displayName() + "." + mine,
                            both.to().displayName() + "." + other);
            Optional<ColumnMask> here = Optional.ofNullable(both.here().get(mine));
            Optional<ColumnMask> there = Optional.ofNullable(both.there().get(other));
            if (here.isPresent() && isDropped) {
                dropped(pair, here.get()).ifPresent(found::add);
            } else if (here.isPresent() && there.isPresent()) {
                pair(pair, here.get(), there.get()).ifPresent(found::add);
            }
        }
        return found;
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

package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Random histories with commands that rewrite tables, and bases of single tables taken anywhere up
 * to the archive's end, also late; every fold is held against a naive model.
 */
public final class RandomBases {
    /** What else happens to the archive, after each segment and its bases. */
    public interface Step {
        /**
         * Does it.
         *
         * @param random of the seed
         * @param other takes a base of single tables; may be called in the midst of it
         */
        void run(Archive archive, Random random, Other other) throws IOException;

        /** Is it right that nobody comes to a moment any more? */
        default boolean mayBeGone(Archive archive, Position moment) {
            return false;
        }
    }

    /** Something that another writer does. */
    public interface Other {
        void run() throws IOException;
    }

    private final Path folder;
    private final Step step;

    private RandomBases(Path folder, Step step) {
        this.folder = folder;
        this.step = step;
    }

    /** Checks so many seeds, or that which {@code -Dseed} names. */
    public static void checkAll(Path folder, int seeds, Step step) throws IOException {
        RandomBases bases = new RandomBases(folder, step);
        long only = Long.getLong("seed", -1);
        for (long seed = 0; seed < seeds; seed++) {
            if (only < 0 || seed == only) {
                bases.checkHistory(seed);
            }
        }
    }

    static FoldedDatabase folded(
            Archive archive, Path folder, Position cut, Set<String> withoutRows)
            throws IOException {
        RestorePlan plan = plan(archive, folder, cut);
        long memory = cut.value() % 2 == 0 ? 0 : Long.MAX_VALUE; // both ways must do the same
        return Fold.run(archive, plan, withoutRows, memory, folder, changes -> {});
    }

    private static RestorePlan plan(Archive archive, Path folder, Position cut) throws IOException {
        return new Planner(archive, folder).plan(new Target(new Moment.AtPosition(cut), false));
    }

    static Map<Long, List<List<Value>>> rows(FoldedDatabase database) throws IOException {
        Map<Long, List<List<Value>>> rows = new TreeMap<>();
        for (TableFold fold : database.tables()) {
            List<List<Value>> of = new ArrayList<>();
            fold.rows(of::add);
            rows.put(fold.table().id(), of);
        }
        return rows;
    }

    /** What really was, position by position. */
    private static final class Truth {
        final NavigableMap<Position, Map<Long, List<List<Value>>>> rows = new TreeMap<>();
        final NavigableMap<Position, Map<Long, Table>> tables = new TreeMap<>();
        final Map<Long, TreeSet<Position>> rewrites = new HashMap<>();
        final Map<Long, TreeSet<Position>> bases = new HashMap<>();
        final Set<Position> gone = new HashSet<>();
        private final CatalogState catalog;

        Truth(RandomHistory history) {
            catalog = new CatalogState(catalog(history.tables().toArray(Table[]::new)));
            note(at(1), history);
        }

        private void note(Position position, RandomHistory history) {
            rows.put(position, history.rows());
            tables.put(
                    position,
                    catalog.catalog().tables().stream()
                            .collect(Collectors.toMap(Table::id, table -> table)));
        }

        void happened(Transaction transaction, RandomHistory history) {
            for (Entry entry : transaction.entries()) {
                if (entry instanceof Entry.Schema schema) {
                    CatalogChange change = CatalogChange.read(schema.content());
                    catalog.apply(change);
                    for (long table : change.rewritten()) {
                        rewrites.computeIfAbsent(table, first -> new TreeSet<>())
                                .add(transaction.position());
                    }
                }
            }
            note(transaction.position(), history);
        }

        Map<Long, Table> tablesAt(Position position) {
            return tables.getOrDefault(position, Map.of());
        }

        Map<Long, List<List<Value>>> rowsAt(Position position) {
            return rows.getOrDefault(position, Map.of());
        }

        /** Tables whose rows are not known between a transaction and the one after it. */
        Set<Long> unknown(Position cut) {
            Position next = Optional.ofNullable(rows.higherKey(cut)).orElse(at(-1));
            Set<Long> unknown = new TreeSet<>();
            for (long table : tablesAt(cut).keySet()) {
                Position rewrite = rewrites.getOrDefault(table, new TreeSet<>()).floor(cut);
                if (rewrite != null) {
                    Position base = bases.getOrDefault(table, new TreeSet<>()).lower(next);
                    if (base == null || base.isBefore(rewrite)) {
                        unknown.add(table);
                    }
                }
            }
            return unknown;
        }
    }

    private void checkHistory(long seed) throws IOException {
        String where = "failed at seed %d; rerun with -Dseed=%d".formatted(seed, seed);
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(random);
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        written.base(at(1), NOON, catalog(history.tables().toArray(Table[]::new)), history.rows());
        Truth truth = new Truth(history);
        for (int segment = 1 + random.nextInt(4); segment >= 0; segment--) {
            List<Transaction> part = new ArrayList<>();
            for (int n = random.nextInt(6); n >= 0; n--) {
                part.add(
                        random.nextInt(3) == 0
                                ? history.nextAfterRewriteOf(1 + random.nextInt(4))
                                : history.next());
                truth.happened(part.getLast(), history);
            }
            written.segment(part);
            for (int bases = random.nextInt(3); bases > 0; bases--) {
                takeBase(random, written, truth);
            }
            try {
                step.run(written.archive(), random, () -> takeBase(random, written, truth));
            } catch (TidemarkException e) {
                throw new AssertionError(where, e);
            }
        }
        for (Position cut : truth.rows.keySet()) {
            if (isGone(written.archive(), cut) && step.mayBeGone(written.archive(), cut)) {
                truth.gone.add(cut);
            } else {
                checkCut("%s, cut %s".formatted(where, cut), written.archive(), cut, truth);
            }
        }
        checkWindows(where, written.archive(), truth);
    }

    private boolean isGone(Archive archive, Position cut) throws IOException {
        try {
            var unused = plan(archive, folder, cut);
            return false;
        } catch (TidemarkException e) {
            assertThat(e.getMessage())
                    .matches(".* is before the archive's first position|.* has expired: .*");
            return true;
        }
    }

    /** Anywhere up to the archive's end, also between two transactions. */
    private static void takeBase(Random random, WrittenArchive written, Truth truth)
            throws IOException {
        Position begin = written.archive().state().stretches().getLast().from();
        List<Position> positions = List.copyOf(truth.rows.tailMap(begin).keySet());
        Position from = positions.get(random.nextInt(positions.size()));
        Position next = truth.rows.higherKey(from);
        Position position =
                next == null
                        ? from
                        : at(from.value() + random.nextInt((int) (next.value() - from.value())));
        Map<Table, List<List<Value>>> rows = new LinkedHashMap<>();
        Set<Long> known = new HashSet<>();
        truth.tablesAt(from)
                .forEach(
                        (id, table) -> {
                            if (random.nextInt(3) > 0) {
                                rows.put(table, truth.rowsAt(from).getOrDefault(id, List.of()));
                                truth.bases
                                        .computeIfAbsent(id, first -> new TreeSet<>())
                                        .add(position);
                                if (truth.rewrites
                                                .getOrDefault(id, new TreeSet<>())
                                                .higher(position)
                                        == null) {
                                    known.add(id);
                                }
                            }
                        });
        if (!rows.isEmpty()) {
            written.tableBase(position, NOON, rows, known);
        }
    }

    private void checkCut(String where, Archive archive, Position cut, Truth truth)
            throws IOException {
        Set<Long> unknown = truth.unknown(cut);
        Set<String> names = unknown.stream().map(id -> "public.t" + id).collect(Collectors.toSet());
        if (!unknown.isEmpty()) {
            assertThatThrownBy(() -> folded(archive, folder, cut, Set.of()))
                    .as(where)
                    .hasMessageContaining("are not known: ");
        }
        Map<Long, List<List<Value>>> folded;
        try {
            folded = rows(folded(archive, folder, cut, names));
        } catch (TidemarkException e) {
            throw new AssertionError(where, e);
        }
        Map<Long, List<List<Value>>> expected = new TreeMap<>(truth.rowsAt(cut));
        expected.keySet().removeAll(unknown);
        assertThat(folded.keySet()).as(where).isEqualTo(expected.keySet());
        expected.forEach(
                (table, rows) ->
                        assertThat(folded.getOrDefault(table, List.of()))
                                .as("%s, table %d", where, table)
                                .containsExactlyInAnyOrderElementsOf(rows));
    }

    /** Those of tables that are gone since are not listed. */
    private void checkWindows(String where, Archive archive, Truth truth) throws IOException {
        List<UnknownWindow> windows = UnknownWindow.of(archive, folder);
        Set<Long> there = truth.tables.lastEntry().getValue().keySet();
        Set<Position> cuts = new TreeSet<>(truth.rows.keySet());
        cuts.removeAll(truth.gone);
        for (Position cut : cuts) {
            Position next = Optional.ofNullable(truth.rows.higherKey(cut)).orElse(at(-1));
            Set<Long> listed =
                    windows.stream()
                            .filter(window -> !window.from().isAfter(cut))
                            .filter(
                                    window ->
                                            window.to().map(to -> !to.isBefore(next)).orElse(true))
                            .map(UnknownWindow::table)
                            .filter(there::contains)
                            .collect(Collectors.toSet());
            Set<Long> unknown = truth.unknown(cut);
            unknown.retainAll(there);
            assertThat(listed).as("%s, windows at %s: %s", where, cut, windows).isEqualTo(unknown);
        }
    }
}

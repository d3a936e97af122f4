package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Some rows, looked for by their keys, are what they are among all rows. */
class WantedRowsTest {
    private static final int SEEDS = 25;

    @TempDir Path folder;

    @Test
    void rowsByTheirKeysAreThoseOfTheWholeFoldWhateverHappenedBefore() throws Exception {
        long only = Long.getLong("seed", -1);
        int found = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            if (only < 0 || seed == only) {
                found += check(seed);
            }
        }
        assertThat(found).as("rows that were found by their keys").isPositive();
    }

    private int check(long seed) throws Exception {
        Random random = new Random(seed);
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        Set<Position> cuts = write(random, written);
        int found = 0;
        for (Position cut : cuts) {
            RestorePlan plan =
                    new Planner(written.archive(), folder)
                            .plan(new Target(new Moment.AtPosition(cut), false));
            String where =
                    "failed at seed %d, cut %s; rerun with -Dseed=%d".formatted(seed, cut, seed);
            found += check(where, random, written.archive(), plan);
        }
        return found;
    }

    /** Segments, some of them merged, with commands that rewrite tables and bases of tables. */
    private Set<Position> write(Random random, WrittenArchive written) throws Exception {
        RandomHistory history = new RandomHistory(random);
        written.base(at(1), NOON, catalog(history.tables().toArray(Table[]::new)), history.rows());
        Set<Position> cuts = new TreeSet<>();
        for (int n = random.nextInt(5); n >= 0; n--) {
            List<Transaction> part = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                part.add(
                        random.nextInt(8) == 0
                                ? history.nextAfterRewriteOf(1 + random.nextInt(4))
                                : history.next());
                cuts.add(part.getLast().position());
            }
            written.segment(part);
            if (random.nextInt(3) == 0) {
                takeBase(written, history, part.getLast().position());
            }
        }
        merge(random, written);
        return cuts;
    }

    private static void takeBase(WrittenArchive written, RandomHistory history, Position position)
            throws Exception {
        Map<Table, List<List<Value>>> rows = new LinkedHashMap<>();
        Set<Long> known = new HashSet<>();
        for (Table table :
                written.archive()
                        .catalog(written.archive().state().newest().orElseThrow().catalog())
                        .tables()) {
            rows.put(table, history.rows().getOrDefault(table.id(), List.of()));
            known.add(table.id());
        }
        if (!rows.isEmpty()) {
            written.tableBase(position, NOON, rows, known);
        }
    }

    private void merge(Random random, WrittenArchive written) throws Exception {
        Manifest before = written.archive().state().bases().getFirst();
        List<Manifest> rest = written.archive().state().segments();
        while (!rest.isEmpty()) {
            int size = Math.min(rest.size(), 1 + random.nextInt(3));
            List<Manifest> next = rest.subList(0, size);
            rest = rest.subList(size, rest.size());
            before =
                    random.nextInt(2) == 0
                            ? next.getLast()
                            : MergedByHand.replace(
                                    written.archive(),
                                    before,
                                    next,
                                    folder,
                                    random.nextInt(4) == 0 ? 1 : Integer.MAX_VALUE);
        }
    }

    private int check(String where, Random random, Archive archive, RestorePlan plan)
            throws Exception {
        Optional<FoldedDatabase> whole = folded(archive, plan, Map.of());
        if (whole.isEmpty()) {
            return 0;
        }
        Map<Long, List<List<Value>>> all = RandomBases.rows(whole.get());
        Map<Long, KeyedRows> wanted = new HashMap<>();
        for (TableFold table : whole.get().tables()) {
            if (!table.table().key().isEmpty() && random.nextInt(4) > 0) {
                wanted.put(table.table().id(), some(random, table.table(), all));
            }
        }
        FoldedDatabase part = folded(archive, plan, wanted).orElseThrow();
        Map<Long, List<List<Value>>> found = RandomBases.rows(part);
        assertThat(found.keySet()).as(where).isEqualTo(all.keySet());
        int rows = 0;
        for (TableFold table : part.tables()) {
            long id = table.table().id();
            Optional<KeyedRows> of = Optional.ofNullable(wanted.get(id));
            List<List<Value>> expected = of(table.table(), of, all.getOrDefault(id, List.of()));
            rows += of.isEmpty() ? 0 : expected.size();
            assertThat(of(table.table(), of, found.getOrDefault(id, List.of())))
                    .as("%s, table %d, wanted %s", where, id, of)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
        return rows;
    }

    private Optional<FoldedDatabase> folded(
            Archive archive, RestorePlan plan, Map<Long, KeyedRows> rows) throws Exception {
        long memory = plan.cut().position().value() % 2 == 0 ? 0 : Long.MAX_VALUE;
        try {
            Set<Long> all = LongStream.range(0, 1_000).boxed().collect(Collectors.toSet());
            return Optional.of(Fold.runRows(archive, plan, all, rows, memory, folder, n -> {}));
        } catch (TidemarkException e) {
            assertThat(e).hasMessageContaining("are not known");
            assertThat(rows).isEmpty();
            return Optional.empty();
        }
    }

    /** One to three keys, also such that no row has. */
    private static KeyedRows some(Random random, Table table, Map<Long, List<List<Value>>> all) {
        Set<List<Value>> keys = new HashSet<>();
        List<List<Value>> rows = all.getOrDefault(table.id(), List.of());
        for (int n = random.nextInt(3); n >= 0; n--) {
            if (!rows.isEmpty() && random.nextInt(4) > 0) {
                keys.add(key(table, rows.get(random.nextInt(rows.size()))));
            } else {
                keys.add(
                        table.key().stream()
                                .map(id -> Value.text("" + random.nextInt(15)))
                                .toList());
            }
        }
        return new KeyedRows(table.key(), keys);
    }

    private static List<List<Value>> of(
            Table table, Optional<KeyedRows> wanted, List<List<Value>> rows) {
        return rows.stream()
                .filter(row -> wanted.map(of -> of.rows().contains(key(table, row))).orElse(true))
                .toList();
    }

    private static List<Value> key(Table table, List<Value> row) {
        List<Integer> stored = table.stored().stream().map(Column::id).toList();
        return table.key().stream().map(id -> row.get(stored.indexOf(id))).toList();
    }
}

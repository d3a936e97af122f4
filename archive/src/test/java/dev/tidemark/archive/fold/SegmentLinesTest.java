package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of merged segments lead to the same rows as their changes in commit order. */
class SegmentLinesTest {
    private static final int SEEDS = 30;
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final Table OTHER =
            table(2, "other", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final Table BAG = table(3, "bag", List.of(), List.of(column(1, "v")));

    @TempDir Path folder;

    private WrittenArchive written;

    @BeforeEach
    void startAnArchive() throws IOException {
        written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
    }

    @Test
    void everyCutOfAMergedSegmentIsWhatANaiveModelHas() throws Exception {
        long only = Long.getLong("seed", -1);
        for (long seed = 0; seed < SEEDS; seed++) {
            if (only < 0 || seed == only) {
                startAnArchive();
                check(seed);
            }
        }
    }

    private void check(long seed) throws Exception {
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(random);
        Map<Position, Map<Long, List<List<Value>>>> truth = new TreeMap<>();
        written.base(at(1), NOON, catalog(history.tables().toArray(Table[]::new)), history.rows());
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            List<Transaction> part = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                part.add(history.next());
                truth.put(part.getLast().position(), history.rows());
            }
            written.segment(part);
        }
        MergedByHand.replace(written.archive(), folder, random.nextInt(4));
        for (Map.Entry<Position, Map<Long, List<List<Value>>>> cut : truth.entrySet()) {
            for (long memory : List.of(0L, 3_000L, Long.MAX_VALUE)) {
                String where = "seed %d, cut %s, memory %d".formatted(seed, cut.getKey(), memory);
                Map<Long, List<List<Value>>> found = folded(cut.getKey(), memory);
                assertThat(found.keySet()).as(where).isEqualTo(cut.getValue().keySet());
                cut.getValue()
                        .forEach(
                                (table, rows) ->
                                        assertThat(found.get(table))
                                                .as("%s, table %d", where, table)
                                                .containsExactlyInAnyOrderElementsOf(rows));
            }
        }
    }

    private Map<Long, List<List<Value>>> folded(Position cut, long memory) throws IOException {
        var plan =
                new Planner(written.archive(), folder)
                        .plan(new Target(new Moment.AtPosition(cut), false));
        return RandomBases.rows(
                Fold.run(written.archive(), plan, Set.of(), memory, folder, changes -> {}));
    }

    private static Transaction transaction(long position, Entry... entries) {
        return new Transaction(at(position), position, NOON, List.of(entries));
    }

    private static Entry insert(long table, String... row) {
        return new Entry.Row(table, Operation.INSERT, BeforeImage.NONE, List.of(), row(row));
    }

    private static Entry update(List<Value> before, List<Value> after) {
        return new Entry.Row(1, Operation.UPDATE, BeforeImage.KEY, before, after);
    }

    private static List<Value> key(String id) {
        return List.of(Value.text(id), Value.Mark.UNKNOWN);
    }

    /** The tables whose lines are read of one merged segment of these transactions. */
    private Set<Long> readByLine(Transaction... transactions) throws Exception {
        written.base(at(1), NOON, catalog(DEAL, OTHER, BAG), Map.of());
        for (Transaction one : transactions) {
            written.segment(List.of(one));
        }
        Manifest merged = MergedByHand.replace(written.archive(), folder);
        Map<Long, TableFold> tables = new HashMap<>();
        for (Table table : List.of(DEAL, OTHER, BAG)) {
            BaseFiles files = new BaseFiles(written.archive(), folder);
            tables.put(table.id(), new TableFold(table, List.of(), files, folder));
        }
        return new SegmentLines(written.archive(), merged, Integer.MAX_VALUE, true, folder)
                .read(
                        tables,
                        new SegmentLines.Sink() {
                            @Override
                            public Optional<Overlay.Arrival> line(TableFold table, RowLine line) {
                                return table.apply(line);
                            }

                            @Override
                            public void arrival(TableFold table, Overlay.Arrival row) {
                                table.arrive(row);
                            }
                        });
    }

    @Test
    void everyTableIsReadByLineWhenNothingButRowsChanged() throws Exception {
        assertThat(
                        readByLine(
                                transaction(10, insert(1, "1", "a"), insert(3, "x")),
                                transaction(20, insert(2, "1", "b"))))
                .containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Test
    void aTableThatWasTruncatedOrChangedIsNot() throws Exception {
        Table longer = table(2, "other", List.of(1), List.of(column(1, "id"), column(3, "w")));
        CatalogChange change =
                new CatalogChange(
                        "ALTER TABLE",
                        List.of(longer),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        false);
        assertThat(
                        readByLine(
                                transaction(10, insert(1, "1", "a"), insert(3, "x")),
                                transaction(20, insert(2, "1", "b")),
                                transaction(30, new Entry.Schema(change.json())),
                                transaction(40, new Entry.Truncate(List.of(3L), false, false))))
                .containsExactly(1L);
    }

    @Test
    void noneIsWhereTheSourceDoesNotKnow() throws Exception {
        assertThat(
                        readByLine(
                                transaction(10, insert(1, "1", "a")),
                                transaction(20, new Entry.Message("dirty", "a trigger failed"))))
                .isEmpty();
    }

    @Test
    void keysGoRoundInOneSegment() throws Exception {
        written.base(
                at(1),
                NOON,
                catalog(DEAL),
                Map.of(1L, List.of(row("1", "a"), row("2", "b"), row("3", "c"))));
        List<Value> unchanged = List.of(Value.Mark.UNCHANGED);
        written.segment(
                List.of(
                        transaction(
                                10,
                                update(key("3"), with("9", unchanged)),
                                update(key("2"), with("3", unchanged)),
                                update(key("1"), with("2", unchanged)),
                                update(key("9"), with("1", unchanged)))));
        MergedByHand.replace(written.archive(), folder);

        for (long memory : List.of(0L, Long.MAX_VALUE)) {
            assertThat(folded(at(10), memory).get(1L))
                    .containsExactlyInAnyOrder(row("1", "c"), row("2", "a"), row("3", "b"));
        }
    }

    private static List<Value> with(String id, List<Value> rest) {
        List<Value> row = new ArrayList<>(List.of(Value.text(id)));
        row.addAll(rest);
        return row;
    }
}

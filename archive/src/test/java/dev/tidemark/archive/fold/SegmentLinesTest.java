package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
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

    private interface Check {
        void of(long seed) throws Exception;
    }

    /** All of so many seeds, or that which {@code -Dseed} names. */
    private void forEachSeed(int seeds, Check check) throws Exception {
        long only = Long.getLong("seed", -1);
        for (long seed = 0; seed < seeds; seed++) {
            if (only < 0 || seed == only) {
                startAnArchive();
                check.of(seed);
            }
        }
    }

    @Test
    void everyCutOfAMergedSegmentIsWhatANaiveModelHas() throws Exception {
        forEachSeed(SEEDS, this::check);
    }

    @Test
    void everyCutOfManyMergedSegmentsIsToo() throws Exception {
        forEachSeed(SEEDS / 2, this::checkMany);
    }

    private void check(long seed) throws Exception {
        Random random = new Random(seed);
        Map<Position, Map<Long, List<List<Value>>>> truth = write(random, 1 + random.nextInt(3));
        MergedByHand.replace(written.archive(), folder, random.nextInt(4));
        checkCuts("seed %d".formatted(seed), truth);
    }

    /** Most segments are merged, each with some of those after it. */
    private void checkMany(long seed) throws Exception {
        Random random = new Random(seed);
        Map<Position, Map<Long, List<List<Value>>>> truth = write(random, 2 + random.nextInt(12));
        Manifest before = written.archive().state().bases().getFirst();
        List<Manifest> rest = written.archive().state().segments();
        while (!rest.isEmpty()) {
            int size = Math.min(rest.size(), 1 + random.nextInt(3));
            List<Manifest> next = rest.subList(0, size);
            rest = rest.subList(size, rest.size());
            before =
                    random.nextInt(6) == 0
                            ? next.getLast()
                            : MergedByHand.replace(
                                    written.archive(),
                                    before,
                                    next,
                                    folder,
                                    random.nextInt(4) == 0 ? 1 : Integer.MAX_VALUE);
        }
        checkCuts("many, seed %d".formatted(seed), truth);
    }

    /** A history in so many segments. */
    private Map<Position, Map<Long, List<List<Value>>>> write(Random random, int segments)
            throws IOException, LostRaceException {
        RandomHistory history = new RandomHistory(random);
        Map<Position, Map<Long, List<List<Value>>>> truth = new TreeMap<>();
        written.base(at(1), NOON, catalog(history.tables().toArray(Table[]::new)), history.rows());
        for (int n = segments; n > 0; n--) {
            List<Transaction> part = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                part.add(history.next());
                truth.put(part.getLast().position(), history.rows());
            }
            written.segment(part);
        }
        return truth;
    }

    private void checkCuts(String what, Map<Position, Map<Long, List<List<Value>>>> truth)
            throws IOException {
        for (Map.Entry<Position, Map<Long, List<List<Value>>>> cut : truth.entrySet()) {
            long little = cut.getKey().value() % 2 == 0 ? 0 : 3_000;
            for (long memory : List.of(little, Long.MAX_VALUE)) {
                String where = "%s, cut %s, memory %d".formatted(what, cut.getKey(), memory);
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
            FoldRoom room = new FoldRoom(written.archive(), folder, Long.MAX_VALUE);
            tables.put(table.id(), new TableFold(table, List.of(), room));
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
                            public void deferred(FileRef file) {}

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
        assertThat(
                        readByLine(
                                transaction(10, insert(1, "1", "a"), insert(3, "x")),
                                transaction(20, insert(2, "1", "b")),
                                transaction(30, changed("ALTER TABLE", false, longer)),
                                transaction(40, new Entry.Truncate(List.of(3L), false, false))))
                .containsExactly(1L);
    }

    @Test
    void aLookThatFoundNothingElseIsInTheWayOfNone() throws Exception {
        Table longer = table(2, "other", List.of(1), List.of(column(1, "id"), column(3, "w")));
        assertThat(
                        readByLine(
                                transaction(10, insert(1, "1", "a"), insert(3, "x")),
                                transaction(20, insert(2, "1", "b")),
                                transaction(30, changed("look", true, longer))))
                .containsExactlyInAnyOrder(1L, 3L);
    }

    private static Entry changed(String command, boolean isReread, Table table) {
        return new Entry.Schema(
                new CatalogChange(
                                command,
                                List.of(table),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                isReread)
                        .json());
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

    @Test
    void aKeyIsLentToAnotherRowMeanwhile() throws Exception {
        written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("1", "a"))));
        List<Value> unchanged = List.of(Value.Mark.UNCHANGED);
        written.segment(
                List.of(
                        transaction(
                                10,
                                update(key("1"), with("2", unchanged)),
                                insert(1, "1", "guest"),
                                update(key("1"), with("3", unchanged)),
                                update(key("2"), with("1", unchanged)))));
        MergedByHand.replace(written.archive(), folder);

        for (long memory : List.of(0L, Long.MAX_VALUE)) {
            assertThat(folded(at(10), memory).get(1L))
                    .containsExactlyInAnyOrder(row("1", "a"), row("3", "guest"));
        }
    }

    private static List<Value> with(String id, List<Value> rest) {
        List<Value> row = new ArrayList<>(List.of(Value.text(id)));
        row.addAll(rest);
        return row;
    }

    /** What is said of merged segments, one for each transaction, over a base with the row 1. */
    private String refusal(Transaction... transactions) throws Exception {
        startAnArchive();
        written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("1", "a"))));
        for (Transaction one : transactions) {
            written.segment(List.of(one));
        }
        Manifest before = written.archive().state().bases().getFirst();
        for (Manifest segment : written.archive().state().segments()) {
            before =
                    MergedByHand.replace(
                            written.archive(), before, List.of(segment), folder, Integer.MAX_VALUE);
        }
        Position end = transactions[transactions.length - 1].position();
        return String.valueOf(
                        assertThrows(TidemarkException.class, () -> folded(end, Long.MAX_VALUE))
                                .getMessage())
                .replaceFirst(".*do not fit together: ", "");
    }

    @Test
    void whatDoesNotFitTheBaseIsRefused() throws Exception {
        assertThat(refusal(transaction(10, insert(1, "1", "b"))))
                .isEqualTo("a change made a row [1], which is in the base");
        assertThat(refusal(transaction(10, update(key("2"), row("2", "b")))))
                .isEqualTo("the base does not have a row that changed, [2]");
        assertThat(
                        refusal(
                                transaction(10, insert(1, "2", "b")),
                                transaction(20, update(key("2"), row("1", "b")))))
                .isEqualTo("a change made a row [1], which is in the base");
    }

    @Test
    void whatDoesNotFitTheSegmentBeforeIsRefused() throws Exception {
        assertThat(
                        refusal(
                                transaction(10, insert(1, "2", "b")),
                                transaction(20, insert(1, "2", "c"))))
                .isEqualTo("a second insert of the row [2]");
        assertThat(
                        refusal(
                                transaction(10, delete("1")),
                                transaction(20, update(key("1"), row("1", "c")))))
                .isEqualTo("a change of the row [1], which was gone");
        assertThat(
                        refusal(
                                transaction(10, insert(1, "2", "b")),
                                transaction(20, update(key("1"), row("2", "a")))))
                .isEqualTo("an update gave two rows the key [2]");
        assertThat(
                        refusal(
                                transaction(10, update(key("1"), row("2", "a"))),
                                transaction(20, insert(1, "3", "b")),
                                transaction(30, update(key("3"), row("2", "b")))))
                .isEqualTo("an update gave two rows the key [2]");
    }

    private static Entry delete(String id) {
        return new Entry.Row(1, Operation.DELETE, BeforeImage.KEY, key(id), List.of());
    }

    @Test
    void aRowGoesFromKeyToKeyOverSegmentsAndKeepsWhatWasNeverTold() throws Exception {
        written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("5", "large"))));
        List<Value> unchanged = List.of(Value.Mark.UNCHANGED);
        Manifest before = written.archive().state().bases().getFirst();
        List<List<String>> moves =
                List.of(List.of("5", "1"), List.of("1", "9"), List.of("9", "5"), List.of("5", "7"));
        for (int i = 0; i < moves.size(); i++) {
            List<String> move = moves.get(i);
            written.segment(
                    List.of(
                            transaction(
                                    10 + 10L * i,
                                    update(
                                            key(move.getFirst()),
                                            with(move.getLast(), unchanged)))));
            before =
                    MergedByHand.replace(
                            written.archive(),
                            before,
                            List.of(written.archive().state().segments().getLast()),
                            folder,
                            Integer.MAX_VALUE);
        }

        for (long memory : List.of(0L, Long.MAX_VALUE)) {
            for (int i = 0; i < moves.size(); i++) {
                assertThat(folded(at(10 + 10L * i), memory).get(1L))
                        .containsExactly(row(moves.get(i).getLast(), "large"));
            }
        }
    }
}

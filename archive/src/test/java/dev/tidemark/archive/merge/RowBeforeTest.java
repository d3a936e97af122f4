package dev.tidemark.archive.merge;

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
import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.fold.RandomHistory;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a row was at the end of a segment, from the changes before. */
class RowBeforeTest {
    private static final int SEEDS = 25;

    @TempDir Path folder;

    private int found;
    private int asked;

    @Test
    void aRowIsWhatANaiveModelHasOrIsSaidToBeUntold() throws Exception {
        long only = Long.getLong("seed", -1);
        for (long seed = 0; seed < SEEDS; seed++) {
            if (only < 0 || seed == only) {
                checkHistory(seed);
            }
        }
        assertThat(found).isGreaterThan(asked / 4);
    }

    private void checkHistory(long seed) throws Exception {
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(random);
        for (int n = random.nextInt(10); n > 0; n--) {
            history.next();
        }
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(
                                new MemoryObjectStore(), Samples.IDENTITY, Samples.keys(seed)),
                        folder);
        Map<Position, Map<Long, List<List<Value>>>> truth = new TreeMap<>();
        written.base(at(1), NOON, catalog(history.tables().toArray(Table[]::new)), history.rows());
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            List<Transaction> part = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                part.add(history.next());
            }
            written.segment(part);
            truth.put(part.getLast().position(), history.rows());
        }
        if (random.nextBoolean()) {
            Manifest merged = MergedByHand.replace(written.archive(), folder, 3);
            truth.keySet().removeIf(position -> !position.equals(merged.span().to()));
        }
        for (Map.Entry<Position, Map<Long, List<List<Value>>>> end : truth.entrySet()) {
            checkEnd(seed, written.archive(), end.getKey(), end.getValue());
        }
    }

    private void checkEnd(
            long seed, Archive archive, Position end, Map<Long, List<List<Value>>> truth)
            throws Exception {
        RestorePlan plan =
                new Planner(archive, folder).plan(new Target(new Moment.AtPosition(end), false));
        for (Table table : CatalogWalk.at(archive, plan, folder).tables()) {
            if (table.key().isEmpty()) {
                continue;
            }
            Set<List<Value>> keys = new HashSet<>();
            for (List<Value> row : truth.getOrDefault(table.id(), List.of())) {
                List<Value> key = RowsOfSegment.key(table, row);
                keys.add(key);
                RowBefore.Found answer = find(archive, table, key, end);
                asked++;
                if (answer instanceof RowBefore.Untold) {
                    continue;
                }
                found++;
                assertThat(answer)
                        .as("failed at seed %d; rerun with -Dseed=%d", seed, seed)
                        .isEqualTo(new RowBefore.Row(row));
            }
            checkOthers(seed, archive, end, table, keys);
        }
    }

    private void checkOthers(
            long seed, Archive archive, Position end, Table table, Set<List<Value>> keys)
            throws Exception {
        for (int n = 0; n < 6; n++) {
            List<Value> key = new ArrayList<>();
            for (int i = 0; i < table.key().size(); i++) {
                key.add(Value.text(Integer.toString(n)));
            }
            if (!keys.contains(key)) {
                assertThat(find(archive, table, key, end))
                        .as("failed at seed %d; rerun with -Dseed=%d", seed, seed)
                        .isNotInstanceOf(RowBefore.Row.class);
            }
        }
    }

    private RowBefore.Found find(Archive archive, Table table, List<Value> key, Position end)
            throws Exception {
        return RowBefore.find(
                archive, archive.state().stretches().getLast(), table, key, end, folder);
    }

    private static Transaction transaction(long position, Operation operation, List<Value> row) {
        return new Transaction(
                at(position),
                position,
                NOON,
                List.of(new Entry.Row(1, operation, BeforeImage.NONE, List.of(), row)));
    }

    @Test
    void aValueThatWasLeftAloneIsThatOfTheBaseWhateverTheKeysTypeIs() throws Exception {
        for (String type : List.of("integer", "bigint", "uuid")) {
            Table deal =
                    table(
                            1,
                            "deal",
                            List.of(1),
                            List.of(
                                    column(1, "id", type, Optional.empty()),
                                    column(2, "stage"),
                                    column(3, "note")));
            WrittenArchive written =
                    new WrittenArchive(
                            Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
            written.base(at(1), NOON, catalog(deal), Map.of(1L, List.of(row("1", "new", "long"))));
            written.segment(
                    List.of(
                            transaction(
                                    16,
                                    Operation.UPDATE,
                                    List.of(
                                            Value.text("1"),
                                            Value.text("won"),
                                            Value.Mark.UNCHANGED))));
            written.segment(List.of(transaction(32, Operation.INSERT, row("2", "new", "other"))));
            MergedByHand.replace(written.archive(), folder);

            assertThat(find(written.archive(), deal, row("1"), at(32)))
                    .isEqualTo(new RowBefore.Row(row("1", "won", "long")));
            assertThat(find(written.archive(), deal, row("2"), at(32)))
                    .isEqualTo(new RowBefore.Row(row("2", "new", "other")));
            assertThat(find(written.archive(), deal, row("3"), at(32)))
                    .isEqualTo(new RowBefore.Absent());
        }
    }
}

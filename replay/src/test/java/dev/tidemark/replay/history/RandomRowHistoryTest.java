package dev.tidemark.replay.history;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.RandomHistory;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories of rows are those of a model that has everything in memory. */
class RandomRowHistoryTest {
    private static final int SEEDS = 15;

    @TempDir Path folder;

    private int asked;

    @Test
    void everyKeysHistoryIsThatOfANaiveModelInMergedSegmentsToo() throws Exception {
        long only = Long.getLong("seed", -1);
        for (long seed = 0; seed < SEEDS; seed++) {
            if (only < 0 || seed == only) {
                check(seed);
            }
        }
        assertThat(asked).isGreaterThan(only < 0 ? 250 : 0);
    }

    private void check(long seed) throws Exception {
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(random);
        for (int n = random.nextInt(10); n > 0; n--) {
            history.next();
        }
        Map<Long, NaiveLine> models = new TreeMap<>();
        for (Table table : history.tables()) {
            models.put(
                    table.id(),
                    new NaiveLine(table, history.rows().getOrDefault(table.id(), List.of())));
        }
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(
                                new MemoryObjectStore(), Samples.IDENTITY, Samples.keys(seed)),
                        folder);
        written.base(at(1), NOON, catalog(history.tables().toArray(Table[]::new)), history.rows());
        List<Manifest> segments = new ArrayList<>();
        for (int n = 1 + random.nextInt(5); n > 0; n--) {
            List<Transaction> part = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                part.add(history.next());
            }
            part.forEach(transaction -> tell(transaction, models));
            segments.add(written.segment(part));
        }
        ask(seed, written.archive(), models);
        int merged = 1 + random.nextInt(segments.size());
        MergedByHand.replace(
                written.archive(),
                written.archive().state().bases().getFirst(),
                segments.subList(0, merged),
                folder,
                3);
        ask(seed, written.archive(), models);
    }

    private static void tell(Transaction transaction, Map<Long, NaiveLine> models) {
        for (Entry entry : transaction.entries()) {
            if (entry instanceof Entry.Schema schema) {
                for (Table table : CatalogChange.read(schema.content()).tables()) {
                    models.putIfAbsent(table.id(), new NaiveLine(table, List.of()));
                }
            }
        }
        models.values().forEach(model -> model.add(transaction));
    }

    private void ask(long seed, Archive archive, Map<Long, NaiveLine> models) throws Exception {
        RowHistory rows = new RowHistory(archive, folder);
        for (NaiveLine model : models.values()) {
            if (model.table().key().isEmpty()) {
                continue;
            }
            for (List<String> key : model.keys()) {
                List<String> plain = key.stream().map(text -> text.substring(1)).toList();
                if (!isOfType(model.table(), plain)) {
                    continue;
                }
                asked++;
                String what = "seed %d, table %s %s".formatted(seed, model.table().name(), plain);
                List<String> expected = model.history(key);
                History all = rows.changes(request(model, plain, Integer.MAX_VALUE));
                assertSame(NaiveLine.told(all), expected, what);
                assertThat(all.wasThere()).isTrue();
                if (expected.size() > 1) {
                    int some = 1 + Math.floorMod(asked, expected.size() - 1);
                    History newest = rows.changes(request(model, plain, some));
                    assertSame(
                            NaiveLine.told(newest),
                            expected.subList(0, some),
                            what + ", limit " + some);
                    assertThat(newest.isMore()).as(what + ", limit " + some).isTrue();
                }
            }
        }
    }

    private static void assertSame(List<String> told, List<String> expected, String what) {
        List<String> compared = new ArrayList<>();
        for (int i = 0; i < told.size(); i++) {
            String line = told.get(i);
            boolean isDoubted = i < expected.size() && expected.get(i).endsWith(NaiveLine.DOUBT);
            compared.add(
                    isDoubted && beginning(line).equals(beginning(expected.get(i)))
                            ? expected.get(i)
                            : line);
        }
        assertThat(compared).as(what).isEqualTo(expected);
    }

    private static String beginning(String line) {
        return line.substring(0, line.indexOf('['));
    }

    /** Not all that the made-up columns hold is of their types. */
    private static boolean isOfType(Table table, List<String> key) {
        List<String> types = KeyTexts.columns(table).stream().map(one -> one.type()).toList();
        for (int i = 0; i < key.size(); i++) {
            if (!types.get(i).equals("text") && !key.get(i).matches("\\d+")) {
                return false;
            }
        }
        return true;
    }

    private static HistoryRequest request(NaiveLine model, List<String> key, int changesMax) {
        return new HistoryRequest(
                model.table().displayName(),
                key,
                Optional.empty(),
                Optional.of(new Moment.Latest()),
                List.of(),
                changesMax);
    }
}

package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldTest {
    private static final int SEEDS = 60;
    private static final Table KEYED =
            table(1, "keyed", List.of(1), List.of(column(1, "id"), column(2, "name")));
    private static final Table BAG =
            table(2, "bag", List.of(), List.of(column(1, "id"), column(2, "name")));
    private static final Map<Long, List<List<Value>>> ROWS =
            Map.of(
                    1L, List.of(row("1", "Anna"), row("2", "Ben")),
                    2L, List.of(row("1", "Anna"), row("1", "Anna")));

    @TempDir Path folder;

    private WrittenArchive start() throws IOException {
        return start(0);
    }

    private WrittenArchive start(long seed) throws IOException {
        return new WrittenArchive(
                Archive.create(new MemoryObjectStore(), Samples.IDENTITY, Samples.keys(seed)),
                folder);
    }

    private Map<Long, List<List<Value>>> folded(Archive archive, Moment moment) throws IOException {
        FoldedDatabase database =
                Fold.run(
                        archive,
                        new Planner(archive, folder).plan(new Target(moment, false)),
                        folder,
                        changes -> {});
        Map<Long, List<List<Value>>> rows = new TreeMap<>();
        for (TableFold table : database.tables()) {
            List<List<Value>> of = new ArrayList<>();
            table.rows(of::add);
            rows.put(table.table().id(), of);
        }
        return rows;
    }

    @Test
    void aFoldIsWhatANaiveModelHasForRandomHistories() throws IOException {
        long only = Long.getLong("seed", -1);
        for (long seed = 0; seed < SEEDS; seed++) {
            if (only < 0 || seed == only) {
                checkHistory(seed);
            }
        }
    }

    private void checkHistory(long seed) throws IOException {
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(random);
        for (int n = random.nextInt(10); n > 0; n--) {
            history.next();
        }
        WrittenArchive written = start(seed);
        written.base(at(1), NOON, catalog(history.tables().toArray(Table[]::new)), history.rows());
        Map<Position, Map<Long, List<List<Value>>>> expected = new TreeMap<>();
        expected.put(at(1), history.rows());
        for (int segment = random.nextInt(4); segment >= 0; segment--) {
            List<Transaction> part = new ArrayList<>();
            for (int n = random.nextInt(8); n >= 0; n--) {
                part.add(history.next());
                expected.put(part.getLast().position(), history.rows());
            }
            written.segment(part);
        }
        for (Map.Entry<Position, Map<Long, List<List<Value>>>> cut : expected.entrySet()) {
            if (random.nextInt(3) == 0) {
                checkCut(seed, written.archive(), cut.getKey(), cut.getValue());
            }
        }
    }

    private void checkCut(
            long seed, Archive archive, Position cut, Map<Long, List<List<Value>>> expected)
            throws IOException {
        String where = "failed at seed %d, cut %s; rerun with -Dseed=%d".formatted(seed, cut, seed);
        Map<Long, List<List<Value>>> folded;
        try {
            folded = folded(archive, new Moment.AtPosition(cut));
        } catch (TidemarkException e) {
            throw new AssertionError(where, e);
        }
        assertThat(folded.keySet()).describedAs(where).isEqualTo(expected.keySet());
        expected.forEach(
                (table, rows) ->
                        assertThat(folded.getOrDefault(table, List.of()))
                                .describedAs("%s, table %d", where, table)
                                .containsExactlyInAnyOrderElementsOf(rows));
    }

    private static Entry insert(long table, List<Value> after) {
        return new Entry.Row(table, Operation.INSERT, BeforeImage.NONE, List.of(), after);
    }

    private static Entry update(long table, List<Value> before, List<Value> after) {
        return new Entry.Row(
                table,
                Operation.UPDATE,
                before.isEmpty() ? BeforeImage.NONE : BeforeImage.FULL,
                before,
                after);
    }

    private static Entry delete(long table, List<Value> before) {
        return new Entry.Row(table, Operation.DELETE, BeforeImage.FULL, before, List.of());
    }

    private static Entry schema(Table... tables) {
        return new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(tables)).json());
    }

    private Map<Long, List<List<Value>>> after(Entry... entries) throws IOException {
        WrittenArchive written = start();
        written.base(at(1), NOON, catalog(KEYED, BAG), ROWS);
        written.segment(List.of(new Transaction(at(9), 9, NOON, List.of(entries))));
        return folded(written.archive(), new Moment.Latest());
    }

    @Test
    void anUnchangedFieldIsThatOfTheRowsVersionBefore() throws IOException {
        List<Value> moved = List.of(Value.text("9"), Value.Mark.UNCHANGED);

        assertThat(after(update(1, row("1", "Anna"), moved)).get(1L))
                .containsExactlyInAnyOrder(row("9", "Anna"), row("2", "Ben"));
    }

    @Test
    void anUnchangedFieldInATableWithoutAKeyIsInTheFullImage() throws IOException {
        List<Value> changed = List.of(Value.text("9"), Value.Mark.UNCHANGED);

        assertThat(after(update(2, row("1", "Anna"), changed)).get(2L))
                .containsExactlyInAnyOrder(row("1", "Anna"), row("9", "Anna"));
    }

    @Test
    void rowsOlderThanAColumnKeepItsValueWhenTheSourceForgetsIt() throws IOException {
        Table added =
                table(
                        1,
                        "keyed",
                        List.of(1),
                        List.of(
                                column(1, "id"),
                                column(2, "name"),
                                column(3, "city", Optional.of("Bonn"))));
        Table rewritten =
                table(
                        1,
                        "keyed",
                        List.of(1),
                        List.of(column(1, "id"), column(2, "name"), column(3, "city")));

        assertThat(after(schema(added), schema(rewritten)).get(1L))
                .containsExactlyInAnyOrder(row("1", "Anna", "Bonn"), row("2", "Ben", "Bonn"));
    }

    @Test
    void changesThatDoNotFitTheBaseAreRefused() {
        assertBroken(
                "keyed",
                "1 changed rows are not in the base, for example the one with the key [7]",
                update(1, List.of(), row("7", "Gina")));
        assertBroken(
                "keyed",
                "1 changed rows are not in the base, for example the one with the key [7]",
                delete(1, row("7", "Gina")));
        assertBroken(
                "keyed",
                "a second insert of the row [7]",
                insert(1, row("7", "Gina")),
                insert(1, row("7", "Gina")));
        assertBroken(
                "keyed",
                "a change made a row [1], which is in the base",
                insert(1, row("1", "Gina")));
        assertBroken(
                "keyed",
                "an update gave two rows the key [7]",
                insert(1, row("7", "Gina")),
                update(1, row("1", "Anna"), row("7", "Anna")));
        assertBroken(
                "keyed",
                "an update of the row [1], which was gone",
                delete(1, row("1", "Anna")),
                update(1, List.of(), row("1", "Anna")));
        assertBroken(
                "keyed",
                "a delete of the row [1], which was gone",
                delete(1, row("1", "Anna")),
                delete(1, row("1", "Anna")));
        assertBroken("keyed", "a change has 1 fields", insert(1, row("7")));
        assertBroken(
                "bag",
                "deleted rows are not in the base, for example [1, Ben]",
                delete(2, row("1", "Ben")));
        assertBroken(
                "bag",
                "a change of a table without a key shows only NONE",
                update(2, List.of(), row("1", "Ben")));
    }

    private void assertBroken(String table, String how, Entry... entries) {
        assertThatThrownBy(() -> after(entries))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage(
                                            "the archive's changes of table public.%s do not fit together: %s"
                                                    .formatted(table, how));
                            assertThat(error.hint())
                                    .isEqualTo(
                                            "Run 'tidemark verify'. If it finds nothing, please report this: the"
                                                    + " archive or the restore is wrong.");
                            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.FAILED);
                        });
    }

    /** Its key is gone, and two rows are equal in it, but the source could not say so. */
    private static final List<Entry> UNTOLD_KEY =
            List.of(
                    new Entry.Message("dirty", "DROP INDEX: canceled"),
                    insert(1, row("7", "Gina")),
                    insert(1, row("7", "Gina")));

    @Test
    void rowsThatDoNotFitWhileASchemaChangeIsUntoldAreNoDamage() {
        assertThatThrownBy(() -> after(UNTOLD_KEY.toArray(Entry[]::new)))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage(
                                            "the archive is not exact at 0/9: before it the source told of [dirty:"
                                                    + " DROP INDEX: canceled]");
                            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
                        });
    }

    @Test
    void momentsAreExactAgainWhenALookTellsRowsThatDidNotFit() throws IOException {
        Table withoutKey =
                table(1, "keyed", List.of(), List.of(column(1, "id"), column(2, "name")));
        List<Entry> entries = new ArrayList<>(UNTOLD_KEY);
        entries.add(look(List.of(withoutKey), List.of(1L), List.of()));
        for (String id : List.of("1", "7", "7")) {
            entries.add(
                    new Entry.Row(
                            1, Operation.REWRITE, BeforeImage.NONE, List.of(), row(id, "told")));
        }
        entries.add(look(List.of(), List.of(), List.of(1L)));

        assertThat(after(entries.toArray(Entry[]::new)).get(1L))
                .containsExactlyInAnyOrder(row("1", "told"), row("7", "told"), row("7", "told"));
    }

    @Test
    void rowsThatDoNotFitAndThatALookDoesNotTellAnewAreDamage() {
        List<Entry> entries = new ArrayList<>(UNTOLD_KEY);
        entries.add(look(List.of(), List.of(), List.of()));

        assertBroken("keyed", "a second insert of the row [7]", entries.toArray(Entry[]::new));
    }

    /** What a look at the whole catalog says that was untold. */
    private static Entry look(List<Table> tables, List<Long> rewritten, List<Long> restated) {
        return new Entry.Schema(
                new CatalogChange(
                                "look", tables, List.of(), List.of(), List.of(), rewritten,
                                restated, true)
                        .json());
    }

    @Test
    void rowsThatACommandRewroteUnseenAreRefused() {
        Entry rewrite =
                new Entry.Schema(
                        new CatalogChange(
                                        "ALTER TABLE",
                                        List.of(KEYED),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(1L),
                                        List.of(),
                                        false)
                                .json());

        assertThatThrownBy(() -> after(rewrite))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage(
                                            "the rows of [public.keyed] at 0/9 are not known: public.keyed: a schema"
                                                    + " change rewrote them at 0/9 (2026-11-20T12:00:00Z) without a"
                                                    + " trace in the stream, and no base of the table was taken"
                                                    + " since");
                            assertThat(error.hint())
                                    .isEqualTo(
                                            "Choose a moment before 0/9, or leave the rows out: --exclude-table-data"
                                                    + " public.keyed. While 'tidemark capture' runs, it takes a new"
                                                    + " base of such a table.");
                        });
    }
}

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
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.ForwardingObjectStore;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table whose key was another one on the way is read whole, and no other table for its sake. */
class ChangedKeysTest {
    private static final Column ID = column(1, "id");
    private static final Column CODE = column(2, "code");
    private static final Column LATER = column(3, "later", Optional.empty());
    private static final Table OTHER = table(2, "other", List.of(1), List.of(ID, CODE));
    private static final List<List<Value>> OTHER_ROWS =
            List.of(row("1", "a"), row("2", "b"), row("3", "c"));

    @TempDir Path folder;

    private Reads reads;
    private WrittenArchive written;

    /** Another store, which counts how often each file of the deals is read. */
    private static final class Reads extends ForwardingObjectStore {
        private final Map<String, Integer> ofDeals = new TreeMap<>();

        Reads() {
            super(new MemoryObjectStore());
        }

        @Override
        public void download(String name, Path file) throws IOException {
            if (name.matches(".*/1-[^/]*\\.parquet")) {
                ofDeals.merge(name, 1, Integer::sum);
            }
            super.download(name, file);
        }
    }

    @BeforeEach
    void startAnArchive() throws Exception {
        reads = new Reads();
        written = new WrittenArchive(Archive.create(reads, Samples.IDENTITY), folder);
    }

    private static Table deal(List<Integer> key, Column... columns) {
        return table(1, "deal", key, List.of(columns));
    }

    private static Entry become(Table table) {
        return new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(table)).json());
    }

    private static Entry insert(long table, String... row) {
        return new Entry.Row(table, Operation.INSERT, BeforeImage.NONE, List.of(), row(row));
    }

    private static Entry update(long table, List<Value> before, List<Value> after) {
        return new Entry.Row(table, Operation.UPDATE, BeforeImage.FULL, before, after);
    }

    private void base(Table deal, List<List<Value>> rows) throws Exception {
        written.base(at(1), NOON, catalog(deal, OTHER), Map.of(1L, rows, 2L, OTHER_ROWS));
    }

    private void segment(long position, Entry... entries) throws Exception {
        written.segment(List.of(new Transaction(at(position), position, NOON, List.of(entries))));
    }

    private FoldedDatabase folded(KeyedRows deals, KeyedRows others, long memory) throws Exception {
        Position end = written.reached();
        RestorePlan plan =
                new Planner(written.archive(), folder)
                        .plan(new Target(new Moment.AtPosition(end), false));
        return Fold.runRows(
                written.archive(),
                plan,
                Set.of(1L, 2L),
                Map.of(1L, deals, 2L, others),
                memory,
                folder,
                read -> {});
    }

    /** Of the deals come these rows, and of the other table the wanted one alone. */
    private void check(List<Integer> key, List<Value> wanted, List<List<Value>> deals)
            throws Exception {
        reads.ofDeals.clear();
        for (long memory : List.of(0L, Long.MAX_VALUE)) {
            FoldedDatabase found =
                    folded(
                            new KeyedRows(key, Set.of(wanted)),
                            new KeyedRows(List.of(1), Set.of(row("2"))),
                            memory);
            Map<Long, List<List<Value>>> rows = RandomBases.rows(found);
            if (memory > 0) {
                assertThat(reads.ofDeals.values()).containsOnly(1);
            }
            reads.ofDeals.clear();
            assertThat(rows.get(1L)).containsExactlyInAnyOrderElementsOf(deals);
            assertThat(rows.get(2L)).containsExactly(row("2", "changed"));
        }
    }

    private static Entry changeOther() {
        return update(2, row("2", "b"), row("2", "changed"));
    }

    @Test
    void aTableWhoseKeyIsAColumnThatWasAddedIsReadWholeAlone() throws Exception {
        base(deal(List.of(1), ID, CODE), List.of(row("1", "x"), row("2", "y")));
        segment(2, update(1, row("1", "x"), row("1", "z")), changeOther());
        segment(
                3,
                become(deal(List.of(1), ID, CODE, LATER)),
                update(1, row("1", "z", "null"), row("1", "z", "A")),
                update(1, row("2", "y", "null"), row("2", "y", "B")),
                become(deal(List.of(3), ID, CODE, LATER)),
                update(1, row("2", "y", "B"), row("5", "y", "B")));

        check(List.of(3), row("B"), List.of(row("1", "z", "A"), row("5", "y", "B")));
    }

    @Test
    void aTableWhoseKeyWasShorterIsReadWholeAlone() throws Exception {
        base(deal(List.of(1), ID, CODE), List.of(row("1", "x"), row("2", "y")));
        segment(2, update(1, row("1", "x"), row("1", "z")), changeOther());
        MergedByHand.replace(written.archive(), folder);
        segment(3, become(deal(List.of(2, 1), ID, CODE)), insert(1, "1", "q"));

        check(List.of(2, 1), row("z", "1"), List.of(row("1", "z"), row("2", "y"), row("1", "q")));
    }

    @Test
    void aTableWhoseKeyWasAnotherOneMeanwhileIsReadWholeAlone() throws Exception {
        base(deal(List.of(1), ID, CODE), List.of(row("1", "x"), row("2", "y")));
        segment(
                2,
                update(1, row("1", "x"), row("1", "z")),
                become(deal(List.of(2), ID, CODE)),
                update(1, row("2", "y"), row("1", "y")),
                update(1, row("1", "z"), row("2", "z")),
                changeOther(),
                become(deal(List.of(1), ID, CODE)));

        check(List.of(1), row("2"), List.of(row("1", "y"), row("2", "z")));
    }

    @Test
    void aTableThatGotItsKeyAfterItsRowsIsReadWholeAlone() throws Exception {
        base(deal(List.of(), ID, CODE), List.of(row("1", "x"), row("2", "y")));
        segment(
                2,
                changeOther(),
                insert(1, "3", "z"),
                become(deal(List.of(1), ID, CODE)),
                update(1, row("3", "z"), row("4", "z")));

        check(List.of(1), row("4"), List.of(row("1", "x"), row("2", "y"), row("4", "z")));
    }

    @Test
    void aTableWhoseKeysColumnWasDroppedIsReadWholeAlone() throws Exception {
        base(deal(List.of(1), ID, CODE), List.of(row("1", "x"), row("2", "y")));
        segment(2, update(1, row("1", "x"), row("3", "x")));
        segment(
                3,
                become(deal(List.of(), CODE)),
                become(deal(List.of(2), CODE)),
                update(1, row("y"), row("w")),
                changeOther());

        check(List.of(2), row("w"), List.of(row("x"), row("w")));
    }

    @Test
    void aKeyThatWasAnotherOneBeforeTheTablesOwnBaseDoesNotMatter() throws Exception {
        Table then = deal(List.of(1), ID, CODE);
        Table now = deal(List.of(2), ID, CODE);
        base(then, List.of(row("1", "x"), row("2", "y")));
        segment(2, changeOther(), rewritten(), become(now));
        written.tableBase(
                written.reached(),
                NOON,
                Map.of(now.withVersion(2), List.of(row("1", "p"), row("2", "q"))),
                Set.of(1L));
        segment(3, update(1, row("2", "q"), row("3", "q")));

        check(List.of(2), row("q"), List.of(row("3", "q")));
    }

    private static Entry rewritten() {
        CatalogChange change =
                new CatalogChange(
                        "ALTER TABLE",
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(1L),
                        List.of(),
                        false);
        return new Entry.Schema(change.json());
    }
}

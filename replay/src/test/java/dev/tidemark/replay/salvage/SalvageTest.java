package dev.tidemark.replay.salvage;

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
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be had of a damaged archive is exact, or says what it is not. */
class SalvageTest {
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final Table NOTE =
            table(2, "note", List.of(1), List.of(column(1, "id"), column(2, "v")));

    @TempDir Path folder;

    private ObjectStore store;
    private WrittenArchive written;

    /** Two tables with a row each, and a segment with one more for both at 10, 20, 30, 40. */
    @BeforeEach
    void writeAnArchive() throws IOException {
        store = new MemoryObjectStore();
        written = new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        written.base(
                at(1),
                NOON,
                catalog(DEAL, NOTE),
                Map.of(1L, List.of(row("0", "a")), 2L, List.of(row("0", "b"))));
        for (int position = 10; position <= 40; position += 10) {
            List<Entry> both = List.of(insert(1, position), insert(2, position));
            written.segment(
                    List.of(
                            new Transaction(
                                    at(position), position, NOON.plusSeconds(position), both)));
        }
    }

    private static Entry insert(long table, int id) {
        return new Entry.Row(
                table,
                Operation.INSERT,
                BeforeImage.NONE,
                List.of(),
                row(Integer.toString(id), "v"));
    }

    private Salvage.Way way(Moment moment) throws IOException {
        return Salvage.find(Archive.open(store), new Target(moment, false), folder);
    }

    /** How many rows each table has that comes back with rows. */
    private Map<Long, Integer> rows(Salvage.Way way) throws IOException {
        FoldedDatabase database = Fold.run(Archive.open(store), way.plan(), folder, changes -> {});
        Map<Long, Integer> rows = new TreeMap<>();
        for (TableFold fold : database.tables()) {
            List<List<Value>> all = new ArrayList<>();
            fold.rows(all::add);
            rows.put(fold.table().id(), all.size());
        }
        return rows;
    }

    /** Segments of a transaction with two changes each. */
    private static Losses lost(long from, long to, int segments) {
        return new Losses(
                List.of(),
                Optional.of(
                        new Losses.LostTime(
                                NOON.plusSeconds(from),
                                NOON.plusSeconds(to),
                                segments,
                                segments,
                                2L * segments)));
    }

    private Manifest segment(int number) {
        return written.archive().state().segments().get(number);
    }

    private void delete(FileRef file) throws IOException {
        store.delete(file.name());
    }

    private FileRef base(long table) {
        return written.archive().state().bases().getFirst().files().stream()
                .filter(file -> file.kind() == FileRef.Kind.BASE && file.table() == table)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aWholeArchiveGivesTheMomentAsItWas() throws IOException {
        Salvage.Way way = way(new Moment.Latest());

        assertThat(way.isWhole()).isTrue();
        assertThat(way.damage()).isEmpty();
        assertThat(rows(way)).isEqualTo(Map.of(1L, 5, 2L, 5));
    }

    @Test
    void rowsOfATableWhoseBaseIsGoneAreLeftOutAndAllOthersAreExact() throws IOException {
        delete(base(2));

        Salvage.Way way = way(new Moment.Latest());

        assertThat(way.isThere()).isTrue();
        assertThat(way.isWhole()).isFalse();
        assertThat(way.damage())
                .containsExactly("the archive's file %s is missing".formatted(base(2).name()));
        assertThat(way.losses())
                .isEqualTo(
                        new Losses(
                                List.of(new Losses.LostRows("public.note", 1, 1)),
                                Optional.empty()));
        assertThat(rows(way)).isEqualTo(Map.of(1L, 5));
    }

    @Test
    void withoutASegmentTheNewestMomentBeforeItIsGiven() throws IOException {
        delete(segment(2).file(FileRef.Kind.JOURNAL).orElseThrow());

        Salvage.Way way = way(new Moment.AtTime(NOON.plusSeconds(35)));

        assertThat(way.isThere()).isFalse();
        assertThat(way.plan().cut().position()).isEqualTo(at(20));
        assertThat(way.losses()).isEqualTo(lost(30, 30, 1));
        assertThat(way(new Moment.AtPosition(at(40))).losses()).isEqualTo(lost(30, 40, 2));
        assertThat(way(new Moment.Latest()).losses()).isEqualTo(lost(30, 40, 2));
        assertThat(rows(way)).isEqualTo(Map.of(1L, 3, 2L, 3));
        assertThat(way(new Moment.AtTime(NOON.plusSeconds(25))).isWhole()).isTrue();
    }

    @Test
    void withoutASegmentsTransactionsToo() throws IOException {
        delete(segment(3).file(FileRef.Kind.TRANSACTIONS).orElseThrow());

        Salvage.Way way = way(new Moment.Latest());

        assertThat(way.plan().cut().position()).isEqualTo(at(30));
        assertThat(way.isThere()).isFalse();
    }

    @Test
    void rowsOfATableWhoseMergedChangesAreGoneAreLeftOut() throws Exception {
        Manifest merged = MergedByHand.replace(written.archive(), folder);
        delete(
                merged.files().stream()
                        .filter(file -> file.kind() == FileRef.Kind.CHANGES && file.table() == 1)
                        .findFirst()
                        .orElseThrow());

        assertThat(rows(way(new Moment.Latest()))).isEqualTo(Map.of(2L, 5));
    }

    @Test
    void anOlderBaseLeadsToTheVeryMoment() throws IOException {
        Map<Table, List<List<Value>>> rows =
                Map.of(
                        DEAL, List.of(row("0", "wrong")),
                        NOTE, List.of(row("0", "wrong")));
        Manifest made = written.foldedBase(rows);
        assertThat(rows(way(new Moment.Latest()))).isEqualTo(Map.of(1L, 1, 2L, 1));
        delete(made.files().getFirst());

        Salvage.Way way = way(new Moment.Latest());

        assertThat(way.isWhole()).isTrue();
        assertThat(way.damage()).hasSize(1);
        assertThat(rows(way)).isEqualTo(Map.of(1L, 5, 2L, 5));
    }

    @Test
    void whatFollowsTheMomentNeedNotBeReadable() throws IOException {
        delete(segment(2).file(FileRef.Kind.JOURNAL).orElseThrow());

        Salvage.Way way = way(new Moment.AtPosition(at(20)));

        assertThat(way.isWhole()).isTrue();
        assertThat(way.plan().following()).isEmpty();
        assertThat(rows(way)).isEqualTo(Map.of(1L, 3, 2L, 3));
    }

    @Test
    void nothingIsGivenWhereNothingCanBeRead() throws IOException {
        delete(
                written.archive()
                        .state()
                        .bases()
                        .getFirst()
                        .file(FileRef.Kind.CATALOG)
                        .orElseThrow());

        assertThatThrownBy(() -> way(new Moment.Latest()))
                .hasMessageStartingWith("nothing of latest, or of before it, can be read: [");
    }

    @Test
    void aMomentThatWasNeverThereIsRefusedAsAlways() {
        assertThatThrownBy(() -> way(new Moment.AtTime(NOON.plusSeconds(99))))
                .hasMessageEndingWith(" is not archived yet");
    }
}

package dev.tidemark.archiver.base;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.catalog.SchemaChanges;
import dev.tidemark.schemas.catalog.SequenceState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive of which the source has other rows by now, and a copy of all tables as of 40. */
class SourcedBaseTest {
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final Table TASK = table(2, "task", List.of(1), List.of(column(1, "id")));

    @TempDir Path folder;

    private ObjectStore store;
    private WrittenArchive archiver;
    private Manifest first;
    private Manifest before;

    @BeforeEach
    void startAnArchive() throws IOException {
        store = new MemoryObjectStore();
        archiver = new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        first = archiver.base(at(1), NOON, catalog(DEAL, TASK), Map.of(1L, List.of(row("1", "a"))));
        before = segment(transaction(16, change(Operation.INSERT, "2", "b")));
    }

    private static Transaction transaction(long position, Entry... entries) {
        return new Transaction(at(position), position, NOON, List.of(entries));
    }

    private static Entry change(Operation operation, String... row) {
        return new Entry.Row(1, operation, BeforeImage.NONE, List.of(), row(row));
    }

    private static Entry look(long from, long at) {
        Look look = new Look(new Position(from), new Position(at), NOON, SchemaChanges.TRIGGERS);
        return new Entry.Message(Look.MESSAGE, new String(CanonicalJson.write(look), UTF_8));
    }

    private Manifest segment(Transaction... transactions) throws IOException {
        archiver.archive().refresh();
        return archiver.segment(List.of(transactions));
    }

    private void copy(Archive archive, Map<Table, List<List<Value>>> tables) throws IOException {
        TableBaseCommitter committer = TableBaseCommitter.ofAny(archive, folder, CLOCK);
        committer.begin();
        BaseBuilder base =
                BaseBuilder.ofTables(archive, Files.createTempDirectory(folder, "base"), CLOCK);
        for (Map.Entry<Table, List<List<Value>>> table : tables.entrySet()) {
            BaseBuilder.Part part = base.part(table.getKey(), 0);
            for (List<Value> row : table.getValue()) {
                part.add(row);
            }
            part.close();
        }
        segment(
                transaction(36, change(Operation.INSERT, "3", "c")),
                transaction(48, change(Operation.UPDATE, "3", "d")));
        assertThat(committer.isReached(at(40))).isTrue();
        assertThat(
                        committer.publish(
                                new TableBaseCommitter.Copied(
                                        at(40), NOON, List.copyOf(tables.keySet()), base.files())))
                .hasSameSizeAs(tables.keySet());
    }

    private List<List<Value>> rows(Moment moment) throws IOException {
        Archive archive = Archive.open(store);
        List<List<Value>> rows = new ArrayList<>();
        for (TableFold fold :
                Fold.run(
                                archive,
                                new Planner(archive, folder).plan(new Target(moment, false)),
                                folder,
                                changes -> {})
                        .tables()) {
            fold.rows(rows::add);
        }
        return rows;
    }

    private FoldedBase.Made made(Archive archive) throws IOException {
        archive.refresh();
        return new SourcedBase(archive, folder, CLOCK).run(at(40), 1, FoldedBase.Progress.NONE);
    }

    @Test
    void aBaseOfAKnownTableCountsFromItsPositionOn() throws Exception {
        copy(
                Archive.open(store),
                Map.of(DEAL, List.of(row("1", "A"), row("2", "b"), row("3", "c"))));

        assertThat(rows(new Moment.AtPosition(at(36))))
                .as("up to the next transaction nothing differs from the copy")
                .containsExactlyInAnyOrder(row("1", "A"), row("2", "b"), row("3", "c"));
        assertThat(rows(new Moment.AtPosition(at(16))))
                .containsExactlyInAnyOrder(row("1", "a"), row("2", "b"));
        assertThat(rows(new Moment.Latest()))
                .containsExactlyInAnyOrder(row("1", "A"), row("2", "b"), row("3", "d"));
    }

    @Test
    void aBaseOfAllTablesNeedsNothingOfWhatIsBeforeIt() throws Exception {
        Archive archive = Archive.open(store);
        copy(
                archive,
                Map.of(
                        DEAL,
                        List.of(row("1", "A"), row("2", "b"), row("3", "c")),
                        TASK,
                        List.of()));
        assertThat(SourcedBase.isReady(archive.state(), at(40))).isFalse();
        Manifest end =
                segment(
                        transaction(56, look(1, 52)),
                        transaction(60, change(Operation.UPDATE, "1", "E")));
        archive.refresh();
        assertThat(SourcedBase.isReady(archive.state(), at(40))).isTrue();
        segment(transaction(64, change(Operation.INSERT, "4", "f")));

        FoldedBase.Made made = made(archive);

        assertThat(made.manifest().span().to()).isEqualTo(end.span().to());
        for (FileRef file : List.of(first.files().getFirst(), before.files().getFirst())) {
            store.delete(file.name());
        }
        assertThat(rows(new Moment.AtPosition(at(60))))
                .containsExactlyInAnyOrder(row("1", "E"), row("2", "b"), row("3", "d"));
        assertThat(rows(new Moment.Latest()))
                .containsExactlyInAnyOrder(
                        row("1", "E"), row("2", "b"), row("3", "d"), row("4", "f"));
    }

    @Test
    void aCopyThatLacksATableIsNoBaseOfAll() throws Exception {
        Archive archive = Archive.open(store);
        copy(archive, Map.of(DEAL, List.of(row("1", "A"), row("2", "b"), row("3", "c"))));
        segment(transaction(56, look(1, 52)));

        assertThatThrownBy(() -> made(archive))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "the copy of all tables as of 0/28 lacks [public.task], or has other columns of them");
        assertThat(Archive.open(store).state().foldedBases()).isEmpty();
    }

    @Test
    void sequencesStandInItWhereTheNewestSampleBeforeSaysUnlessTheSchemaToldLater()
            throws Exception {
        store = new MemoryObjectStore();
        archiver = new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        Catalog start =
                new Catalog(
                        catalog().server(),
                        List.of(DEAL, TASK),
                        List.of(sequence(7, 1), sequence(8, 1), sequence(9, 1)));
        archiver.base(at(1), NOON, start, Map.of());
        segment(
                transaction(
                        16,
                        new Entry.Sequences(
                                "[{\"id\":7,\"last\":50000,\"called\":true},{\"id\":8,\"last\":60,\"called\":true}]")));
        segment(
                transaction(
                        20,
                        new Entry.Schema(
                                new CatalogChange(
                                                "ALTER SEQUENCE",
                                                List.of(),
                                                List.of(sequence(8, 3)),
                                                List.of(),
                                                List.of(),
                                                List.of(),
                                                List.of(),
                                                false)
                                        .json())));
        Archive archive = Archive.open(store);
        copy(archive, Map.of(DEAL, List.of(row("3", "c")), TASK, List.of()));
        segment(transaction(56, look(1, 52)));

        FoldedBase.Made made = made(archive);

        assertThat(archive.catalog(made.manifest().catalogThere()).objects())
                .extracting(object -> object.sequence().orElseThrow().lastValue())
                .containsExactly(50_000L, 3L, 1L);
    }

    private static CatalogObject sequence(long id, long last) {
        return new CatalogObject(
                "sequence",
                id,
                "public",
                "s" + id,
                List.of("CREATE SEQUENCE public.s" + id),
                CatalogObject.Stage.BEFORE_ROWS,
                List.of(),
                "owner",
                List.of(),
                Optional.empty(),
                "SEQUENCE public.s" + id,
                Optional.empty(),
                Optional.of(
                        new SequenceState(last, true, Optional.empty(), Optional.empty(), false)));
    }
}

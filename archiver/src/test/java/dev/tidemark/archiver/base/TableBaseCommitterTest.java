package dev.tidemark.archiver.base;

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
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.FaultyObjectStore;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A table of which rows were rewritten at 16; a base of it as of 40, beside an archiver. */
class TableBaseCommitterTest {
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final Table WIDER =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v"), column(3, "w")));

    @TempDir Path folder;

    private ObjectStore store;
    private WrittenArchive archiver;

    @BeforeEach
    void startAnArchive() throws IOException {
        store = new MemoryObjectStore();
        archiver = new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        archiver.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("1", "a"))));
        archiver.segment(List.of(transaction(16, rewrite()), transaction(32, insert("2", "b"))));
    }

    private static Transaction transaction(long position, Entry... entries) {
        return new Transaction(at(position), position, NOON, List.of(entries));
    }

    private static Entry rewrite(Table... tables) {
        return new Entry.Schema(
                new CatalogChange(
                                "ALTER TABLE",
                                List.of(tables),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(1L),
                                List.of(),
                                false)
                        .json());
    }

    private static Entry insert(String... row) {
        return new Entry.Row(1, Operation.INSERT, BeforeImage.NONE, List.of(), row(row));
    }

    /** The archiver goes on. */
    private void segment(Transaction... transactions) throws IOException {
        archiver.archive().refresh();
        archiver.segment(List.of(transactions));
    }

    private TableBaseCommitter committer(Archive archive) {
        return new TableBaseCommitter(archive, folder, CLOCK);
    }

    private TableBaseCommitter.Copied copied(Archive archive, Table table, List<List<Value>> rows)
            throws IOException {
        Path own = Files.createTempDirectory(folder, "base");
        BaseBuilder base = BaseBuilder.ofTables(archive, own, CLOCK);
        BaseBuilder.Part part = base.part(table, 0);
        for (List<Value> row : rows) {
            part.add(row);
        }
        part.close();
        return new TableBaseCommitter.Copied(at(40), NOON, List.of(table), base.files());
    }

    private static final List<List<Value>> ROWS = List.of(row("1", "A"), row("2", "b"));

    private List<List<Value>> latest() throws IOException {
        Archive archive = Archive.open(store);
        List<List<Value>> rows = new ArrayList<>();
        for (TableFold fold :
                Fold.run(
                                archive,
                                new Planner(archive, folder)
                                        .plan(new Target(new Moment.Latest(), false)),
                                folder,
                                changes -> {})
                        .tables()) {
            fold.rows(rows::add);
        }
        return rows;
    }

    private Table newest() throws IOException {
        Archive archive = Archive.open(store);
        return Fold.catalog(archive, archive.state().catalog().orElseThrow()).tables().getFirst();
    }

    /** Files of bases that count for nothing. */
    private List<String> garbage() throws IOException {
        Set<String> published =
                Archive.open(store).state().manifests().stream()
                        .flatMap(manifest -> manifest.files().stream())
                        .map(FileRef::name)
                        .collect(Collectors.toSet());
        return store.list("data/", "", 1_000).stream()
                .filter(name -> name.endsWith("00000.parquet") && !published.contains(name))
                .toList();
    }

    @Test
    void aBaseHasTheVersionInForceAtItsPosition() throws Exception {
        Archive archive = Archive.open(store);
        TableBaseCommitter committer = committer(archive);
        committer.begin();
        TableBaseCommitter.Copied copied = copied(archive, WIDER, List.of(row("1", "A", "x")));
        segment(transaction(36, rewrite(WIDER)), transaction(48, insert("3", "c", "y")));

        assertThat(committer.isReached(at(49))).isFalse();
        assertThat(committer.isReached(at(40))).isTrue();
        assertThat(committer.publish(copied)).extracting(Table::version).containsExactly(2);

        Manifest manifest = Archive.open(store).state().tableBases().getFirst();
        assertThat(manifest.files().getFirst().version()).isEqualTo(2);
        assertThat(newest().rewritten()).isFalse();
        assertThat(latest()).containsExactlyInAnyOrder(row("1", "A", "x"), row("3", "c", "y"));
    }

    @Test
    void whoLosesTheRaceForANumberTakesTheNext() throws Exception {
        Archive archive = Archive.open(store);
        TableBaseCommitter committer = committer(archive);
        committer.begin();
        TableBaseCommitter.Copied copied = copied(archive, DEAL, ROWS);
        segment(transaction(48, insert("3", "c"))); // the number that the committer tries first

        assertThat(committer.publish(copied)).hasSize(1);

        segment(transaction(64, insert("4", "d")));
        assertThat(latest())
                .containsExactlyInAnyOrder(
                        row("1", "A"), row("2", "b"), row("3", "c"), row("4", "d"));
        assertThat(newest().rewritten()).isFalse();
    }

    @Test
    void aTableThatWasRewrittenAgainSinceStaysUnknownAtTheEnd() throws Exception {
        Archive archive = Archive.open(store);
        TableBaseCommitter committer = committer(archive);
        committer.begin();
        TableBaseCommitter.Copied copied = copied(archive, DEAL, ROWS);
        segment(transaction(48, rewrite()));

        assertThat(committer.publish(copied)).hasSize(1);

        assertThat(newest().rewritten()).isTrue();
        assertThatThrownBy(this::latest).hasMessageContaining("are not known: ");
    }

    @Test
    void rowsWithOtherColumnsAreThrownAway() throws Exception {
        Archive archive = Archive.open(store);
        TableBaseCommitter committer = committer(archive);
        committer.begin();
        TableBaseCommitter.Copied copied = copied(archive, WIDER, List.of(row("1", "A", "x")));
        segment(transaction(48));

        assertThat(committer.publish(copied)).isEmpty();

        assertThat(Archive.open(store).state().tableBases()).isEmpty();
        assertThat(garbage()).isEmpty();
        assertThat(newest().rewritten()).isTrue();
    }

    @Test
    void onlyTheOneWhoBeganLastMayPublish() throws Exception {
        Archive first = Archive.open(store);
        TableBaseCommitter late = committer(first);
        late.begin();
        TableBaseCommitter.Copied lost = copied(first, DEAL, ROWS);
        segment(transaction(48));
        Archive second = Archive.open(store);
        committer(second).begin();
        TableBaseCommitter.Copied copied = copied(second, DEAL, ROWS);

        assertThat(late.isReached(at(40))).isTrue();
        assertThatThrownBy(() -> late.publish(lost))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("another capture began to take bases of tables in the archive memory:");
        assertThat(committer(second).publish(copied)).hasSize(1);
        assertThat(garbage()).isEmpty();
        assertThat(latest()).containsExactlyInAnyOrderElementsOf(ROWS);
    }

    @Test
    void whatIsUploadedForABaseIsNoGarbageForOthers() throws Exception {
        Archive archive = Archive.open(store);
        TableBaseCommitter committer = committer(archive);
        committer.begin();
        TableBaseCommitter.Copied copied = copied(archive, DEAL, ROWS);
        segment(transaction(48));

        Archive.open(store).collectGarbage(); // as an archiver does that starts

        assertThat(committer.publish(copied)).hasSize(1);
        assertThat(latest()).containsExactlyInAnyOrderElementsOf(ROWS);
    }

    @ParameterizedTest
    @EnumSource(FaultyObjectStore.Fault.class)
    void whereverItBreaksOffTheNextOneGoesOn(FaultyObjectStore.Fault fault) throws Exception {
        boolean hasFailed = true;
        for (int n = 1; hasFailed; n++) {
            startAnArchive();
            segment(transaction(48));
            FaultyObjectStore faulty = new FaultyObjectStore(store, n, fault);
            try {
                take(faulty);
            } catch (IOException | TidemarkException e) {
                assertThat(faulty.hasFailed()).as("%s", e).isTrue();
            }
            hasFailed = faulty.hasFailed();

            segment(transaction(64, insert("4", "d")));
            if (newest().rewritten()) {
                take(store);
            }
            String step = "call %d".formatted(n);
            assertThat(latest())
                    .as(step)
                    .containsExactlyInAnyOrder(row("1", "A"), row("2", "b"), row("4", "d"));
            assertThat(garbage()).as(step).isEmpty();
            assertThat(Archive.damage(store)).as(step).isEmpty();
        }
    }

    private void take(ObjectStore through) throws IOException {
        Archive archive = Archive.open(through);
        TableBaseCommitter committer = committer(archive);
        committer.begin();
        TableBaseCommitter.Copied copied = copied(archive, DEAL, ROWS);
        committer.publish(copied);
    }
}

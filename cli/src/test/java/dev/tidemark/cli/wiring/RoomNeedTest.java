package dev.tidemark.cli.wiring;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What something takes: the least never more than it can be, whatever the changes did. */
final class RoomNeedTest {
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));

    private record Counted(Table table, long changes, List<FileRef> files) implements TableRows {
        @Override
        public void rows(RowSink sink) {
            throw new AssertionError("nobody reads them to know what they take");
        }
    }

    private static FileRef file(FileRef.Kind kind, long bytes, long rows, int version) {
        return new FileRef("f" + bytes, kind, bytes, rows, "0".repeat(64), 1, version);
    }

    private static TableRows deals(long changes, FileRef... files) {
        return new Counted(DEAL, changes, List.of(files));
    }

    private static FileRef base(long bytes, long rows) {
        return file(FileRef.Kind.BASE, bytes, rows, 1);
    }

    @Test
    void rowsThatDidNotChangeTakeHalfOfWhatTheArchiveDoesAndAHeaderAtLeast() {
        List<TableRows> tables = List.of(deals(0, base(1_000, 10), base(500, 5)));

        assertThat(RoomNeed.of(tables, WrittenAs.DATABASE))
                .isEqualTo(new RoomNeed(750 + 15 * 28, 15_000 + 15 * 60));
        assertThat(RoomNeed.of(tables, WrittenAs.TEXT))
                .isEqualTo(new RoomNeed(750 + 15, 12_000 + 15 * 8));
        assertThat(RoomNeed.of(tables, WrittenAs.PARQUET)).isEqualTo(new RoomNeed(150, 3_000));
        assertThat(RoomNeed.of(tables, WrittenAs.DUCKDB)).isEqualTo(new RoomNeed(150, 6_060));
    }

    @Test
    void eachChangeMayHaveDeletedARowAndTheLargestOnes() {
        List<TableRows> tables = List.of(deals(4, base(1_000, 10)), deals(11, base(1_000, 10)));

        assertThat(RoomNeed.of(tables, WrittenAs.DATABASE).least()).isEqualTo(6 * 28);
    }

    @Test
    void ofRowsThatCameLaterOrHadOtherColumnsNobodyKnowsTheSize() {
        List<TableRows> tables =
                List.of(
                        deals(20, file(FileRef.Kind.CHANGES, 1_000, 20, 1)),
                        deals(0, file(FileRef.Kind.BASE, 1_000, 3, 2)));

        assertThat(RoomNeed.of(tables, WrittenAs.DATABASE).least()).isEqualTo(3 * 28);
    }

    @Test
    void maskedRowsMayBeShorterButAreAsMany() {
        List<TableRows> tables = List.of(deals(0, base(1_000, 10)));

        assertThat(RoomNeed.ofMasked(tables, WrittenAs.DATABASE).least()).isEqualTo(280);
    }

    @Test
    void eachFileLiesInTheTemporaryFolderAloneAndAsAWhole() {
        List<TableRows> tables = List.of(deals(0, base(1_000, 10)), deals(0, base(3_000, 10)));

        assertThat(RoomNeed.ofReading(tables)).isEqualTo(new RoomNeed(3_000, 3_000));
        assertThat(RoomNeed.ofReading(List.of())).isEqualTo(RoomNeed.NOTHING);
    }

    @Test
    void aPlanTellsWhatItsJournalsTakeAndGuessesTheRest(@TempDir Path folder) throws Exception {
        RestorePlan plan = plan(folder);
        long journal = plan.segments().getFirst().file(FileRef.Kind.JOURNAL).orElseThrow().bytes();
        long base = plan.baseFiles().getFirst().bytes();

        assertThat(RoomNeed.ofReading(plan, 200)).isEqualTo(new RoomNeed(journal, journal));
        assertThat(RoomNeed.ofReading(plan, 199))
                .isEqualTo(new RoomNeed(journal, journal + plan.segments().getFirst().dataBytes()));
        assertThat(RoomNeed.ofDatabase(plan)).isEqualTo(new RoomNeed(0, base * 10 + 2 * 60));
        assertThat(RoomNeed.ofServer(plan))
                .isEqualTo(new RoomNeed(32L << 20, (200L << 20) + base * 10 + 2 * 60));
    }

    /** One row in the base, and one that came after it. */
    private static RestorePlan plan(Path folder) throws Exception {
        Archive archive = Archive.create(new MemoryObjectStore(), Samples.IDENTITY);
        WrittenArchive written = new WrittenArchive(archive, folder);
        written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("0", "a"))));
        written.segment(
                List.of(
                        new WrittenArchive.Transaction(
                                at(10),
                                10,
                                NOON.plusSeconds(1),
                                List.of(
                                        new Entry.Row(
                                                1,
                                                Operation.INSERT,
                                                BeforeImage.NONE,
                                                List.of(),
                                                row("1", "b"))))));
        return new Planner(archive, folder).plan(new Target(new Moment.Latest(), false));
    }
}

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
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.TableInSegment.Placed;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a segment tells of a table comes in the order in which it was committed. */
class TableInSegmentTest {
    private static final Table CONTACT = plain(1, "contact");
    private static final Table DEAL = plain(2, "deal");
    private static final String KEY = "7";
    private static final int KEYS = 9;

    @TempDir Path folder;

    private static Table plain(long id, String name) {
        return table(id, name, List.of(1), List.of(column(1, "id"), column(2, "name")));
    }

    /** Read at once or not, by how many rows it has and how large they are. */
    @ParameterizedTest
    @CsvSource({"80, 10", "4000, 10", "160, 100000"})
    void rowsAndWhatIsSaidOfTheWholeTableAreInOrder(int changes, int length) throws IOException {
        Random random = new Random(changes + length);
        List<Transaction> transactions = new ArrayList<>();
        List<Entry> expected = new ArrayList<>();
        for (int n = 1; n <= changes / 8; n++) {
            List<Entry> entries = Stream.generate(() -> entry(random, length)).limit(8).toList();
            entries.stream().filter(TableInSegmentTest::isOfTheRow).forEach(expected::add);
            transactions.add(new Transaction(at(10L + n), n, NOON.plusSeconds(n), entries));
        }
        Archive archive = Archive.create(new MemoryObjectStore(), Samples.IDENTITY);
        WrittenArchive written = new WrittenArchive(archive, folder);
        written.base(at(1), Instant.EPOCH, catalog(CONTACT, DEAL), Map.of());
        Manifest segment = written.segment(transactions);

        List<Placed> told = new ArrayList<>();
        try (TableInSegment part = TableInSegment.open(archive, segment, 1, folder)) {
            Set<List<Value>> keys = Set.of(List.of(Value.text(KEY)));
            told.addAll(part.rows(keys, version -> Optional.of(CONTACT)));
            told.addAll(part.whole());
        }
        told.sort(null);

        assertThat(expected).hasAtLeastOneElementOfType(Entry.Truncate.class);
        assertThat(told.stream().map(one -> one.change().entry()).toList()).isEqualTo(expected);
    }

    private static Entry entry(Random random, int length) {
        long of = 1L + random.nextInt(2);
        return random.nextInt(KEYS) == 0
                ? new Entry.Truncate(List.of(of), false, false)
                : new Entry.Row(
                        of,
                        Operation.INSERT,
                        BeforeImage.NONE,
                        List.of(),
                        row(Integer.toString(random.nextInt(KEYS)), "x".repeat(length)));
    }

    private static boolean isOfTheRow(Entry entry) {
        return switch (entry) {
            case Entry.Truncate truncate -> truncate.tables().contains(1L);
            case Entry.Row row ->
                    row.table() == 1 && row.after().getFirst().equals(Value.text(KEY));
            default -> false;
        };
    }
}

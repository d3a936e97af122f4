package dev.tidemark.archive.parquet;

import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Of a file of changes that is read in part, what is read is what reading all of it gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChosenChangesTest {
    private static final int LINES = 60_000; // in several row groups
    private static final int TRANSACTIONS = 5_000;
    private static final List<BeforeImage> IMAGES = List.of(BeforeImage.values());
    private static final Table TABLE =
            table(
                    1,
                    "deal",
                    List.of(2, 1),
                    List.of(
                            column(1, "id", "integer", Optional.empty()),
                            column(2, "tenant", "text", Optional.empty()),
                            column(3, "seen", "timestamp without time zone", Optional.empty()),
                            column(4, "hot", "boolean", Optional.empty()),
                            column(5, "note", "text", Optional.empty())));

    private final Random random = new Random(20261130);
    private Path file = Path.of("");
    private List<SortedChange> all = List.of();

    @BeforeAll
    void write(@TempDir Path folder) throws Exception {
        file = folder.resolve("changes.parquet");
        ChangesWriter writer = ChangesWriter.create(file, TABLE);
        for (int line = 0; line < LINES; line++) {
            int changes = 1 + random.nextInt(5);
            for (int n = 0; n < changes; n++) {
                writer.add(change(line, n, n * TRANSACTIONS / changes));
            }
        }
        writer.close();
        all = read(ChangesReader.open(file, any -> true));
    }

    private SortedChange change(int line, int n, int least) {
        boolean isBefore = n == 0 && random.nextInt(4) == 0;
        int id = random.nextInt(50) == 0 ? random.nextInt(LINES) : line;
        return new SortedChange(
                least + random.nextInt(TRANSACTIONS / 5),
                line + n,
                n == 0,
                isBefore ? Optional.empty() : Optional.of(Operation.UPDATE),
                IMAGES.get(random.nextInt(IMAGES.size())),
                random.nextInt(3) == 0 ? List.of(0, 1) : List.of(),
                random.nextInt(9) == 0 ? List.of(3, 4) : List.of(),
                List.of(
                        Value.text("" + id),
                        Value.text("tenant " + line % 7),
                        seen(),
                        random.nextBoolean() ? Value.text("t") : Value.Mark.NULL,
                        note(line)));
    }

    private Value seen() {
        return switch (random.nextInt(4)) {
            case 0 -> Value.text("infinity");
            case 1 -> Value.Mark.NULL;
            case 2 -> Value.Mark.UNKNOWN;
            default -> Value.text("2026-01-%02d 10:00:00".formatted(1 + random.nextInt(28)));
        };
    }

    private Value note(int line) {
        return random.nextInt(3) == 0
                ? Value.Mark.NULL
                : Value.text("note %d of %d".formatted(random.nextInt(), line));
    }

    @Test
    void theChangesOfSomeTransactionsComeWithThoseThatStandBeforeThem() throws Exception {
        for (int transactions : new int[] {1, 20, TRANSACTIONS}) {
            Set<Integer> wanted = new HashSet<>();
            random.ints(transactions, 0, TRANSACTIONS).forEach(wanted::add);

            List<SortedChange> some = read(ChangesReader.open(file, wanted::contains));

            assertThat(all).as("%d transactions", transactions).containsSubsequence(some);
            assertThat(some).containsSubsequence(withThoseBefore(wanted));
            assertThat(some.size())
                    .as("%d of %d were asked for", wanted.size(), TRANSACTIONS)
                    .isLessThanOrEqualTo(10 + all.size() * 3 * wanted.size() / TRANSACTIONS);
        }
    }

    private List<SortedChange> withThoseBefore(Set<Integer> wanted) {
        return IntStream.range(0, all.size())
                .filter(
                        at ->
                                wanted.contains(all.get(at).transaction())
                                        || (at + 1 < all.size()
                                                && !all.get(at + 1).isFirst()
                                                && wanted.contains(all.get(at + 1).transaction())))
                .mapToObj(all::get)
                .toList();
    }

    @Test
    void theLinesOfSomeRowsComeWholeHoweverManyTheyAre() throws Exception {
        for (int keys : new int[] {1, 50, 5_000}) {
            Set<List<Value>> wanted = new HashSet<>();
            random.ints(keys, 0, LINES)
                    .forEach(
                            id ->
                                    wanted.add(
                                            List.of(
                                                    Value.text("tenant " + id % 7),
                                                    Value.text("" + id))));

            int transactions = random.nextInt(TRANSACTIONS);

            List<SortedChange> some =
                    read(ChangesReader.ofLines(file, transactions, TABLE, wanted));

            List<SortedChange> whole = all.stream().map(ChosenChangesTest::untold).toList();
            assertThat(whole).as("%d keys", keys).containsSubsequence(some);
            assertThat(some)
                    .as("%d keys", keys)
                    .containsSubsequence(ends(whole, transactions, wanted));
            assertThat(some.size()).isLessThan(whole.size() / 2);
        }
    }

    @Test
    void ofEachLineTheFirstAndTheLastThatCountsAreRead() throws Exception {
        for (int transactions : new int[] {1, TRANSACTIONS / 2, Integer.MAX_VALUE}) {
            List<SortedChange> some = read(ChangesReader.ofLines(file, transactions));

            List<SortedChange> whole = all.stream().map(ChosenChangesTest::untold).toList();
            assertThat(whole).as("%d transactions", transactions).containsSubsequence(some);
            assertThat(some)
                    .as("%d transactions", transactions)
                    .containsSubsequence(ends(whole, transactions, Set.of()));
            assertThat(some.size()).isLessThan(whole.size() * 4 / 5);
        }
    }

    private static SortedChange untold(SortedChange change) {
        return new SortedChange(
                change.transaction(),
                0,
                change.isFirst(),
                change.operation(),
                BeforeImage.NONE,
                List.of(),
                List.of(),
                change.fields());
    }

    /**
     * The first and the last change that count of lines with a row that has one of some keys, or of
     * all.
     */
    private static List<SortedChange> ends(
            List<SortedChange> whole, int transactions, Set<List<Value>> keys) {
        List<SortedChange> found = new ArrayList<>();
        for (int from = 0; from < whole.size(); ) {
            int to = from + 1;
            while (to < whole.size() && !whole.get(to).isFirst()) {
                to++;
            }
            List<SortedChange> line = whole.subList(from, to);
            List<SortedChange> counting =
                    line.stream().filter(change -> change.transaction() < transactions).toList();
            boolean isWanted =
                    keys.isEmpty()
                            || line.stream()
                                    .map(SortedChange::fields)
                                    .anyMatch(
                                            row -> keys.contains(List.of(row.get(1), row.get(0))));
            if (isWanted && !counting.isEmpty()) {
                found.add(counting.getFirst());
                if (counting.size() > 1) {
                    found.add(counting.getLast());
                }
            }
            from = to;
        }
        return found;
    }

    private static List<SortedChange> read(ChangesReader reader) throws Exception {
        List<SortedChange> read = new ArrayList<>();
        try (reader) {
            reader.forEachRemaining(read::add);
        }
        return read;
    }
}

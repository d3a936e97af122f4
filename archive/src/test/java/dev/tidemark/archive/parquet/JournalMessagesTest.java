package dev.tidemark.archive.parquet;

import static dev.tidemark.archive.Samples.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.parquet.JournalMessages.Said;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages are found among many pages of other changes, whatever page they are in. */
class JournalMessagesTest {
    private static final int TRANSACTIONS = 12_000; // some pages of each column

    @TempDir private Path folder;

    /** Some changes in each of many transactions; one in three says something. */
    private static List<Change> changes(Random random) {
        List<Change> changes = new ArrayList<>();
        for (int in = 0; in < TRANSACTIONS; in++) {
            int transaction = in;
            IntStream.range(0, random.nextInt(10))
                    .mapToObj(n -> change(transaction, random))
                    .forEach(changes::add);
        }
        return changes;
    }

    private static Change change(int transaction, Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> said(transaction, new Entry.Message("context", "{} " + random.nextLong()));
            case 1 -> said(transaction, new Entry.Schema("{}"));
            case 2 -> said(transaction, new Entry.Sequences("[]"));
            default ->
                    new Change(
                            transaction,
                            1,
                            new Entry.Row(
                                    16384,
                                    Operation.INSERT,
                                    BeforeImage.NONE,
                                    List.of(),
                                    row("" + random.nextInt(), "Anna")));
        };
    }

    private static Change said(int transaction, Entry entry) {
        return new Change(transaction, 0, entry);
    }

    private static List<Said> expected(List<Change> changes, Set<Integer> wanted) {
        return changes.stream()
                .filter(change -> wanted.contains(change.transaction()))
                .filter(change -> change.entry() instanceof Entry.Message)
                .map(
                        change -> {
                            Entry.Message message = (Entry.Message) change.entry();
                            return new Said(
                                    change.transaction(), message.prefix(), message.content());
                        })
                .toList();
    }

    private static List<Said> read(JournalMessages messages) throws IOException {
        List<Said> read = new ArrayList<>();
        try (messages) {
            messages.forEachRemaining(read::add);
        }
        return read;
    }

    private void check(Path journal, List<Change> changes, Random random) throws IOException {
        Set<Integer> all = IntStream.range(0, TRANSACTIONS).boxed().collect(Collectors.toSet());
        assertThat(read(JournalMessages.open(journal))).isEqualTo(expected(changes, all));
        for (int count : List.of(0, 1, 2, 50, 1_500)) {
            Set<Integer> wanted = new TreeSet<>();
            IntStream.range(0, count).forEach(n -> wanted.add(random.nextInt(TRANSACTIONS)));

            assertThat(read(JournalMessages.open(journal, wanted)))
                    .as("of %d", count)
                    .isEqualTo(expected(changes, wanted));
        }
    }

    @Test
    void ofAJournal() throws Exception {
        Random random = new Random(7);
        List<Change> changes = changes(random);
        JournalWriter writer = JournalWriter.create(folder.resolve("journal.parquet"));
        for (Change change : changes) {
            writer.add(change);
        }

        check(writer.close(), changes, random);
    }

    @Test
    void ofTheJournalOfAMergedSegment() throws Exception {
        Random random = new Random(8);
        List<Change> changes =
                changes(random).stream()
                        .filter(change -> !(change.entry() instanceof Entry.Row))
                        .toList();
        JournalWriter writer = JournalWriter.createRest(folder.resolve("journal.parquet"));
        for (Change change : changes) {
            writer.add(change, 0);
        }

        check(writer.close(), changes, random);
    }

    @Test
    void ofAnEmptyJournal() throws Exception {
        Path journal = JournalWriter.create(folder.resolve("journal.parquet")).close();

        assertThat(read(JournalMessages.open(journal))).isEmpty();
        assertThat(read(JournalMessages.open(journal, Set.of(0)))).isEmpty();
    }
}

package dev.tidemark.archive.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of many transactions only the row groups are read in which the sought ones may be. */
class TransactionsTest {
    private static final int COUNT = 600_000; // some row groups
    private static final int SOUGHT = 5;
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final Random random = new Random(20261130);

    @TempDir private Path folder;

    @Test
    void whatIsSoughtIsFoundWhateverIsPassedOver() throws IOException {
        List<TransactionRecord> all = transactions();
        Path file = TransactionsWriter.write(folder.resolve("transactions.parquet"), all);

        for (int n = 0; n < SOUGHT; n++) {
            TransactionRecord at = all.get(random.nextInt(COUNT));
            assertFound(
                    all,
                    file,
                    one -> !one.position().isAfter(at.position()),
                    bounds -> !bounds.last().isAfter(at.position()));
            assertFound(
                    all,
                    file,
                    one -> !one.commitTime().isAfter(at.commitTime()),
                    bounds -> !bounds.latest().isAfter(at.commitTime()));
            assertThat(withXid(file, at.xid()))
                    .isEqualTo(all.stream().filter(one -> one.xid() == at.xid()).toList());
        }
        assertFound(all, file, none -> false, bounds -> false);
        assertThat(assertFound(all, file, one -> true, bounds -> true))
                .as("the last row group alone")
                .isLessThan(COUNT / 2);
        assertNamed(all, file);
    }

    private void assertNamed(List<TransactionRecord> all, Path file) throws IOException {
        SortedSet<Integer> sought = new TreeSet<>(List.of(0, 1, COUNT - 1));
        Map<Integer, Committed> expected = new TreeMap<>();
        for (int n = 0; n < SOUGHT; n++) {
            sought.add(random.nextInt(COUNT));
        }
        for (int index : sought) {
            TransactionRecord one = all.get(index);
            expected.put(index, new Committed(index, one.position(), one.xid(), one.commitTime()));
        }

        assertThat(CommittedReader.read(file, sought)).isEqualTo(expected);
        assertThat(CommittedReader.read(file, new TreeSet<>(List.of(COUNT)))).isEmpty();
    }

    private static List<TransactionRecord> withXid(Path file, long xid) throws IOException {
        List<TransactionRecord> found = new ArrayList<>();
        try (TransactionsReader reader = TransactionsReader.open(file)) {
            reader.passOver(bounds -> !bounds.mayHold(xid));
            while (reader.hasNext()) {
                TransactionRecord next = reader.next();
                if (next.xid() == xid) {
                    found.add(next);
                }
                reader.passOver(bounds -> !bounds.mayHold(xid));
            }
        }
        return found;
    }

    /** How many were read to find it. */
    private static long assertFound(
            List<TransactionRecord> all,
            Path file,
            Predicate<TransactionRecord> isIn,
            Predicate<TransactionsReader.Bounds> areIn)
            throws IOException {
        int end = 0;
        while (end < all.size() && isIn.test(all.get(end))) {
            end++;
        }
        Optional<TransactionRecord> last = Optional.empty();
        Optional<TransactionRecord> next = Optional.empty();
        long read = 0;
        try (TransactionsReader reader = TransactionsReader.open(file)) {
            reader.passOver(areIn);
            while (reader.hasNext() && next.isEmpty()) {
                TransactionRecord one = reader.next();
                read++;
                if (isIn.test(one)) {
                    last = Optional.of(one);
                } else {
                    next = Optional.of(one);
                }
            }
        }
        assertThat(last).isEqualTo(end == 0 ? Optional.empty() : Optional.of(all.get(end - 1)));
        assertThat(next).isEqualTo(end == COUNT ? Optional.empty() : Optional.of(all.get(end)));
        return read;
    }

    /** Clocks jump, and ids are not in the order of commits. */
    private List<TransactionRecord> transactions() {
        List<TransactionRecord> all = new ArrayList<>(COUNT);
        byte[] digest = new byte[32];
        Position before = new Position(0);
        for (int index = 0; index < COUNT; index++) {
            random.nextBytes(digest);
            Position position = new Position(before.value() + 1 + random.nextInt(1000));
            Instant time = NOON.plusMillis(index).minusMillis(random.nextInt(50_000));
            all.add(
                    new TransactionRecord(
                            index,
                            position,
                            before,
                            1000 + index / 2 + random.nextInt(100),
                            time,
                            1,
                            index,
                            HexFormat.of().formatHex(digest)));
            before = position;
        }
        return all;
    }
}

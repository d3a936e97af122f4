package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;

/** What names single transactions of a segment that may have millions. */
public final class CommittedReader {
    private CommittedReader() {}

    /**
     * What names some of them, by the index, which is their place in the file: nothing is read of
     * other columns, nor of row groups that they are not in. What is read is checked by the sums
     * that the file has of its pages.
     *
     * @return fewer than were asked for when the file has no more
     */
    public static Map<Integer, Committed> read(Path path, SortedSet<Integer> indexes)
            throws IOException {
        Map<Integer, Committed> found = new HashMap<>();
        Chosen chosen = new Chosen(indexes);
        try (ParquetRows<Optional<Committed>> rows =
                ParquetRows.openChecked(path, Chosen::columns, chosen::groups, chosen::records)) {
            while (rows.hasNext()) {
                rows.next().ifPresent(one -> found.put(one.index(), one));
            }
        }
        return found;
    }

    /** Some transactions, of the row groups in which they are. */
    private static final class Chosen {
        private static final List<String> READ = List.of("position", "xid", "commit_time");

        private final SortedSet<Integer> indexes;
        private final Deque<Integer> firsts = new ArrayDeque<>(); // of the row groups to come

        Chosen(SortedSet<Integer> indexes) {
            this.indexes = indexes;
        }

        static MessageType columns(MessageType all) {
            return new MessageType(all.getName(), READ.stream().map(all::getType).toList());
        }

        List<Integer> groups(ParquetFileReader file) {
            List<Integer> wanted = new ArrayList<>();
            int first = 0;
            for (int group = 0; group < file.getRowGroups().size(); group++) {
                int next = Math.toIntExact(first + file.getRowGroups().get(group).getRowCount());
                if (!indexes.subSet(first, next).isEmpty()) {
                    wanted.add(group);
                    firsts.add(first);
                }
                first = next;
            }
            return wanted;
        }

        Supplier<Optional<Committed>> records(MessageType schema, PageReadStore pages) {
            int first = firsts.removeFirst();
            int end = Math.toIntExact(first + pages.getRowCount());
            return new Names(schema, pages, first, indexes.subSet(first, end));
        }
    }

    /** The wanted ones of a row group. */
    private static final class Names implements Supplier<Optional<Committed>> {
        private final NumberPages[] numbers;
        private final SortedSet<Integer> indexes;
        private int at;
        private long behind; // records that were not passed over yet

        Names(MessageType schema, PageReadStore pages, int first, SortedSet<Integer> indexes) {
            this.numbers =
                    schema.getColumns().stream()
                            .map(one -> new NumberPages(one, pages.getPageReader(one)))
                            .toArray(NumberPages[]::new);
            this.indexes = indexes;
            this.at = first;
        }

        @Override
        public Optional<Committed> get() {
            int index = at++;
            if (!indexes.contains(index)) {
                behind++;
                return Optional.empty();
            }
            for (NumberPages column : numbers) {
                column.skip(behind);
            }
            behind = 0;
            return Optional.of(
                    new Committed(
                            index,
                            new Position(numbers[0].next()),
                            numbers[1].next(),
                            Instant.EPOCH.plus(numbers[2].next(), ChronoUnit.MICROS)));
        }
    }
}

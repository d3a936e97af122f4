package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.parquet.ChangesReader;
import dev.tidemark.archive.parquet.ChangesWriter;
import dev.tidemark.archive.parquet.SortedChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines are read whole, also where they go over the end of a row group. */
class WantedLinesTest {
    private static final int LINES = 30;
    private static final int WIDE = 1 << 20; // of random digits: some 30 rows fill a row group
    private static final Table TABLE =
            table(
                    1,
                    "deal",
                    List.of(1),
                    List.of(
                            column(1, "id", "integer", Optional.empty()),
                            column(2, "v", "text", Optional.empty())));

    @TempDir Path folder;

    @Test
    void everyLineThatTouchesAKeyComesWholeAndOthersAreLeftUnread() throws Exception {
        Path file = folder.resolve("changes.parquet");
        write(file);
        List<RowLine> all = lines(ChangesReader.ofLines(file, Integer.MAX_VALUE));
        int read = 0;
        for (int key = 0; key < LINES; key++) {
            List<Value> wanted = List.of(Value.text("" + key));
            List<RowLine> some =
                    lines(ChangesReader.ofLines(file, Integer.MAX_VALUE, TABLE, Set.of(wanted)));
            read += some.size();
            assertThat(all).as("key %d", key).containsAll(some);
            assertThat(some)
                    .as("key %d", key)
                    .containsAll(all.stream().filter(line -> touches(line, wanted)).toList());
        }
        assertThat(all).hasSize(LINES);
        assertThat(read).as("lines that were read").isLessThan(LINES * LINES);
    }

    /** The row of each line gets another key now and then, and comes back. */
    private static void write(Path file) throws Exception {
        Random random = new Random(11);
        ChangesWriter writer = ChangesWriter.create(file, TABLE);
        for (int key = 0; key < LINES; key++) {
            for (int n = 0; n < 3 + key % 3; n++) {
                int now = n == 0 || random.nextInt(4) > 0 ? key : (key + 7) % LINES;
                byte[] wide = new byte[WIDE / 2];
                random.nextBytes(wide);
                writer.add(
                        new SortedChange(
                                n,
                                key,
                                n == 0,
                                Optional.of(Operation.UPDATE),
                                BeforeImage.NONE,
                                List.of(),
                                List.of(),
                                List.of(
                                        Value.text("" + now),
                                        Value.text(HexFormat.of().formatHex(wide)))));
            }
        }
        writer.close();
    }

    private static List<RowLine> lines(ChangesReader reader) throws Exception {
        List<RowLine> lines = new ArrayList<>();
        try (reader) {
            new RowLine.Reader(reader, Integer.MAX_VALUE)
                    .forEachRemaining(
                            line ->
                                    lines.add(
                                            new RowLine(
                                                    line.first(), line.start(), line.end(), 0)));
        }
        return lines;
    }

    private static boolean touches(RowLine line, List<Value> key) {
        return line.first().getFirst().equals(key.getFirst())
                || line.end().filter(row -> row.getFirst().equals(key.getFirst())).isPresent();
    }
}

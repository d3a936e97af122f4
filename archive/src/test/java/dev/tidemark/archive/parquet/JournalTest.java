package dev.tidemark.archive.parquet;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.row;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
    private static final Value EMPTY = Value.text("");
    private static final Value NULL = Value.Mark.NULL;
    private static final Value UNCHANGED = Value.Mark.UNCHANGED;
    private static final Value UNKNOWN = Value.Mark.UNKNOWN;

    @TempDir Path folder;

    private static Change change(Operation operation, List<Value> before, List<Value> after) {
        BeforeImage image =
                before.isEmpty()
                        ? BeforeImage.NONE
                        : before.contains(UNKNOWN) ? BeforeImage.KEY : BeforeImage.FULL;
        return new Change(0, 1, new Entry.Row(16384, operation, image, before, after));
    }

    private static Change change(Entry entry) {
        return new Change(0, 0, entry);
    }

    private List<Change> writtenAndRead(List<Change> changes) throws IOException {
        Path file = folder.resolve("journal.parquet");
        JournalWriter writer = JournalWriter.create(file);
        for (Change change : changes) {
            writer.add(change);
        }
        assertThat(writer.rows()).isEqualTo(changes.size());
        writer.close();
        List<Change> read = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(file)) {
            reader.forEachRemaining(read::add);
        }
        assertThat(some(JournalReader.openRest(file)))
                .as("what is no row")
                .isEqualTo(changes.stream().filter(change -> !isRow(change)).toList());
        JournalReader.Wanted even = (table, transaction) -> table % 2 == 0;
        assertThat(some(JournalReader.open(file, even)))
                .as("what is no row of a table with an odd number")
                .isEqualTo(
                        changes.stream()
                                .filter(change -> !isRow(change) || even.is(table(change), 0))
                                .toList());
        Files.delete(file);
        return read;
    }

    private static List<Change> some(JournalReader reader) throws IOException {
        List<Change> read = new ArrayList<>();
        try (reader) {
            reader.forEachRemaining(read::add);
        }
        return read;
    }

    private static boolean isRow(Change change) {
        return change.entry() instanceof Entry.Row;
    }

    private static long table(Change change) {
        return ((Entry.Row) change.entry()).table();
    }

    private static String digest(List<Change> changes) {
        ChangeDigest digest = new ChangeDigest();
        changes.forEach(digest::add);
        return digest.finish();
    }

    private void assertComesBack(List<Change> changes) throws IOException {
        List<Change> read = writtenAndRead(changes);

        assertThat(read).isEqualTo(changes);
        assertThat(digest(read)).isEqualTo(digest(changes));
    }

    @Test
    void everyKindOfEntryComesBack() throws IOException {
        assertComesBack(
                List.of(
                        change(Operation.INSERT, List.of(), row("1", "Anna")),
                        change(Operation.UPDATE, List.of(), row("1", "Änne")),
                        change(Operation.UPDATE, row("1", "Änne"), row("2", "null")),
                        change(Operation.DELETE, row("2", "null"), List.of()),
                        new Change(1, 3, new Entry.Truncate(List.of(16384L), false, false)),
                        change(new Entry.Schema("{\"command\":\"ALTER TABLE\"}")),
                        change(new Entry.Sequences("[]")),
                        change(new Entry.Heartbeat(NOON.plusNanos(1_000))),
                        change(new Entry.Message("note", "with spaces and\nlines")),
                        change(new Entry.Message("note", ""))));
    }

    @Test
    void emptyNullUnchangedAndUnknownAreFourThings() throws IOException {
        assertComesBack(
                List.of(
                        change(
                                Operation.UPDATE,
                                List.of(Value.text("1"), UNKNOWN, UNKNOWN, UNKNOWN),
                                List.of(Value.text("2"), UNCHANGED, NULL, EMPTY)),
                        change(
                                Operation.UPDATE,
                                List.of(EMPTY, NULL, NULL, EMPTY),
                                List.of(EMPTY, NULL, EMPTY, NULL)),
                        change(
                                Operation.UPDATE,
                                List.of(),
                                List.of(UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED)),
                        change(Operation.DELETE, List.of(EMPTY, UNKNOWN), List.of())));
    }

    @Test
    void digestsTellEmptyNullUnchangedAndUnknownApart() {
        List<String> digests = new ArrayList<>();
        for (Value value : List.of(EMPTY, NULL, UNCHANGED, UNKNOWN, Value.text("null"))) {
            digests.add(
                    digest(List.of(change(Operation.INSERT, List.of(), List.of(value, EMPTY)))));
            digests.add(
                    digest(List.of(change(Operation.INSERT, List.of(), List.of(EMPTY, value)))));
        }
        assertThat(digests)
                .hasSize(10)
                .satisfies(all -> assertThat(all.stream().distinct()).hasSize(9));
    }

    @Test
    void aDigestIsWhatTheFormatSays() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        text(out, "UPDATE");
        out.writeLong(16384);
        out.writeLong(1);
        text(out, "KEY");
        out.writeLong(2);
        text(out, "ä");
        out.writeLong(-3);
        out.writeLong(3);
        text(out, "");
        out.writeLong(-1);
        out.writeLong(-2);
        text(out, "TRUNCATE");
        out.writeLong(16384);
        out.writeLong(2);
        text(out, "MESSAGE");
        out.writeLong(0);
        out.writeLong(0);
        text(out, "note it");

        String digest =
                digest(
                        List.of(
                                change(
                                        Operation.UPDATE,
                                        List.of(Value.text("ä"), UNKNOWN),
                                        List.of(EMPTY, NULL, UNCHANGED)),
                                new Change(0, 2, new Entry.Truncate(List.of(16384L), true, true)),
                                change(new Entry.Message("note", "it"))));

        byte[] expected = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        assertThat(digest).isEqualTo(HexFormat.of().formatHex(expected));
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(UTF_8);
        out.writeLong(utf8.length);
        out.write(utf8);
    }

    @Test
    void longValuesAndControlCharactersComeBack() throws IOException {
        byte[] large = new byte[1024 * 1024];
        new Random(1).nextBytes(large);
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (large[i] & 0x7F);
        }
        String controls =
                IntStream.range(0, 32)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .append("\u007f\u0085\u2028\ufeff😀")
                        .toString();
        assertComesBack(
                List.of(
                        change(
                                Operation.INSERT,
                                List.of(),
                                List.of(new Value.Text(large), Value.text(controls)))));
    }

    @Test
    void rowsOfAsManyColumnsAsPostgresHasComeBack() throws IOException {
        List<Value> wide = new ArrayList<>();
        for (int i = 0; i < 1_600; i++) {
            wide.add(
                    switch (i % 3) {
                        case 0 -> NULL;
                        case 1 -> UNCHANGED;
                        default -> Value.text("v" + i);
                    });
        }
        Value[] key = new Value[1_600];
        Arrays.fill(key, UNKNOWN);
        key[2] = Value.text("v2");
        assertComesBack(List.of(change(Operation.UPDATE, Arrays.asList(key), wide)));
    }

    @Test
    void rowsWithoutColumnsComeBack() throws IOException {
        assertComesBack(
                List.of(
                        change(Operation.INSERT, List.of(), List.of()),
                        change(Operation.INSERT, List.of(), row("1")),
                        change(Operation.INSERT, List.of(), List.of())));
    }

    @Test
    void anEmptyJournalIsAFileWithoutChanges() throws IOException {
        assertComesBack(List.of());
    }

    @Test
    void randomChangesComeBackOverManyRowGroups() throws IOException {
        Random random = new Random(7);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            byte[] noise = new byte[100_000];
            random.nextBytes(noise);
            for (int n = 0; n < noise.length; n++) {
                noise[n] = (byte) (32 + (noise[n] & 0x3F));
            }
            changes.add(
                    new Change(
                            i / 3,
                            1 + i % 2,
                            new Entry.Row(
                                    i % 5,
                                    Operation.INSERT,
                                    BeforeImage.NONE,
                                    List.of(),
                                    List.of(new Value.Text(noise), NULL))));
        }
        assertComesBack(changes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 1_000, 30_000})
    void whatIsNoRowComesBackFromAmongManyRows(int rowsBetween) throws IOException {
        for (boolean isTruncating : List.of(false, true)) {
            Random random = new Random(rowsBetween);
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 50_000; i++) {
                boolean isRow = random.nextInt(rowsBetween + 1) != 0;
                Entry entry = isRow ? randomRow(random) : randomRest(random, isTruncating);
                changes.add(new Change(i / 7, isRow ? 1 + random.nextInt(3) : 0, entry));
            }
            assertComesBack(changes);
        }
    }

    private static Entry randomRow(Random random) {
        List<Value> row = row(Integer.toString(random.nextInt()), "text");
        Operation[] kinds = {Operation.INSERT, Operation.UPDATE, Operation.DELETE};
        Operation kind = kinds[random.nextInt(kinds.length)];
        boolean isDelete = kind == Operation.DELETE;
        return new Entry.Row(
                16384 + random.nextInt(4),
                kind,
                isDelete ? BeforeImage.FULL : BeforeImage.NONE,
                isDelete ? row : List.of(),
                isDelete ? List.of() : row);
    }

    private static Entry randomRest(Random random, boolean isTruncating) {
        return switch (random.nextInt(isTruncating ? 4 : 3)) {
            case 0 -> new Entry.Message("look", "n" + random.nextInt());
            case 1 -> new Entry.Schema("{}");
            case 2 -> new Entry.Sequences("[]");
            default -> new Entry.Truncate(List.of(16384L), false, false);
        };
    }

    @Test
    void transactionsComeBack() throws IOException {
        List<TransactionRecord> transactions =
                List.of(
                        new TransactionRecord(
                                0,
                                at(-1),
                                at(5),
                                4711,
                                NOON.plusNanos(999_000),
                                3,
                                42,
                                digest(List.of())),
                        new TransactionRecord(
                                1,
                                at(7),
                                at(-1),
                                0xFFFF_FFFFL,
                                NOON.minusSeconds(60),
                                0,
                                43,
                                "ff".repeat(32)));
        Path file = TransactionsWriter.write(folder.resolve("transactions.parquet"), transactions);

        assertThat(TransactionsReader.read(file)).isEqualTo(transactions);
    }

    @Test
    void baseRowsComeBack() throws IOException {
        List<Column> columns = List.of(Samples.column(1, "id"), Samples.column(4, "name"));
        List<List<Value>> rows =
                List.of(row("1", "null"), row("2", ""), row("null", "null"), row("", "x\ty"));
        assertThat(baseWrittenAndRead(columns, rows)).isEqualTo(rows);
    }

    @Test
    void baseRowsWithoutColumnsComeBack() throws IOException {
        List<List<Value>> rows = List.of(List.of(), List.of(), List.of());
        assertThat(baseWrittenAndRead(List.of(), rows)).isEqualTo(rows);
    }

    private List<List<Value>> baseWrittenAndRead(List<Column> columns, List<List<Value>> rows)
            throws IOException {
        Path file = folder.resolve("base.parquet");
        BaseWriter writer = BaseWriter.create(file, Samples.table(1, "t", List.of(), columns));
        for (List<Value> row : rows) {
            writer.add(row);
        }
        writer.close();
        List<List<Value>> read = new ArrayList<>();
        try (BaseReader reader = BaseReader.open(file, columns.size())) {
            reader.forEachRemaining(read::add);
        }
        return read;
    }

    @Test
    void aDamagedJournalIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("journal.parquet"), "PAR1 no Parquet PAR1");

        assertThatThrownBy(
                        () -> {
                            try (JournalReader reader = JournalReader.open(file)) {
                                reader.forEachRemaining(change -> {});
                            }
                        })
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith("cannot read the Parquet file " + file + ": ");
    }
}

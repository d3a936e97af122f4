package dev.tidemark.replay.query;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A small archive of contacts, and questions to it. */
final class AskedArchive {
    static final Limits LIMITS = new Limits(256L << 20, 1L << 30, Duration.ofMinutes(2), 1_000);

    private static final Table CONTACT =
            table(
                    1,
                    "contact",
                    List.of(1),
                    List.of(
                            column(1, "id", "integer", Optional.empty()),
                            column(2, "name", "text", Optional.empty()),
                            column(3, "born", "date", Optional.empty())));
    private static final Table LATER =
            table(
                    1,
                    "contact",
                    List.of(1),
                    List.of(
                            column(1, "id", "integer", Optional.empty()),
                            column(2, "full name", "text", Optional.empty()),
                            column(3, "born", "date", Optional.empty()),
                            column(4, "owed", "numeric(10,2)", Optional.of("0.00"))));
    private static final Table NOTE =
            table(2, "note", List.of(), List.of(column(1, "text", "text", Optional.empty())));

    private final WrittenArchive written;
    private final Path folder;
    private final List<String> warnings = new ArrayList<>();

    private AskedArchive(WrittenArchive written, Path folder) {
        this.written = written;
        this.folder = folder;
    }

    /**
     * With a base of two contacts at 1, changes up to 6, another column from 4 on. New contacts say
     * themselves who made them.
     */
    static AskedArchive of(Path folder, KeyChain keys) throws IOException {
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY, keys), folder);
        written.base(
                at(1),
                NOON,
                catalog(CONTACT, NOTE),
                Map.of(
                        1L,
                        List.of(row("1", "Anna", "1980-01-02"), row("2", "Bert", "null")),
                        2L,
                        List.of(row("a"))));
        written.segment(
                List.of(
                        transaction(
                                2, change(Operation.INSERT, List.of(), row("3", "Cleo", "null"))),
                        transaction(
                                3,
                                change(
                                        Operation.UPDATE,
                                        List.of(),
                                        List.of(
                                                Value.text("1"),
                                                Value.text("Änne"),
                                                Value.Mark.UNCHANGED)))));
        written.segment(
                List.of(
                        transaction(
                                4,
                                new Entry.Schema(
                                        CatalogChange.ofTables("ALTER TABLE", List.of(LATER))
                                                .json()),
                                change(
                                        Operation.DELETE,
                                        List.of(
                                                Value.text("2"),
                                                Value.Mark.UNKNOWN,
                                                Value.Mark.UNKNOWN,
                                                Value.Mark.UNKNOWN),
                                        List.of())),
                        transaction(
                                5,
                                new Entry.Message(
                                        TransactionContext.MESSAGE,
                                        "{\"actor\": \"ann\", \"reason\": \"ticket 1\"}"),
                                change(
                                        Operation.UPDATE,
                                        List.of(),
                                        row("3", "Cleo", "infinity", "12.50")))));
        written.segment(
                List.of(
                        transaction(
                                6,
                                change(
                                        Operation.INSERT,
                                        List.of(),
                                        row("4", "Dora", "0044-03-15 BC", "1.00")))));
        return new AskedArchive(written, folder);
    }

    /** Gives a column another type, at 7. */
    void narrow() throws IOException {
        Table narrowed =
                table(
                        1,
                        "contact",
                        List.of(1),
                        List.of(
                                column(1, "id", "bigint", Optional.empty()),
                                column(2, "full name", "text", Optional.empty()),
                                column(3, "born", "date", Optional.empty()),
                                column(4, "owed", "integer", Optional.of("0"))));
        written.segment(
                List.of(
                        transaction(
                                7,
                                new Entry.Schema(
                                        CatalogChange.ofTables("ALTER TABLE", List.of(narrowed))
                                                .json()),
                                change(
                                        Operation.INSERT,
                                        List.of(),
                                        row("5", "Emil", "1990-01-01", "7")))));
    }

    private static Transaction transaction(long number, Entry... entries) {
        return new Transaction(
                at(number), 700 + number, NOON.plusSeconds(number), List.of(entries));
    }

    private static Entry change(Operation operation, List<Value> before, List<Value> after) {
        BeforeImage image = before.isEmpty() ? BeforeImage.NONE : BeforeImage.KEY;
        return new Entry.Row(1, operation, image, before, after);
    }

    WrittenArchive written() {
        return written;
    }

    List<String> warnings() {
        return warnings;
    }

    ArchiveSql asOf(long position) throws IOException {
        return between(Optional.empty(), position);
    }

    ArchiveSql between(Optional<Long> since, long until) throws IOException {
        Target to = new Target(new Moment.AtPosition(at(until)), false);
        return ArchiveSql.open(
                written.archive(),
                new ArchiveSql.Asking(
                        to,
                        since.map(from -> new Target(new Moment.AtPosition(at(from)), true)),
                        to,
                        "UTC",
                        (table, operation, after) ->
                                operation == Operation.INSERT
                                        ? after.text("name")
                                        : Optional.empty()),
                Files.createTempDirectory(folder, "asked"),
                warnings::add);
    }

    /** The rows of an answer, fields joined by a bar. */
    static List<String> rows(Answer answer) {
        return answer.rows().stream()
                .map(
                        row ->
                                row.stream()
                                        .map(cell -> cell.isNull() ? "NULL" : cell.text())
                                        .collect(Collectors.joining("|")))
                .toList();
    }
}

package dev.tidemark.replay.query;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.replay.history.Contexts;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The transactions of a window as a local file, and as SQL sees them. What was made once is kept.
 * For one thread.
 */
final class TransactionFiles {
    private static final List<String> NAMES =
            List.of("position", "xid", "commit_time", "changes", "actor", "reason");
    private static final List<String> TYPES =
            List.of("VARCHAR", "BIGINT", "TIMESTAMPTZ", "BIGINT", "VARCHAR", "VARCHAR");
    private static final Table FILE =
            Table.provisional(
                    0,
                    "",
                    "",
                    IntStream.rangeClosed(1, NAMES.size())
                            .mapToObj(id -> Column.provisional(id, "c"))
                            .toList());

    /** The same of no transactions; and which columns there are. */
    static final String NONE = query("(SELECT %s) WHERE false".formatted(noTexts()));

    private final Archive archive;
    private final BetweenCuts window;
    private final Path folder;
    private Optional<Path> made = Optional.empty();

    private TransactionFiles(Archive archive, BetweenCuts window, Path folder) {
        this.archive = archive;
        this.window = window;
        this.folder = folder;
    }

    /**
     * Begins with none.
     *
     * @param parent where a folder for them is made; the caller deletes it
     */
    static TransactionFiles in(Archive archive, BetweenCuts window, Path parent)
            throws IOException {
        return new TransactionFiles(
                archive, window, Files.createDirectories(parent.resolve("transactions")));
    }

    private static String noTexts() {
        return String.join(
                ", ",
                FILE.columns().stream()
                        .map(column -> "CAST(NULL AS VARCHAR) AS " + Views.stored(column))
                        .toList());
    }

    private static String query(String files) {
        List<String> fields =
                IntStream.range(0, NAMES.size())
                        .mapToObj(
                                i ->
                                        "CAST(%s AS %s) AS %s"
                                                .formatted(
                                                        Views.stored(FILE.columns().get(i)),
                                                        TYPES.get(i),
                                                        NAMES.get(i)))
                        .toList();
        return "SELECT %s FROM %s".formatted(String.join(", ", fields), files);
    }

    /**
     * A query of them.
     *
     * @param goesOn is called before each, and throws what ends it
     */
    String query(Runnable goesOn) throws IOException {
        if (made.isEmpty()) {
            made = Optional.of(write(goesOn));
        }
        return query(Views.read(List.of(made.get())));
    }

    private Path write(Runnable goesOn) throws IOException {
        BaseWriter file = BaseWriter.create(folder.resolve("transactions.parquet"), FILE);
        try {
            for (Between between : window.stretches()) {
                for (Between.Part part : between.parts()) {
                    write(part, file, goesOn);
                }
            }
        } catch (IOException | RuntimeException e) {
            file.discard();
            throw e;
        }
        return file.close();
    }

    private void write(Between.Part part, BaseWriter file, Runnable goesOn) throws IOException {
        try (SegmentTransactions all = SegmentTransactions.open(archive, part.segment(), folder);
                Contexts contexts = Contexts.open(archive, part.segment(), folder)) {
            while (all.hasNext()) {
                goesOn.run();
                TransactionRecord one = all.next();
                if (part.holds(one.index())) {
                    file.add(fields(one, contexts.at(one.index())));
                }
            }
        }
    }

    private static List<Value> fields(TransactionRecord one, Optional<TransactionContext> said) {
        return List.of(
                Value.text(one.position().toString()),
                Value.text(Long.toString(one.xid())),
                Value.text(one.commitTime().toString()),
                Value.text(Long.toString(one.changes())),
                actor(said),
                said.flatMap(TransactionContext::reason).map(Value::text).orElse(Value.Mark.NULL));
    }

    /** Who said to act; whom nobody named is not known. */
    static Value actor(Optional<TransactionContext> said) {
        return Value.text(
                said.flatMap(TransactionContext::actor).orElse(TransactionContext.UNKNOWN));
    }
}

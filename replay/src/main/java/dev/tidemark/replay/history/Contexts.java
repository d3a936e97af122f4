package dev.tidemark.replay.history;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.JournalMessages;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was said about who acts in the transactions of a segment, merged or not. Of its journal it
 * reads neither rows nor pages in which none of the transactions is, and of other files nothing.
 * For one thread.
 */
public final class Contexts implements AutoCloseable {
    private final Path local;
    private final JournalMessages messages;
    private Optional<JournalMessages.Said> next = Optional.empty();

    private Contexts(Path local, JournalMessages messages) {
        this.local = local;
        this.messages = messages;
    }

    /**
     * Those of some transactions, by index; one in which nothing was said is not among them.
     *
     * @param transactions the indexes of those in the segment
     * @param temporary a folder for the journal meanwhile
     * @throws TidemarkException when the journal is missing or damaged
     */
    public static Map<Integer, TransactionContext> of(
            Archive archive, Manifest segment, Set<Integer> transactions, Path temporary)
            throws IOException {
        Map<Integer, TransactionContext> all = new HashMap<>();
        try (Contexts contexts = open(archive, segment, transactions, temporary)) {
            transactions.stream()
                    .sorted()
                    .forEach(
                            index ->
                                    contexts.at(index)
                                            .ifPresent(context -> all.put(index, context)));
        }
        return all;
    }

    /** Opens those of some transactions: a segment may have millions. */
    public static Contexts open(
            Archive archive, Manifest segment, Set<Integer> transactions, Path temporary)
            throws IOException {
        return open(archive, segment, temporary, path -> JournalMessages.open(path, transactions));
    }

    /** Opens those of all transactions. */
    public static Contexts open(Archive archive, Manifest segment, Path temporary)
            throws IOException {
        return open(archive, segment, temporary, JournalMessages::open);
    }

    /** Opens the messages of a local journal. */
    private interface Opening {
        JournalMessages of(Path journal) throws IOException;
    }

    private static Contexts open(Archive archive, Manifest segment, Path temporary, Opening opening)
            throws IOException {
        FileRef journal =
                segment.file(FileRef.Kind.JOURNAL)
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                segment.name() + " names no journal",
                                                "Run 'tidemark verify'."));
        Path local = archive.fetch(journal, temporary);
        try {
            return new Contexts(local, opening.of(local));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(local);
            throw e;
        }
    }

    /**
     * What was said in a transaction; of several things the last one counts.
     *
     * @param index greater than that of the call before; one of those that it was opened for
     */
    public Optional<TransactionContext> at(int index) {
        Optional<String> content = Optional.empty();
        while (advance() && next.orElseThrow().transaction() <= index) {
            JournalMessages.Said said = next.orElseThrow();
            if (said.transaction() == index && said.kind().equals(TransactionContext.MESSAGE)) {
                content = Optional.of(said.content());
            }
            next = Optional.empty();
        }
        return content.map(TransactionContext::read);
    }

    /** Is there one to look at? */
    private boolean advance() {
        if (next.isEmpty() && messages.hasNext()) {
            next = Optional.of(messages.next());
        }
        return next.isPresent();
    }

    @Override
    public void close() throws IOException {
        try {
            messages.close();
        } finally {
            Files.deleteIfExists(local);
        }
    }
}

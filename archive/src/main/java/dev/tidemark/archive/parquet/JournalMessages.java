package dev.tidemark.archive.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.parquet.filter2.predicate.FilterApi.and;
import static org.apache.parquet.filter2.predicate.FilterApi.binaryColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.gtEq;
import static org.apache.parquet.filter2.predicate.FilterApi.intColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.ltEq;
import static org.apache.parquet.filter2.predicate.FilterApi.or;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/**
 * The messages in a journal, of any segment, in commit order. Reads three of its columns, and of
 * these the pages in which messages of the wanted transactions may be. For one thread.
 */
public final class JournalMessages implements Iterator<JournalMessages.Said>, AutoCloseable {
    /** Of more transactions than these nearly every page has one, or lies between two. */
    private static final int LOOKED_UP_MAX = 1_000;

    private static final List<Integer> READ =
            List.of(JournalSchema.TRANSACTION, JournalSchema.OPERATION, JournalSchema.CONTENT);

    /**
     * A message.
     *
     * @param transaction the index of its transaction
     */
    public record Said(int transaction, String kind, String content) {}

    private final ParquetRows<Optional<Said>> rows;
    private Optional<Said> next = Optional.empty();

    private JournalMessages(ParquetRows<Optional<Said>> rows) {
        this.rows = rows;
    }

    /** All messages of a local journal. */
    public static JournalMessages open(Path path) throws IOException {
        return open(path, areMessages(), index -> true);
    }

    /** Those of some transactions, by index. */
    public static JournalMessages open(Path path, Set<Integer> transactions) throws IOException {
        FilterPredicate wanted =
                transactions.isEmpty()
                        ? areMessages()
                        : and(areMessages(), areOf(transactions.stream().sorted().toList()));
        return open(path, wanted, transactions::contains);
    }

    private static JournalMessages open(Path path, FilterPredicate pages, IntPredicate isWanted)
            throws IOException {
        return new JournalMessages(
                ParquetRows.open(
                        path, JournalMessages::columns, pages, schema -> new Messages(isWanted)));
    }

    private static MessageType columns(MessageType journal) {
        List<String> names = READ.stream().map(JournalSchema.JOURNAL::getFieldName).toList();
        return new MessageType(journal.getName(), names.stream().map(journal::getType).toList());
    }

    private static FilterPredicate areMessages() {
        return eq(binaryColumn("operation"), Binary.fromString("MESSAGE"));
    }

    private static FilterPredicate areOf(List<Integer> sorted) {
        return sorted.size() > LOOKED_UP_MAX
                ? and(
                        gtEq(intColumn("transaction"), sorted.getFirst()),
                        ltEq(intColumn("transaction"), sorted.getLast()))
                : anyOf(sorted);
    }

    /** As a balanced tree, since it is gone through by recursion. */
    private static FilterPredicate anyOf(List<Integer> sorted) {
        int half = sorted.size() / 2;
        return half == 0
                ? eq(intColumn("transaction"), sorted.getFirst())
                : or(anyOf(sorted.subList(0, half)), anyOf(sorted.subList(half, sorted.size())));
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty() && rows.hasNext()) {
            next = rows.next();
        }
        return next.isPresent();
    }

    @Override
    public Said next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Said said = next.orElseThrow();
        next = Optional.empty();
        return said;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    /** Empty for what is none, or of another transaction. */
    private static final class Messages extends RecordMaterializer<Optional<Said>> {
        private final IntPredicate isWanted;
        private final Fields.Whole transaction = new Fields.Whole();
        private final Fields.Word operation = new Fields.Word();
        private final Fields.Bytes content = new Fields.Bytes();
        private final Converter[] fields = {transaction, operation, content};

        private final GroupConverter root = new Fields.Group(fields);

        Messages(IntPredicate isWanted) {
            this.isWanted = isWanted;
        }

        @Override
        public Optional<Said> getCurrentRecord() {
            int index = Math.toIntExact(transaction.value);
            return operation.value.equals("MESSAGE") && isWanted.test(index)
                    ? Optional.of(said(index, new String(content.value, UTF_8)))
                    : Optional.empty();
        }

        private static Said said(int index, String text) {
            int space = text.indexOf(' ');
            return new Said(index, text.substring(0, space), text.substring(space + 1));
        }

        @Override
        public GroupConverter getRootConverter() {
            return root;
        }
    }
}

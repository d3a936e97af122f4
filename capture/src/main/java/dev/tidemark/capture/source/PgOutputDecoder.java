package dev.tidemark.capture.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads pgoutput, protocol version 1, in text mode: the server's own text of every value goes
 * through untouched.
 *
 * <p>The messages:
 * https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html. For one thread.
 */
final class PgOutputDecoder {
    /**
     * Tidemark's own schemas in the source, whose rows are not the user's; the second is in one
     * that was restored itself, and says where that is.
     */
    private static final Set<String> OWN_SCHEMAS = Set.of("tidemark", "tidemark_restore");

    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    /** What a message says to the loop around it. */
    sealed interface Step {
        /** A transaction began; its commit record starts at {@code commit}. */
        record Began(Position commit, long xid, Instant commitTime) implements Step {}

        /** A transaction is whole. */
        record Ended(Position position, Instant commitTime) implements Step {}

        /** Something in a transaction. */
        record Said(Entry entry) implements Step {}

        /** A logical message; its sender is not checked yet. */
        record Message(boolean transactional, String prefix, String content) implements Step {}

        /** Nothing that matters. */
        record Nothing() implements Step {}
    }

    private static final Step NOTHING = new Step.Nothing();

    /**
     * A table as the stream last described it.
     *
     * @param key by field: is it in the replica identity?
     */
    @SuppressWarnings("ArrayRecordComponent") // private to this class, never compared
    private record Relation(Entry.Relation entry, boolean[] key, boolean own) {}

    private final Map<Integer, Relation> relations = new HashMap<>();

    /** Reads one message. */
    Step decode(ByteBuffer message) {
        char type = (char) message.get();
        return switch (type) {
            case 'I' -> insert(message);
            case 'U' -> update(message);
            case 'D' -> delete(message);
            case 'B' -> {
                Position commit = new Position(message.getLong());
                Instant commitTime = instant(message);
                yield new Step.Began(commit, Integer.toUnsignedLong(message.getInt()), commitTime);
            }
            case 'C' -> {
                message.get(); // flags, unused
                message.getLong(); // the commit record's start
                Position end = new Position(message.getLong());
                yield new Step.Ended(end, instant(message));
            }
            case 'R' -> relation(message);
            case 'T' -> truncate(message);
            case 'M' -> message(message);
            case 'O', 'Y' -> NOTHING; // origin; type names, which the catalog has
            default ->
                    throw new IllegalStateException(
                            "pgoutput sent the unknown message type " + (int) type);
        };
    }

    /** The error for a row that is too large, of whose message at least the beginning is there. */
    TidemarkException tooLarge(ByteBuffer start, long size, long bytesMax) {
        return LargeRow.refusal(
                start,
                table -> {
                    Relation said = relations.get((int) table); // as the stream numbers them
                    return said == null ? null : said.entry;
                },
                size,
                bytesMax);
    }

    private Step relation(ByteBuffer message) {
        int table = message.getInt();
        String schema = string(message);
        String name = string(message);
        message.get(); // replica identity; what each row carries says more
        int fields = message.getShort();
        List<Entry.RelationColumn> columns = new ArrayList<>(fields);
        boolean[] key = new boolean[fields];
        for (int i = 0; i < fields; i++) {
            key[i] = (message.get() & 1) != 0;
            columns.add(
                    new Entry.RelationColumn(
                            string(message),
                            Integer.toUnsignedLong(message.getInt()),
                            message.getInt(),
                            key[i]));
        }
        Entry.Relation entry =
                new Entry.Relation(
                        Integer.toUnsignedLong(table),
                        schema.isEmpty() ? "pg_catalog" : schema,
                        name,
                        columns);
        boolean own = OWN_SCHEMAS.contains(schema);
        relations.put(table, new Relation(entry, key, own));
        return own ? NOTHING : new Step.Said(entry);
    }

    private Step insert(ByteBuffer message) {
        Relation relation = relationOf(message);
        message.get(); // always 'N'
        List<Value> after = tuple(message);
        return row(relation, Operation.INSERT, BeforeImage.NONE, List.of(), after);
    }

    private Step update(ByteBuffer message) {
        Relation relation = relationOf(message);
        char image = (char) message.get();
        List<Value> before = List.of();
        if (image != 'N') {
            before = tuple(message);
            message.get(); // 'N'
        }
        List<Value> after = tuple(message);
        return switch (image) {
            case 'N' -> row(relation, Operation.UPDATE, BeforeImage.NONE, before, after);
            case 'K' ->
                    row(
                            relation,
                            Operation.UPDATE,
                            BeforeImage.KEY,
                            keyOnly(before, relation),
                            after);
            default ->
                    row(
                            relation,
                            Operation.UPDATE,
                            BeforeImage.FULL,
                            before,
                            resolved(before, after));
        };
    }

    private Step delete(ByteBuffer message) {
        Relation relation = relationOf(message);
        boolean keyOnly = message.get() == 'K';
        List<Value> before = tuple(message);
        return keyOnly
                ? row(
                        relation,
                        Operation.DELETE,
                        BeforeImage.KEY,
                        keyOnly(before, relation),
                        List.of())
                : row(relation, Operation.DELETE, BeforeImage.FULL, before, List.of());
    }

    private Step truncate(ByteBuffer message) {
        int count = message.getInt();
        int options = message.get();
        List<Long> tables = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int table = message.getInt();
            Relation relation = relations.get(table);
            if (relation == null || !relation.own) {
                tables.add(Integer.toUnsignedLong(table));
            }
        }
        return tables.isEmpty()
                ? NOTHING
                : new Step.Said(new Entry.Truncate(tables, (options & 1) != 0, (options & 2) != 0));
    }

    private static Step message(ByteBuffer message) {
        boolean transactional = (message.get() & 1) != 0;
        message.getLong(); // its position
        String prefix = string(message);
        byte[] content = new byte[message.getInt()];
        message.get(content);
        return new Step.Message(transactional, prefix, new String(content, UTF_8));
    }

    private static Step row(
            Relation relation,
            Operation operation,
            BeforeImage image,
            List<Value> before,
            List<Value> after) {
        return relation.own
                ? NOTHING
                : new Step.Said(
                        new Entry.Row(relation.entry.table(), operation, image, before, after));
    }

    private Relation relationOf(ByteBuffer message) {
        int table = message.getInt();
        Relation relation = relations.get(table);
        if (relation == null) {
            throw new IllegalStateException(
                    "pgoutput sent a row of table "
                            + Integer.toUnsignedLong(table)
                            + " without its description");
        }
        return relation;
    }

    private static List<Value> tuple(ByteBuffer message) {
        Value[] values = new Value[message.getShort()];
        for (int i = 0; i < values.length; i++) {
            char kind = (char) message.get();
            values[i] =
                    switch (kind) {
                        case 't' -> {
                            int length = message.getInt();
                            yield length < Value.LARGE_BYTES
                                    ? small(message, length)
                                    : large(message, length);
                        }
                        case 'n' -> Value.Mark.NULL;
                        case 'u' -> Value.Mark.UNCHANGED;
                        default ->
                                throw new IllegalStateException(
                                        "pgoutput sent a value of the unknown kind '" + kind + "'");
                    };
        }
        return Arrays.asList(values);
    }

    private static Value small(ByteBuffer message, int length) {
        byte[] text = new byte[length];
        message.get(text);
        return new Value.Text(text);
    }

    /** A part of the message, which nobody changes. */
    private static Value large(ByteBuffer message, int length) {
        ByteBuffer text = message.slice(message.position(), length);
        message.position(message.position() + length);
        return new Value.Large(text);
    }

    /**
     * In a before-image of the key only, the server writes the other fields as NULL: they are not
     * known.
     */
    private static List<Value> keyOnly(List<Value> before, Relation relation) {
        for (int i = 0; i < relation.key.length; i++) {
            if (!relation.key[i]) {
                before.set(i, Value.Mark.UNKNOWN);
            }
        }
        return before;
    }

    /** An unchanged value that the before-image shows is known at once. */
    private static List<Value> resolved(List<Value> before, List<Value> after) {
        for (int i = 0; i < after.size(); i++) {
            if (after.get(i) == Value.Mark.UNCHANGED && before.get(i).isKnown()) {
                after.set(i, before.get(i));
            }
        }
        return after;
    }

    private static Instant instant(ByteBuffer message) {
        return EPOCH.plus(message.getLong(), ChronoUnit.MICROS);
    }

    private static String string(ByteBuffer message) {
        int start = message.position();
        int length = 0;
        while (message.get(start + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        message.get(bytes);
        message.get(); // the closing zero
        return new String(bytes, UTF_8);
    }
}

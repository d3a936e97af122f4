package dev.tidemark.schemas.change;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/**
 * One thing that a change log says. The kinds and their fields are those of {@code
 * change-log.avsc}; docs/format.md tells them for other readers.
 */
public sealed interface Entry {
    /**
     * A capture takes the log over. Its session is named by the offset of this record; readers
     * ignore the records of every session but the newest.
     *
     * @param id makes the record recognisable to its writer, who may not learn the offset
     * @param source the configured name of the source
     * @param systemId the cluster's own identity (PostgreSQL: system identifier)
     * @param timeline the timeline that positions are on
     * @param database the database's name
     * @param serverVersion as the server says it
     * @param writer host and process, for people
     * @param opened by the writer's clock
     */
    record Session(
            String id,
            String source,
            String systemId,
            int timeline,
            String database,
            String serverVersion,
            String writer,
            Instant opened)
            implements Entry {}

    /**
     * The columns that a table's rows carry from here on, as the stream itself says (PostgreSQL: a
     * Relation message). It has no column ids; the catalog in force has.
     *
     * @param table the table's id in the source (PostgreSQL: its OID)
     */
    record Relation(long table, String schema, String name, List<RelationColumn> columns)
            implements Entry {
        public Relation {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column of a {@link Relation}.
     *
     * @param type the type's id in the source
     * @param modifier the type's modifier, −1 for none
     * @param key is it part of the replica identity?
     */
    record RelationColumn(String name, long type, int modifier, boolean key) {}

    /**
     * A transaction's changes follow.
     *
     * @param previous the position of the transaction before it in the log, so that a hole shows
     * @param xid the transaction's id in the source; it may wrap, so it names nothing for ever
     * @param commitTime by the source's clock; not monotonic in commit order
     */
    record Begin(Position previous, long xid, Instant commitTime) implements Entry {}

    /**
     * One row's change. Fields are in the order of the table's columns as the stream carries them
     * (by column id).
     *
     * @param before empty when {@code image} is NONE, or FULL of a table without columns
     * @param after empty for a delete
     */
    record Row(
            long table,
            Operation operation,
            BeforeImage image,
            List<Value> before,
            List<Value> after)
            implements Entry {
        public Row {
            // The full row of a table without columns has no field.
            boolean isFitting =
                    switch (image) {
                        case NONE -> before.isEmpty();
                        case KEY -> !before.isEmpty();
                        case FULL -> true;
                    };
            if (!isFitting) {
                throw new IllegalArgumentException(
                        "before-image " + image + " has " + before.size() + " fields");
            }
        }
    }

    /** All rows of these tables go. */
    record Truncate(List<Long> tables, boolean cascade, boolean restartIdentity) implements Entry {
        public Truncate {
            tables = List.copyOf(tables);
        }
    }

    /**
     * The catalog changes from here on in the transaction.
     *
     * @param content what the event trigger wrote (JSON, see docs/format.md), its signature checked
     */
    record Schema(String content) implements Entry {}

    /** A message of another kind that the source carried; kept, not interpreted. */
    record Message(String prefix, String content) implements Entry {}

    /**
     * Capture was alive: a transaction of its own in the source, so that time advances on an idle
     * database.
     */
    record Heartbeat(Instant sent) implements Entry {}

    /**
     * Where sequences stood (JSON, see docs/format.md). Sequences are not transactional: a sample
     * tells what was handed out before it.
     */
    record Sequences(String content) implements Entry {}

    /**
     * Changes between two positions are lost for ever.
     *
     * @param reason for people
     */
    record Gap(Position from, Position to, String reason, Instant noticed) implements Entry {}

    /**
     * The transaction is whole.
     *
     * @param position the transaction's position, its name for ever on its timeline history
     * @param changes the number of entries between Begin and End
     */
    record End(Position position, Instant commitTime, long changes) implements Entry {}

    /**
     * A part of a text that is too large for one record. The pieces up to a last one make one text,
     * and the row after them takes its texts in their order, for each field that is {@link
     * Value.Mark#PIECES}.
     *
     * @param content UTF-8, perhaps cut within a character
     * @param last is the text whole with it?
     */
    record Piece(ByteBuffer content, boolean last) implements Entry {
        public Piece {
            content = content.asReadOnlyBuffer();
        }

        /** With a position and a limit of its own. */
        @Override
        public ByteBuffer content() {
            return content.duplicate();
        }
    }
}

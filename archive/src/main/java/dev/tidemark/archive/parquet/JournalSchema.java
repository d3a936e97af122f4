package dev.tidemark.archive.parquet;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The columns of a journal and of its transactions. docs/format.md is the contract. */
final class JournalSchema {
    static final MessageType JOURNAL =
            MessageTypeParser.parseMessageType(
                    """
                    message journal {
                      required int32 transaction;
                      required binary operation (STRING);
                      required int64 table;
                      required int32 version;
                      required binary image (STRING);
                      optional group before (LIST) { repeated group list { optional binary element (STRING); } }
                      optional group after (LIST) { repeated group list { optional binary element (STRING); } }
                      optional group unchanged (LIST) { repeated group list { required int32 element; } }
                      optional binary content (STRING);
                    }
                    """);

    /**
     * Of a merged segment: the place in the transaction tells how its changes of rows lie between.
     */
    static final MessageType REST =
            JOURNAL.union(
                    MessageTypeParser.parseMessageType(
                            "message journal { required int64 sequence; }"));

    static final MessageType TRANSACTIONS =
            MessageTypeParser.parseMessageType(
                    """
                    message transactions {
                      required int32 transaction;
                      required int64 position;
                      required int64 previous;
                      required int64 xid;
                      required int64 commit_time (TIMESTAMP(MICROS,true));
                      required int64 changes;
                      required int64 log_offset;
                      required binary digest;
                    }
                    """);

    static final int TRANSACTION = 0;
    static final int OPERATION = 1;
    static final int TABLE = 2;
    static final int VERSION = 3;
    static final int IMAGE = 4;
    static final int BEFORE = 5;
    static final int AFTER = 6;
    static final int UNCHANGED = 7;
    static final int CONTENT = 8;
    static final int SEQUENCE = 9;

    private JournalSchema() {}
}

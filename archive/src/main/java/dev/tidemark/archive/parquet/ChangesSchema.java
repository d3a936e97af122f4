package dev.tidemark.archive.parquet;

import java.util.Set;
import java.util.stream.IntStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The columns of a file of changes by key; those of the table come after them. docs/format.md is
 * the contract.
 */
final class ChangesSchema {
    static final MessageType HEAD =
            MessageTypeParser.parseMessageType(
                    """
                    message changes {
                      required int32 transaction;
                      required int64 sequence;
                      required boolean first;
                      required binary operation (STRING);
                      required binary image (STRING);
                      optional group told (LIST) { repeated group list { required int32 element; } }
                      optional group unchanged (LIST) { repeated group list { required int32 element; } }
                      optional group unknown (LIST) { repeated group list { required int32 element; } }
                      optional group untyped (LIST) { repeated group list {
                        required group element { required int32 field; required binary text (STRING); } } }
                    }
                    """);

    static final int TRANSACTION = 0;
    static final int SEQUENCE = 1;
    static final int FIRST = 2;
    static final int OPERATION = 3;
    static final int IMAGE = 4;
    static final int TOLD = 5;
    static final int UNCHANGED = 6;
    static final int UNKNOWN = 7;
    static final int UNTYPED = 8;
    static final int FIELDS = 9;

    private ChangesSchema() {}

    /** What is read for some columns of the table, without how the changes were told. */
    static MessageType part(MessageType changes, Set<String> names) {
        return new MessageType(
                changes.getName(),
                IntStream.range(0, changes.getFieldCount())
                        .filter(
                                field ->
                                        field < FIELDS
                                                ? field != IMAGE
                                                        && field != TOLD
                                                        && field != UNCHANGED
                                                : names.contains(changes.getFieldName(field)))
                        .mapToObj(changes::getType)
                        .toList());
    }
}

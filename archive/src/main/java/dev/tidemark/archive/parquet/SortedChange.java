package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.Optional;

/**
 * One row of a file of changes that are sorted by key: what a row was after a change, for a delete
 * before it. The changes of one row follow each other, and make its line. docs/format.md is the
 * contract.
 *
 * @param transaction the transaction's index in its segment
 * @param sequence the change's place in its transaction, from 0
 * @param isFirst does a line begin here?
 * @param operation empty when this is no change, but what the row was before the next one
 * @param image what the source told of the row before
 * @param told the places of the fields that it told, when that was the key only
 * @param unchanged the places of the fields that it did not send, since they were as before
 * @param fields known ones, and {@code UNKNOWN}
 */
public record SortedChange(
        int transaction,
        long sequence,
        boolean isFirst,
        Optional<Operation> operation,
        BeforeImage image,
        List<Integer> told,
        List<Integer> unchanged,
        List<Value> fields) {}

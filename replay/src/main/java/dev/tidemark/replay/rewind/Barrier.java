package dev.tidemark.replay.rewind;

import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.schemas.TidemarkException;
import java.util.Optional;

/**
 * A change of the schema, which no move goes across.
 *
 * @param first the first transaction with one; empty where none tells it
 * @param refusal says what is different
 */
record Barrier(Optional<TransactionRecord> first, TidemarkException refusal) implements Way {}

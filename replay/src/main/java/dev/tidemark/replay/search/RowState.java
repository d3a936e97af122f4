package dev.tidemark.replay.search;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.Optional;

/**
 * What a row is at some moment, as far as that is known. Immutable.
 *
 * @param origin its key at the start of the window; empty when nothing more can be learnt by it
 * @param table as of that moment
 * @param fields in the order of the table's stored columns
 */
record RowState(Optional<List<Value>> origin, Table table, List<Value> fields) {}

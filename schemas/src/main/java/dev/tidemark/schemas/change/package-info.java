/**
 * What a change is. In: nothing. Out: values, rows, transactions' beginnings and ends and all else
 * that a change log holds, as records without any knowledge of Kafka, Parquet or a database's
 * protocol.
 */
@NullMarked
package dev.tidemark.schemas.change;

import org.jspecify.annotations.NullMarked;

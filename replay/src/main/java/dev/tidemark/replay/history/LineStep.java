package dev.tidemark.replay.history;

import dev.tidemark.archive.merge.TableInSegment.Placed;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.List;

/**
 * A change on a walk along a life line.
 *
 * @param keyBefore the line's key before it
 * @param keyAfter the line's key after it
 */
record LineStep(Placed placed, Table table, List<Value> keyBefore, List<Value> keyAfter) {}

package dev.tidemark.replay.search;

import java.util.List;
import java.util.Optional;

/**
 * What a question makes of a change.
 *
 * @param claim whom the row names as who made it; of a change that does not answer it, nothing
 * @param columns those by which it answers a question about fields
 */
record Judgement(Verdict verdict, ChangeKind kind, Optional<String> claim, List<String> columns) {}

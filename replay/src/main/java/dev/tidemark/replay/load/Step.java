package dev.tidemark.replay.load;

import java.util.List;

/**
 * Statements that belong together in a plan, and what must come before them.
 *
 * @param reference how others name it, {@code kind:id}
 * @param rank steps of a lower rank go first where nothing else decides
 * @param sortKey decides between steps of one rank
 * @param statements in order
 * @param references what must come before, as far as the plan knows it
 */
record Step(
        String reference,
        Rank rank,
        String sortKey,
        List<String> statements,
        List<String> references) {
    Step {
        statements = List.copyOf(statements);
        references = List.copyOf(references);
    }
}

package dev.tidemark.replay.search;

import java.util.List;
import java.util.Optional;

/**
 * What one actor did.
 *
 * @param displayName how they were called at the newest change, by the profile
 * @param said the counts of changes in transactions in which the application named them
 * @param claimed those of changes of which only the row names them
 * @param transactions the newest first, as many as were asked for
 * @param isMore are there more of these?
 * @param nearest names of others who acted, when this one did nothing
 * @param notes what is not known, for people
 */
public record ActorAnswer(
        String actor,
        Optional<String> displayName,
        List<FoundCount> said,
        List<FoundCount> claimed,
        List<ActorTransaction> transactions,
        boolean isMore,
        List<String> nearest,
        List<String> notes) {
    public ActorAnswer {
        said = List.copyOf(said);
        claimed = List.copyOf(claimed);
        transactions = List.copyOf(transactions);
        nearest = List.copyOf(nearest);
        notes = List.copyOf(notes);
    }

    /** The actor, for people. */
    public String who() {
        return displayName.map(name -> "%s [%s]".formatted(name, actor)).orElse(actor);
    }

    /** Did they do anything? */
    public boolean isAny() {
        return !said.isEmpty() || !claimed.isEmpty();
    }
}

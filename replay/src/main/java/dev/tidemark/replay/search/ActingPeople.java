package dev.tidemark.replay.search;

import dev.tidemark.replay.history.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who acted in a window.
 *
 * @param actors those with most changes first, as many as were asked for
 * @param isMore are there more of these?
 * @param notes what is not known, for people
 */
public record ActingPeople(List<One> actors, boolean isMore, List<String> notes) {
    /**
     * One of them; who is named by the application and by rows is there twice.
     *
     * @param actor empty for all changes of which nothing says who made them
     * @param displayName how they were called at the last of these changes, by the profile
     * @param first when the first was committed, in commit order
     */
    public record One(
            Optional<String> actor,
            Actor.Known known,
            Optional<String> displayName,
            long transactions,
            long changes,
            Instant first,
            Instant last) {
        /** The actor, for people. */
        public String who() {
            return new Actor(actor, known, displayName, Optional.empty()).toString();
        }
    }

    public ActingPeople {
        actors = List.copyOf(actors);
        notes = List.copyOf(notes);
    }
}

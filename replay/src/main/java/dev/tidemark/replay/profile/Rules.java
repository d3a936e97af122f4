package dev.tidemark.replay.profile;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a profile says of some tables. Immutable.
 *
 * @param said of each subject that it speaks of: what is taken, the first that fits a table; none
 *     means that there is nothing of the kind, whatever others say
 */
record Rules(Map<Subject, List<OfColumns>> said) {
    static final Rules NONE = new Rules(Map.of());

    Rules {
        Map<Subject, List<OfColumns>> copy = new EnumMap<>(Subject.class);
        said.forEach((subject, all) -> copy.put(subject, List.copyOf(all)));
        said = copy;
    }

    Optional<List<OfColumns>> of(Subject subject) {
        return Optional.ofNullable(said.get(subject));
    }
}

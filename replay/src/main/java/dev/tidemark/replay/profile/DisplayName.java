package dev.tidemark.replay.profile;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a row is called: by the first of some templates that gives a name. Immutable. */
public final class DisplayName {
    private static final int NAME_MAX = 200; // characters; a longer one is no name any more

    private final List<NameTemplate> templates;

    DisplayName(List<NameTemplate> templates) {
        this.templates = List.copyOf(templates);
    }

    /** The columns that it is made of. */
    public List<String> columns() {
        return templates.stream().flatMap(one -> one.columns().stream()).distinct().toList();
    }

    /**
     * The name of a row as it is then; empty when it has none, or what it is made of is not known.
     */
    public Optional<String> of(RowFields row) {
        return templates.stream()
                .flatMap(one -> one.of(row).stream())
                .findFirst()
                .map(DisplayName::shortened);
    }

    private static String shortened(String name) {
        return name.codePointCount(0, name.length()) <= NAME_MAX
                ? name
                : name.substring(0, name.offsetByCodePoints(0, NAME_MAX - 1)) + "…";
    }

    /** As a profile writes them. */
    @Override
    public String toString() {
        return templates.stream().map(NameTemplate::text).collect(Collectors.joining(" or "));
    }
}

package dev.tidemark.replay.load;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What roles lose that cannot have it in the target: one line for each role. */
final class RoleNotes {
    private static final int NAMES_MAX = 3; // enough to know which part of the schema it is

    /** What a role had to do with a thing. */
    enum Link {
        OWNED("it owned"),
        HELD("it had rights to"),
        GRANTED("it had granted rights to");

        private final String words;

        Link(String words) {
            this.words = words;
        }
    }

    private final Map<String, Map<Link, Set<String>>> things = new TreeMap<>();
    private final TargetRoles roles;

    RoleNotes(TargetRoles roles) {
        this.roles = roles;
    }

    /**
     * Notes one loss.
     *
     * @param thing for people
     */
    void add(String role, Link link, String thing) {
        things.computeIfAbsent(role, any -> new TreeMap<>())
                .computeIfAbsent(link, any -> new LinkedHashSet<>())
                .add(thing);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        things.forEach(
                (role, links) -> {
                    List<String> parts = new ArrayList<>();
                    links.forEach((link, names) -> parts.add(link.words + " " + some(names)));
                    lines.add(
                            (roles.existing().contains(role)
                                            ? "the user may not act as the role " + role
                                            : "the role " + role + " does not exist here")
                                    + ": "
                                    + String.join("; ", parts));
                });
        return lines;
    }

    private static String some(Set<String> names) {
        List<String> first = names.stream().limit(NAMES_MAX).toList();
        return String.join(", ", first)
                + (names.size() > NAMES_MAX
                        ? " and %d more".formatted(names.size() - NAMES_MAX)
                        : "");
    }
}

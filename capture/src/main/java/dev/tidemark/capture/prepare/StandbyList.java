package dev.tidemark.capture.prepare;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For whom a server's commits wait, as {@code synchronous_standby_names} says it: {@code FIRST n
 * (list)}, {@code ANY n (list)}, {@code n (list)}, or a list alone, which is FIRST 1.
 *
 * @param any do commits wait for any of them, and not for the first ones?
 * @param count for how many at once
 * @param names in lower case, since the server compares them without regard to case; {@code *} is
 *     every standby
 */
record StandbyList(boolean any, int count, List<String> names) {
    private static final String EVERY = "*";
    private static final Pattern COUNTED =
            Pattern.compile("(?is)\\s*(?:(FIRST|ANY)\\s+)?(\\d+)\\s*\\((.*)\\)\\s*");
    private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|[^\\s,\"]+");

    StandbyList {
        names = List.copyOf(names);
    }

    /** Reads what the server accepted. */
    static StandbyList parse(String setting) {
        Matcher counted = COUNTED.matcher(setting);
        return counted.matches()
                ? new StandbyList(
                        "ANY".equalsIgnoreCase(counted.group(1)),
                        Integer.parseInt(counted.group(2)),
                        names(counted.group(3)))
                : new StandbyList(false, 1, names(setting));
    }

    private static List<String> names(String list) {
        return NAME.matcher(list)
                .results()
                .map(StandbyList::name)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static String name(MatchResult found) {
        String quoted = found.group(1);
        return quoted == null ? found.group() : quoted.replace("\"\"", "\"");
    }

    /** Do commits wait for nobody? */
    boolean isEmpty() {
        return names.isEmpty();
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    /**
     * Is there no way for a commit to return without this one? A {@code *} may be others, as many
     * as there are.
     */
    boolean alwaysWaitsFor(String name) {
        int place = names.indexOf(name);
        return place >= 0
                && (any
                        ? count >= names.size() && !names.contains(EVERY)
                        : place < count && !names.subList(0, place).contains(EVERY));
    }
}

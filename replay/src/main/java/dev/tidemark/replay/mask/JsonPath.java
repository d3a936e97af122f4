package dev.tidemark.replay.mask;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names parts of a JSON value: {@code $.address.city}, {@code $.phones[*]}, {@code $["a b"].*}.
 *
 * @param steps from the whole to the part
 */
public record JsonPath(List<Step> steps) {
    /** One step down. */
    public sealed interface Step {
        /** To the member of this name. */
        record Member(String name) implements Step {}

        /** To every member. */
        record AnyMember() implements Step {}

        /** To every element of a list. */
        record AnyElement() implements Step {}

        /** Does it name what a step in a value names? */
        default boolean fits(Step there) {
            return switch (this) {
                case Member member -> member.equals(there);
                case AnyMember any -> there instanceof Member;
                case AnyElement any -> there instanceof AnyElement;
            };
        }
    }

    /**
     * In which order paths are asked about a place: longer ones before shorter ones, and of the
     * same length those that name a member earlier.
     */
    static final Comparator<JsonPath> MOST_NAMED_FIRST =
            Comparator.comparing((JsonPath path) -> path.steps().size())
                    .reversed()
                    .thenComparing(JsonPath::shape);

    /** The whole value. */
    static final JsonPath WHOLE = new JsonPath(List.of());

    private static final Pattern STEP =
            Pattern.compile(
                    "\\.\\*|\\[\\*]|\\.([^.\\[\\]\"*]+)|\\[\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"]");

    public JsonPath {
        steps = List.copyOf(steps);
    }

    /** A path as it is written; {@code *} is the whole value. Empty when it is none. */
    static Optional<JsonPath> parse(String text) {
        if (text.equals("*")) {
            return Optional.of(WHOLE);
        }
        if (!text.startsWith("$")) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text).region(1, text.length());
        while (matcher.lookingAt()) {
            steps.add(step(matcher));
            matcher.region(matcher.end(), text.length());
        }
        return matcher.regionStart() == text.length()
                ? Optional.of(new JsonPath(steps))
                : Optional.empty();
    }

    private static Step step(Matcher matcher) {
        return switch (matcher.group()) {
            case ".*" -> new Step.AnyMember();
            case "[*]" -> new Step.AnyElement();
            case String other when other.startsWith(".") -> new Step.Member(other.substring(1));
            case String quoted ->
                    new Step.Member(
                            quoted.substring(2, quoted.length() - 2)
                                    .replaceAll("\\\\([\"\\\\])", "$1"));
        };
    }

    private String shape() {
        return steps.stream()
                .map(step -> step instanceof Step.AnyMember ? "1" : "0")
                .collect(Collectors.joining());
    }

    /** Does it name this place or one above it? */
    boolean covers(List<Step> place) {
        if (steps.size() > place.size()) {
            return false;
        }
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).fits(place.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Does it name something below this place? */
    boolean leadsOnFrom(List<Step> place) {
        return steps.size() > place.size()
                && new JsonPath(steps.subList(0, place.size())).covers(place);
    }
}

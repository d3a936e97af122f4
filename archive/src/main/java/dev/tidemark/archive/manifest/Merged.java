package dev.tidemark.archive.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * What a step of merging does to the manifests before it.
 *
 * @param replaces numbers of manifests of segments whose changes are in this one: they are in force
 *     no more, and nobody who reads the archive from here on reads their files
 * @param collected files that only replaced manifests name may be deleted from here on, as far as
 *     the one that replaced them has a number up to this; −1 for none
 */
public record Merged(List<Range> replaces, long collected) implements Statement {
    /** Numbers from one to another, both included. */
    public record Range(long first, long last) {
        public Range {
            if (last < first) {
                throw new IllegalArgumentException("a range from " + first + " to " + last);
            }
        }

        boolean contains(long number) {
            return number >= first && number <= last;
        }
    }

    public Merged {
        replaces = List.copyOf(replaces);
    }

    /** Numbers, ascending, as few ranges. */
    public static List<Range> ranges(List<Long> numbers) {
        List<Range> ranges = new ArrayList<>();
        for (long number : numbers) {
            if (!ranges.isEmpty() && ranges.getLast().last() + 1 == number) {
                ranges.add(new Range(ranges.removeLast().first(), number));
            } else {
                ranges.add(new Range(number, number));
            }
        }
        return ranges;
    }

    boolean replaces(long number) {
        return replaces.stream().anyMatch(range -> range.contains(number));
    }
}

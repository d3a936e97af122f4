package dev.tidemark.archive.fold;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.catalog.SchemaChanges;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is not known at a cut, since nothing told of a change when it was made: a look found it
 * later, or none came yet.
 *
 * @param cut the moment
 * @param from up to here the source was as it had told
 * @param until from here on it is again
 * @param time of {@code until}
 * @param tables whose columns or rows may be others, by name
 * @param stillUnknown those of them of which the look could not tell the rows either
 * @param others what else may be otherwise, such as a function: kind and name
 * @param pending the newest look when all of them were before the cut, empty when there was none
 * @param isPending was the cut not looked at yet?
 */
public record Untold(
        Position cut,
        Position from,
        Position until,
        Instant time,
        List<String> tables,
        List<String> stillUnknown,
        List<String> others,
        boolean isPending,
        Optional<Look> pending) {
    /** Names listed in one message; the rest is counted. */
    private static final int NAMES_MAX = 10;

    private static final String TABLE = "table ";

    public Untold {
        tables = List.copyOf(tables);
        stillUnknown = List.copyOf(stillUnknown);
        others = List.copyOf(others);
    }

    /** Of a cut of which nobody can tell more. */
    public static Untold notLookedAt(Position cut, Optional<Look> before) {
        List<String> none = List.of();
        return new Untold(cut, cut, cut, Instant.EPOCH, none, none, none, true, before);
    }

    /**
     * The same for a restore without the rows of some tables: it goes on, and they are uncertain.
     */
    public Untold withoutRows(Set<String> excluded) {
        List<String> uncertain = new ArrayList<>(others);
        tables.stream()
                .filter(excluded::contains)
                .map(name -> TABLE + name)
                .forEach(uncertain::add);
        return new Untold(
                cut,
                from,
                until,
                time,
                tables.stream().filter(name -> !excluded.contains(name)).toList(),
                stillUnknown,
                uncertain,
                isPending,
                pending);
    }

    /**
     * The same for a part of the database: nothing is said of tables that are not asked for.
     *
     * @param asked names of those that are, at the cut
     */
    public Untold ofPart(Set<String> asked) {
        // That the publication was changed is said in place of a table, and counts for each.
        return new Untold(
                cut,
                from,
                until,
                time,
                tables.stream().filter(name -> isOfPart(name, asked)).toList(),
                stillUnknown.stream().filter(name -> isOfPart(name, asked)).toList(),
                others.stream()
                        .filter(
                                other ->
                                        !other.startsWith(TABLE)
                                                || asked.contains(other.substring(TABLE.length())))
                        .toList(),
                isPending,
                pending);
    }

    /**
     * The same for the structure of a part, without any rows: which tables were published says
     * nothing of it.
     */
    public Untold ofStructure(Set<String> asked) {
        Untold part = ofPart(asked);
        return new Untold(
                        cut,
                        from,
                        until,
                        time,
                        part.tables.stream().filter(asked::contains).toList(),
                        part.stillUnknown.stream().filter(asked::contains).toList(),
                        part.others,
                        isPending,
                        pending)
                .withoutRows(asked);
    }

    private static boolean isOfPart(String name, Set<String> asked) {
        return asked.contains(name) || name.equals(UntoldChanges.PUBLICATION);
    }

    /**
     * Goes on only when all tables are known.
     *
     * @throws TidemarkException naming them, and the moments around
     */
    public void requireTables() {
        if (tables.isEmpty()) {
            return;
        }
        throw TidemarkException.refused(
                "not known at %s: %s; a look at the source's catalog at %s (%s) found a change, made after %s, that nothing had told of"
                        .formatted(cut, listed(tables), until, time, from),
                stillUnknown.isEmpty()
                        ? "The nearest moments are --to %s before it and --to %s after it."
                                .formatted(from, until)
                        : "The nearest moment before it is --to %s. The rows of %s are not known after it either, until capture tells or copies them."
                                .formatted(from, listed(stillUnknown)));
    }

    /** What of a restored database may be otherwise than the source was; empty when nothing is. */
    public List<String> uncertain() {
        return others.stream()
                .map(
                        other ->
                                "%s: a look at %s (%s) found it changed since %s, and nothing told when"
                                        .formatted(other, until, time, from))
                .toList();
    }

    /** Of a cut that no look has reached yet, in one line. */
    public Optional<String> note() {
        if (!isPending) {
            return Optional.empty();
        }
        String what =
                pending.filter(look -> look.by() == SchemaChanges.POLLING).isPresent()
                        ? "a change of it since then"
                        : "a change since then that no trigger told of";
        return Optional.of(
                "the source's schema was last read whole %s: %s would not be known yet"
                        .formatted(
                                pending.map(look -> "at %s (%s)".formatted(look.time(), look.at()))
                                        .orElse("for the base"),
                                what));
    }

    private static String listed(List<String> names) {
        return names.size() <= NAMES_MAX
                ? String.join(", ", names)
                : "%s and %d more"
                        .formatted(
                                String.join(", ", names.subList(0, NAMES_MAX)),
                                names.size() - NAMES_MAX);
    }
}

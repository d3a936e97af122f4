package dev.tidemark.replay.load;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.replay.script.UserScript;
import dev.tidemark.schemas.catalog.Catalog;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a restore goes.
 *
 * @param jobs how many sessions work side by side
 * @param rights which of them come back
 * @param withoutRows tables that come back empty, as {@code schema.name}
 * @param first tables that are to be readable before the others are loaded, see {@link FirstTables}
 * @param start what the target may hold
 * @param deciding what else decides on what comes back: the archive, and rules for its rows. A run
 *     goes on only with what another one with the same began
 * @param foldBytes what changes may take in memory while they are folded
 * @param scripts that run in the end, before the database is usable
 * @param older whether extensions may be older than the source's
 */
public record RestoreOptions(
        int jobs,
        Set<RightsPart> rights,
        Set<String> withoutRows,
        Set<String> first,
        Start start,
        Set<String> deciding,
        long foldBytes,
        List<UserScript> scripts,
        Older older) {
    /** What becomes of a restore where the server has an older version of an extension. */
    public enum Older {
        /** It does not begin. */
        REFUSED,
        /** It is noted. */
        TAKEN
    }

    /** What the target may hold when a restore starts. */
    public enum Start {
        /** Nothing. */
        EMPTY,
        /** Nothing, or what a run of the same restore left that broke off: it goes on then. */
        UNFINISHED,
        /**
         * Nothing, and no run goes on with what this one leaves: what it brings back is not a
         * database as it was, but masked, chosen or a part, or is dropped in the end.
         */
        ONCE
    }

    public RestoreOptions {
        if (jobs < 1) {
            throw new IllegalArgumentException("a restore with " + jobs + " jobs");
        }
        rights = Set.copyOf(rights);
        withoutRows = Set.copyOf(withoutRows);
        first = Set.copyOf(first);
        deciding = Set.copyOf(deciding);
        scripts = List.copyOf(scripts);
    }

    /** One that begins with an empty database, and is in no hurry with any table. */
    public RestoreOptions(int jobs, Set<RightsPart> rights, Set<String> withoutRows) {
        this(
                jobs,
                rights,
                withoutRows,
                Set.of(),
                Start.EMPTY,
                Set.of(),
                Fold.memory(),
                List.of(),
                Older.REFUSED);
    }

    /** The same with more tables that come back empty. */
    public RestoreOptions without(Set<String> rows) {
        Set<String> all = new HashSet<>(withoutRows);
        all.addAll(rows);
        return new RestoreOptions(
                jobs, rights, all, first, start, deciding, foldBytes, scripts, older);
    }

    /** All of it. */
    public static RestoreOptions of(int jobs) {
        return new RestoreOptions(jobs, EnumSet.allOf(RightsPart.class), Set.of());
    }

    public RestoreOptions withFirst(Set<String> tables) {
        return new RestoreOptions(
                jobs, rights, withoutRows, tables, start, deciding, foldBytes, scripts, older);
    }

    public RestoreOptions withStart(Start other) {
        return new RestoreOptions(
                jobs, rights, withoutRows, first, other, deciding, foldBytes, scripts, older);
    }

    public RestoreOptions withDeciding(Set<String> what) {
        return new RestoreOptions(
                jobs, rights, withoutRows, first, start, what, foldBytes, scripts, older);
    }

    public RestoreOptions withScripts(List<UserScript> all) {
        return new RestoreOptions(
                jobs, rights, withoutRows, first, start, deciding, foldBytes, all, older);
    }

    public RestoreOptions withFoldBytes(long bytes) {
        return new RestoreOptions(
                jobs, rights, withoutRows, first, start, deciding, bytes, scripts, older);
    }

    /** The same where extensions may be older than the source's. */
    public RestoreOptions withOlderExtensions() {
        return new RestoreOptions(
                jobs, rights, withoutRows, first, start, deciding, foldBytes, scripts, Older.TAKEN);
    }

    /** A catalog as a target is asked for it. */
    public Catalog asking(Catalog catalog) {
        return older == Older.TAKEN ? TargetCheck.withOlderExtensions(catalog) : catalog;
    }

    boolean mayGoOn() {
        return start == Start.UNFINISHED;
    }

    /** May another run go on with what one with these leaves when it breaks off? */
    boolean isGoneOnWith() {
        return start != Start.ONCE && scripts.isEmpty();
    }
}

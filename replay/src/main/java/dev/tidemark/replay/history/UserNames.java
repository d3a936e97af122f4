package dev.tidemark.replay.history;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.RowFields;
import dev.tidemark.replay.profile.UserTable;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tells how users were called when they acted, from the rows of the table that a profile says holds
 * them: where they are named by its primary key. Others keep the name that they were named by. For
 * one thread.
 */
public final class UserNames {
    private final Archive archive;
    private final Path temporary;
    private final Function<Table, Optional<UserTable>> users;

    private UserNames(Archive archive, Path temporary, Function<Table, Optional<UserTable>> users) {
        this.archive = archive;
        this.temporary = temporary;
        this.users = users;
    }

    /**
     * By what a profile says of users.
     *
     * @param temporary a folder for files while they are read
     */
    public static UserNames by(Profile profile, Archive archive, Path temporary) {
        return new UserNames(archive, temporary, profile::users);
    }

    /** Nobody's name is known. */
    public static UserNames none(Archive archive, Path temporary) {
        return new UserNames(archive, temporary, table -> Optional.empty());
    }

    /**
     * Somebody who acts.
     *
     * @param name whom the application or the row names
     * @param changed a table that they changed
     * @param stretch the number of the one in which they did
     * @param position of their transaction
     */
    public record Acting(String name, Table changed, int stretch, Position position) {
        /** Somebody else in the same place. */
        Acting as(String newName) {
            return new Acting(newName, changed, stretch, position);
        }
    }

    /** Where the names of one group are looked up. */
    private record Place(UserTable users, int stretch) {}

    /** How they were called; who is not known is not among them. */
    public Map<Acting, String> of(Collection<Acting> all) throws IOException {
        Map<Table, Optional<UserTable>> known = new HashMap<>();
        Map<Place, Set<Acting>> groups = new HashMap<>();
        for (Acting one : all) {
            known.computeIfAbsent(one.changed(), users)
                    .map(table -> new Place(table, one.stretch()))
                    .ifPresent(
                            place ->
                                    groups.computeIfAbsent(place, any -> new HashSet<>()).add(one));
        }
        Map<Acting, String> names = new HashMap<>();
        for (Map.Entry<Place, Set<Acting>> group : groups.entrySet()) {
            names.putAll(names(group.getKey(), group.getValue()));
        }
        return names;
    }

    private Map<Acting, String> names(Place place, Set<Acting> all) throws IOException {
        UserTable table = place.users();
        Map<Acting, RowFields> rows =
                rows(table.table(), table.key(), place.stretch(), byItself(all, Acting::name));
        Map<Acting, String> names = new HashMap<>();
        if (table.person().isPresent()) {
            UserTable.Person person = table.person().get();
            Map<Acting, String> keys = new HashMap<>();
            rows.forEach(
                    (one, row) -> row.text(person.column()).ifPresent(key -> keys.put(one, key)));
            rows(person.table(), person.key(), place.stretch(), keys)
                    .forEach((one, row) -> person.name().of(row).ifPresent(n -> names.put(one, n)));
        }
        rows.forEach(
                (one, row) -> {
                    if (!names.containsKey(one)) {
                        table.name().of(row).ifPresent(name -> names.put(one, name));
                    }
                });
        return names;
    }

    private static Map<Acting, String> byItself(Set<Acting> all, Function<Acting, String> key) {
        return all.stream().collect(Collectors.toMap(Function.identity(), key));
    }

    /** The rows that some values name, each as of when its user acts. */
    private Map<Acting, RowFields> rows(
            Table named, String column, int stretch, Map<Acting, String> values)
            throws IOException {
        Optional<Table> there =
                inStretch(named, stretch)
                        .filter(
                                table ->
                                        KeyTexts.columns(table).stream()
                                                .map(one -> one.name())
                                                .toList()
                                                .equals(List.of(column)));
        Map<Acting, List<Value>> keys = new HashMap<>();
        there.ifPresent(
                table ->
                        values.forEach(
                                (one, value) ->
                                        key(table, value).ifPresent(key -> keys.put(one, key))));
        if (keys.isEmpty()) {
            return Map.of();
        }
        RowTimes times =
                RowTimes.read(
                        archive, temporary, stretch, there.get(), new HashSet<>(keys.values()));
        Map<Acting, RowFields> rows = new HashMap<>();
        keys.forEach(
                (one, key) -> times.at(key, one.position()).ifPresent(row -> rows.put(one, row)));
        return rows;
    }

    private Optional<Table> inStretch(Table named, int stretch) throws IOException {
        Stretch of = archive.state().stretches().get(stretch);
        return archive.catalog(of.catalog()).tables().stream()
                .filter(table -> table.displayName().equals(named.displayName()))
                .findFirst();
    }

    /** Whoever is named by something else than such a key is none of these users. */
    private static Optional<List<Value>> key(Table table, String value) {
        try {
            return Optional.of(KeyTexts.read(table, List.of(value)));
        } catch (TidemarkException e) {
            return Optional.empty();
        }
    }
}

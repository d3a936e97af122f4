package dev.tidemark.replay.content;

import dev.tidemark.replay.keys.SqlWords;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A catalog reduced to a part, and to whatever that needs: schemas, types, functions, sequences,
 * extensions.
 *
 * @param catalog the part
 * @param implied references of objects that were not asked for, nor belong to a table that was
 * @param notInPart what belongs to the part and cannot come, such as a foreign key to a table that
 *     is no part, each with the reason
 */
public record CatalogPart(Catalog catalog, Set<String> implied, List<String> notInPart) {
    public CatalogPart {
        implied = Set.copyOf(implied);
        notInPart = List.copyOf(notInPart);
    }

    /**
     * Reduces it. A partition without its parent comes as a table of its own.
     *
     * @throws TidemarkException (refused) when a table cannot be without one that is no part
     */
    public static CatalogPart of(Catalog whole, Part part) {
        return new Reduction(whole, part).reduced();
    }

    private static final class Reduction {
        /** What says how things belong together, and goes without a word where one is missing. */
        private static final Set<String> TIES =
                Set.of(
                        "index attachment",
                        "check validation",
                        "internal trigger",
                        "publication table",
                        "publication schema");

        private final Catalog whole;
        private final Part part;
        private final Standalone standalone;
        private final Map<String, CatalogObject> objects = new LinkedHashMap<>();
        private final Map<String, Table> tables = new LinkedHashMap<>();
        private final Map<String, String> schemas = new HashMap<>(); // references by name

        /** What cannot come, and what it would need for that. */
        private final Map<String, String> barred = new HashMap<>();

        Reduction(Catalog whole, Part part) {
            this.whole = whole;
            this.part = part;
            this.standalone = Standalone.of(whole, part.tables());
            whole.objects().stream()
                    .map(standalone::object)
                    .forEach(object -> objects.put(object.reference(), object));
            standalone.copies().forEach(copy -> objects.put(copy.reference(), copy));
            whole.tables().stream()
                    .map(standalone::table)
                    .forEach(table -> tables.put(table.reference(), table));
            objects.values().stream()
                    .filter(object -> object.kind().equals("schema"))
                    .forEach(schema -> schemas.put(schema.name(), schema.reference()));
        }

        CatalogPart reduced() {
            bar();
            part.tables().forEach(this::requireNeeds);
            Set<String> belonging = withParts(asked());
            Set<String> coming = withNeeds(belonging);
            // Without it a restore would drop that of a new database, as the source had none.
            Optional.ofNullable(schemas.get("public")).ifPresent(coming::add);
            Set<String> implied = new HashSet<>(coming);
            implied.removeAll(belonging);
            List<Table> comingTables =
                    tables.values().stream()
                            .filter(table -> part.tables().contains(table.id()))
                            .toList();
            List<CatalogObject> comingObjects =
                    objects.values().stream()
                            .filter(object -> coming.contains(object.reference()))
                            .toList();
            return new CatalogPart(
                    new Catalog(server(comingObjects), comingTables, comingObjects),
                    implied,
                    notInPart());
        }

        /** From each table that is no part to all that cannot be without it. */
        private void bar() {
            Map<String, List<String>> dependents = new HashMap<>();
            for (CatalogObject object : objects.values()) {
                Stream.concat(object.references().stream(), object.partOf().stream())
                        .forEach(
                                of ->
                                        dependents
                                                .computeIfAbsent(of, any -> new ArrayList<>())
                                                .add(object.reference()));
            }
            Deque<String> todo = new ArrayDeque<>();
            for (Table table : tables.values()) {
                if (!part.tables().contains(table.id())) {
                    barred.put(table.reference(), "table " + table.displayName());
                    todo.add(table.reference());
                }
            }
            for (String excluded : part.excluded()) {
                CatalogObject object = objects.get(excluded);
                if (object != null) {
                    barred.put(excluded, displayName(object));
                    todo.add(excluded);
                }
            }
            while (!todo.isEmpty()) {
                String reference = todo.remove();
                String cause = barred.getOrDefault(reference, "");
                for (String dependent : dependents.getOrDefault(reference, List.of())) {
                    if (barred.putIfAbsent(dependent, cause) == null) {
                        todo.add(dependent);
                    }
                }
            }
        }

        /** A table cannot be made without what gives its columns their types, and the like. */
        private void requireNeeds(long id) {
            Table table = tables.get("table:" + id);
            if (table == null) {
                throw new IllegalArgumentException("a part with a table that is not there: " + id);
            }
            Stream.concat(table.references().stream(), table.defaultReferences().stream())
                    .filter(reference -> !reference.equals(table.reference()))
                    .filter(barred::containsKey)
                    .findFirst()
                    .ifPresent(
                            reference -> {
                                throw TidemarkException.refused(
                                        "table %s cannot be without %s"
                                                .formatted(
                                                        table.displayName(), barred.get(reference)),
                                        "Ask for both.");
                            });
        }

        private Set<String> asked() {
            Set<String> asked = new HashSet<>(part.objects());
            part.tables().forEach(id -> asked.add("table:" + id));
            return asked;
        }

        /** And all that belongs to something asked for: indexes, constraints, sequences, … */
        private Set<String> withParts(Collection<String> whole) {
            Map<String, List<String>> parts = new HashMap<>();
            for (CatalogObject object : objects.values()) {
                Stream.concat(
                                object.partOf().stream(),
                                object.sequence().stream()
                                        .flatMap(state -> state.table().stream())
                                        .map(id -> "table:" + id))
                        .forEach(
                                of ->
                                        parts.computeIfAbsent(of, any -> new ArrayList<>())
                                                .add(object.reference()));
            }
            return reach(whole, of -> parts.getOrDefault(of, List.of()));
        }

        /** And all that is needed, with its parts and the schemas to put it into. */
        private Set<String> withNeeds(Set<String> belonging) {
            Set<String> coming = new HashSet<>(belonging);
            while (true) {
                int before = coming.size();
                coming.addAll(withParts(reach(coming, this::needs)));
                coming.addAll(roles(coming));
                if (coming.size() == before) {
                    return coming;
                }
            }
        }

        private List<String> needs(String reference) {
            List<String> needs = new ArrayList<>();
            Table table = tables.get(reference);
            if (table != null) {
                needs.addAll(table.references());
                needs.addAll(table.defaultReferences());
                needs.add(schemas.getOrDefault(table.schema(), reference));
            }
            CatalogObject object = objects.get(reference);
            if (object != null) {
                needs.addAll(object.references());
                needs.add(schemas.getOrDefault(object.schema(), reference));
            }
            return needs;
        }

        /** Roles stand in no dependency that the catalog holds. */
        private Set<String> roles(Set<String> coming) {
            Set<String> named = new HashSet<>();
            objects.values().stream()
                    .filter(object -> object.kind().equals("policy"))
                    .filter(object -> coming.contains(object.reference()))
                    .flatMap(object -> object.definition().stream())
                    .flatMap(statement -> new SqlWords(statement).words().stream())
                    .filter(SqlWords.Word::isName)
                    .forEach(word -> named.add(word.text()));
            Set<String> roles = new HashSet<>();
            objects.values().stream()
                    .filter(object -> object.kind().equals("role"))
                    .filter(role -> named.contains(role.name()))
                    .forEach(role -> roles.add(role.reference()));
            return roles;
        }

        private interface Next {
            List<String> of(String reference);
        }

        private Set<String> reach(Collection<String> start, Next next) {
            Set<String> reached = new HashSet<>(start);
            reached.removeIf(barred::containsKey);
            Deque<String> todo = new ArrayDeque<>(reached);
            while (!todo.isEmpty()) {
                next.of(todo.remove()).stream()
                        .filter(reference -> !barred.containsKey(reference))
                        .filter(reached::add)
                        .forEach(todo::add);
            }
            return reached;
        }

        private ServerSettings server(List<CatalogObject> coming) {
            ServerSettings server = whole.server();
            Map<String, String> extensions = new TreeMap<>(server.extensions());
            extensions
                    .keySet()
                    .removeIf(
                            name ->
                                    coming.stream()
                                            .filter(object -> object.kind().equals("extension"))
                                            .noneMatch(object -> object.name().equals(name)));
            return new ServerSettings(
                    server.version(),
                    server.encoding(),
                    server.collation(),
                    server.ctype(),
                    server.localeProvider(),
                    server.locale(),
                    server.collationVersion(),
                    extensions,
                    server.settings());
        }

        private List<String> notInPart() {
            List<String> lines = new ArrayList<>(standalone.notes());
            for (CatalogObject object : objects.values()) {
                String cause = barred.get(object.reference());
                boolean isOfBarred = object.partOf().filter(barred::containsKey).isPresent();
                boolean isOfPart =
                        part.objects().contains(object.reference())
                                || object.partOf()
                                        .filter(of -> tables.containsKey(of))
                                        .filter(of -> !barred.containsKey(of))
                                        .isPresent();
                if (cause != null
                        && isOfPart
                        && !isOfBarred
                        && !TIES.contains(object.kind())
                        && !object.definition().isEmpty()) {
                    lines.add("%s, which needs %s".formatted(displayName(object), cause));
                }
            }
            return lines.stream().sorted().toList();
        }

        private String displayName(CatalogObject object) {
            String schema = object.schema().isEmpty() ? "" : object.schema() + ".";
            String of =
                    object.partOf().stream()
                            .map(tables::get)
                            .filter(table -> table != null)
                            .map(table -> " of " + table.displayName())
                            .findFirst()
                            .orElse("");
            return of.isEmpty()
                    ? object.kind() + " " + schema + object.name()
                    : object.kind() + " " + object.name() + of;
        }
    }
}

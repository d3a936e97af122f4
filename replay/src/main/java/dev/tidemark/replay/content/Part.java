package dev.tidemark.replay.content;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A selection resolved against a catalog.
 *
 * @param tables ids of the tables that are asked for
 * @param objects references of other objects that are asked for by themselves
 * @param excluded references of views and foreign tables that must not come, even where something
 *     needs them; types and functions come wherever they are needed
 */
public record Part(Set<Long> tables, Set<String> objects, Set<String> excluded) {
    /** What a pattern of tables finds besides tables, as in pg_dump. */
    private static final Set<String> RELATIONS =
            Set.of("view", "materialized view", "foreign table", "sequence");

    public Part {
        tables = Set.copyOf(tables);
        objects = Set.copyOf(objects);
        excluded = Set.copyOf(excluded);
    }

    /**
     * Resolves it. With a partitioned table come its partitions.
     *
     * @throws TidemarkException (refused) when a pattern matches nothing, or a plain name without a
     *     schema several tables
     */
    public static Part of(Selection selection, Catalog catalog, Position cut) {
        return new Resolution(catalog, cut).part(selection);
    }

    /** Something with a name of the form {@code schema.name}. */
    private record Named(String reference, String schema, String name) {
        String displayName() {
            return schema + "." + name;
        }
    }

    private record Resolution(Catalog catalog, Position cut) {
        Part part(Selection selection) {
            Set<String> asked = new HashSet<>();
            for (TablePattern pattern : selection.tables()) {
                asked.addAll(ofPattern(pattern));
            }
            for (String pattern : selection.schemas()) {
                asked.addAll(ofSchema(pattern));
            }
            if (!selection.isOfNames()) {
                catalog.tables().forEach(table -> asked.add(table.reference()));
                catalog.objects().forEach(object -> asked.add(object.reference()));
            }
            Set<String> excluded = new HashSet<>();
            for (TablePattern pattern : selection.excludedTables()) {
                excluded.addAll(ofPattern(pattern));
            }
            for (String pattern : selection.excludedSchemas()) {
                excluded.addAll(ofSchema(pattern));
            }
            withPartitions(asked);
            withPartitions(excluded);
            catalog.objects().stream()
                    .filter(object -> isOwnedBy(object, excluded))
                    .map(CatalogObject::reference)
                    .forEach(excluded::add);
            asked.removeAll(excluded);
            Set<Long> tables =
                    catalog.tables().stream()
                            .filter(table -> asked.contains(table.reference()))
                            .map(Table::id)
                            .collect(Collectors.toSet());
            asked.removeIf(reference -> reference.startsWith("table:"));
            if (tables.isEmpty() && asked.isEmpty()) {
                throw TidemarkException.refused(
                        "nothing is left of what is asked for",
                        "Exclude less: what is excluded is so in any case.");
            }
            excluded.retainAll(relationsOfOthers());
            return new Part(tables, asked, excluded);
        }

        private Set<String> ofPattern(TablePattern pattern) {
            List<Named> found =
                    relations().filter(one -> pattern.matches(one.schema(), one.name())).toList();
            if (found.isEmpty()) {
                throw nothing(
                        "no table, view or sequence matches '%s'".formatted(pattern.text()),
                        pattern.text(),
                        relations().map(Named::displayName).toList());
            }
            if (found.size() > 1 && pattern.isOneAnywhere()) {
                throw TidemarkException.refused(
                        "'%s' is the name of several tables: %s"
                                .formatted(
                                        pattern.text(),
                                        found.stream().map(Named::displayName).sorted().toList()),
                        "Name the schema too, or give '*.%s' for all of them."
                                .formatted(pattern.text()));
            }
            return found.stream().map(Named::reference).collect(Collectors.toSet());
        }

        private static boolean isOwnedBy(CatalogObject object, Set<String> tables) {
            return object.sequence()
                    .flatMap(state -> state.table())
                    .filter(id -> tables.contains("table:" + id))
                    .isPresent();
        }

        private Set<String> relationsOfOthers() {
            return catalog.objects().stream()
                    .filter(object -> RELATIONS.contains(object.kind()))
                    .filter(object -> object.sequence().isEmpty())
                    .map(CatalogObject::reference)
                    .collect(Collectors.toSet());
        }

        private Stream<Named> relations() {
            return Stream.concat(
                    catalog.tables().stream()
                            .map(of -> new Named(of.reference(), of.schema(), of.name())),
                    catalog.objects().stream()
                            .filter(object -> RELATIONS.contains(object.kind()))
                            .map(of -> new Named(of.reference(), of.schema(), of.name())));
        }

        /** All that is in schemas, which are asked for by themselves too. */
        private Set<String> ofSchema(String text) {
            NamePattern pattern = NamePattern.parse(text);
            Predicate<CatalogObject> isSchema = object -> object.kind().equals("schema");
            if (catalog.objects().stream()
                    .filter(isSchema)
                    .noneMatch(object -> pattern.matches(object.name()))) {
                throw nothing(
                        "no schema matches '%s'".formatted(text),
                        text,
                        catalog.objects().stream()
                                .filter(isSchema)
                                .map(CatalogObject::name)
                                .toList());
            }
            return Stream.concat(
                            catalog.tables().stream()
                                    .filter(table -> pattern.matches(table.schema()))
                                    .map(Table::reference),
                            catalog.objects().stream()
                                    .filter(object -> !object.schema().isEmpty())
                                    .filter(object -> object.partOf().isEmpty())
                                    .filter(object -> pattern.matches(object.schema()))
                                    .map(CatalogObject::reference))
                    .collect(Collectors.toSet());
        }

        private void withPartitions(Set<String> references) {
            Deque<String> todo = new ArrayDeque<>(references);
            while (!todo.isEmpty()) {
                String parent = todo.remove();
                catalog.tables().stream()
                        .filter(table -> table.partitionBound().isPresent())
                        .filter(table -> table.parents().stream().anyMatch(isTable(parent)))
                        .map(Table::reference)
                        .filter(references::add)
                        .forEach(todo::add);
            }
        }

        private static Predicate<Long> isTable(String reference) {
            return id -> reference.equals("table:" + id);
        }

        private TidemarkException nothing(String message, String wanted, Collection<String> there) {
            List<String> names = new ArrayList<>(new TreeSet<>(there));
            return TidemarkException.refused(
                    "%s at %s".formatted(message, cut), NearestNames.hint(wanted, names));
        }
    }
}

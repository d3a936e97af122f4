package dev.tidemark.replay.content;

import dev.tidemark.replay.content.SqlNames.QualifiedName;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.NotNullConstraint;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes tables of a part whose parents are none into tables of their own: what they have from their
 * parents becomes theirs. Triggers of the parents do not.
 */
final class Standalone {
    /** What a partition has by itself, though it is tied to the parent's. */
    private static final Set<String> OWN = Set.of("index", "primary key", "unique", "exclusion");

    /** What a child has from its parent, and the catalog says there only. */
    private static final Set<String> COPIED = Set.of("check", "foreign key");

    private final Map<Long, Table> all = new HashMap<>();
    private final Map<Long, Table> changed = new HashMap<>();
    private final Map<Long, Set<String>> lost = new HashMap<>(); // references of ancestors
    private final List<CatalogObject> copies = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Standalone() {}

    static Standalone of(Catalog whole, Set<Long> part) {
        Standalone standalone = new Standalone();
        whole.tables().forEach(table -> standalone.all.put(table.id(), table));
        for (Table table : whole.tables()) {
            if (part.contains(table.id()) && !part.containsAll(table.parents())) {
                standalone.cut(table, part, whole);
            }
        }
        return standalone;
    }

    /** The table as it comes. */
    Table table(Table table) {
        return changed.getOrDefault(table.id(), table);
    }

    /** The object as it comes: what a partition has does not need the like of its parent. */
    CatalogObject object(CatalogObject object) {
        Optional<Set<String>> without =
                changed.values().stream()
                        .filter(table -> object.partOf().equals(Optional.of(table.reference())))
                        .filter(table -> OWN.contains(object.kind()))
                        .map(table -> lost.getOrDefault(table.id(), Set.of()))
                        .findFirst();
        return without.isEmpty()
                ? object
                : object.withReferences(
                        object.references().stream()
                                .filter(reference -> !without.get().contains(reference))
                                .toList());
    }

    /** Checks and foreign keys that were the parents'. */
    List<CatalogObject> copies() {
        return copies;
    }

    /** For people: what does not come. */
    List<String> notes() {
        return notes;
    }

    private void cut(Table table, Set<Long> part, Catalog whole) {
        List<Table> kept = new ArrayList<>();
        List<Table> cut = new ArrayList<>();
        for (long id : table.parents()) {
            Optional.ofNullable(all.get(id))
                    .ifPresent(parent -> (part.contains(id) ? kept : cut).add(parent));
        }
        Set<Table> ancestors = new HashSet<>();
        cut.forEach(parent -> addWithAncestors(parent, ancestors));
        Set<String> references = new HashSet<>();
        for (Table ancestor : ancestors) {
            references.add(ancestor.reference());
            whole.objects().stream()
                    .filter(object -> isOf(object, ancestor))
                    .map(CatalogObject::reference)
                    .forEach(references::add);
        }
        lost.put(table.id(), references);
        changed.put(table.id(), alone(table, kept, references));
        ancestors.forEach(ancestor -> copy(ancestor, table, whole));
        notes.add(
                "that %s %s %s"
                        .formatted(
                                table.displayName(),
                                table.partitionBound().isPresent()
                                        ? "is a partition of"
                                        : "inherits from",
                                String.join(", ", cut.stream().map(Table::displayName).toList())));
    }

    private void addWithAncestors(Table table, Set<Table> ancestors) {
        if (ancestors.add(table)) {
            for (long id : table.parents()) {
                Optional.ofNullable(all.get(id))
                        .ifPresent(parent -> addWithAncestors(parent, ancestors));
            }
        }
    }

    private static boolean isOf(CatalogObject object, Table table) {
        return object.partOf().equals(Optional.of(table.reference()));
    }

    private static Table alone(Table table, List<Table> parents, Set<String> lost) {
        Set<String> inherited = new HashSet<>();
        parents.forEach(parent -> parent.columns().forEach(of -> inherited.add(of.name())));
        return table.withParents(
                parents.stream().map(Table::id).toList(),
                Optional.empty(),
                table.columns().stream()
                        .map(column -> inherited.contains(column.name()) ? column : own(column))
                        .toList(),
                table.references().stream().filter(of -> !lost.contains(of)).toList());
    }

    private static Column own(Column column) {
        return column.notInherited(
                column.notNullConstraint()
                        .map(
                                constraint ->
                                        new NotNullConstraint(
                                                constraint.name(),
                                                false,
                                                constraint.noInherit(),
                                                constraint.comment())));
    }

    private void copy(Table ancestor, Table table, Catalog whole) {
        Set<String> there = new HashSet<>();
        whole.objects().stream()
                .filter(object -> isOf(object, table))
                .forEach(object -> there.add(object.name()));
        copies.stream().filter(of -> isOf(of, table)).forEach(of -> there.add(of.name()));
        QualifiedName was = new QualifiedName(ancestor.schema(), ancestor.name());
        SqlNames names =
                new SqlNames(
                        Map.of(was, new QualifiedName(table.schema(), table.name())),
                        List.of(),
                        Set.of());
        for (CatalogObject object : whole.objects()) {
            boolean isCopied =
                    isOf(object, ancestor)
                            && COPIED.contains(object.kind())
                            && !object.definition().toString().contains(" NO INHERIT")
                            && (object.kind().equals("check")
                                    || table.partitionBound().isPresent());
            if (isCopied && there.add(object.name())) {
                copies.add(copy(object, ancestor, table, names));
            }
        }
    }

    private CatalogObject copy(CatalogObject object, Table ancestor, Table table, SqlNames names) {
        List<String> references = new ArrayList<>(object.references());
        references.replaceAll(of -> of.equals(ancestor.reference()) ? table.reference() : of);
        // Numbers of the source are positive, so that none of them is another object's.
        long id = -1L - copies.size();
        return new CatalogObject(
                object.kind(),
                id,
                table.schema(),
                object.name(),
                object.definition().stream().map(names::in).toList(),
                object.stage(),
                references,
                object.owner(),
                object.grants(),
                object.comment(),
                names.in(object.address()),
                Optional.of(table.reference()),
                Optional.empty());
    }
}

package dev.tidemark.replay.content;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a request means at a cut.
 *
 * @param catalog the whole one there
 * @param part what of it is asked for
 * @param request as it was made
 */
public record ChosenPart(Catalog catalog, Part part, PartRequest request) {
    /**
     * Resolves a request.
     *
     * @throws dev.tidemark.schemas.TidemarkException (refused) when there is no such part, or it
     *     cannot be without another one
     */
    public static ChosenPart of(PartRequest request, Catalog catalog, Position cut) {
        ChosenPart chosen =
                new ChosenPart(catalog, Part.of(request.selection(), catalog, cut), request);
        chosen.reduced(catalog);
        return chosen;
    }

    /** Those of them that come without their rows. */
    public Set<String> withoutRows() {
        return request.extent() == Extent.STRUCTURE ? tables() : Set.of();
    }

    /** Names of the tables that are asked for, as the source has them. */
    public Set<String> tables() {
        return chosen().stream().map(Table::displayName).collect(Collectors.toUnmodifiableSet());
    }

    private List<Table> chosen() {
        return catalog.tables().stream()
                .filter(table -> part.tables().contains(table.id()))
                .toList();
    }

    /** Ids of the tables whose rows are asked for. */
    public Set<Long> withRows() {
        return request.extent() == Extent.STRUCTURE ? Set.of() : part.tables();
    }

    /** Names of the tables whose rows are not asked for. */
    public Set<String> withoutTheirRows() {
        Set<Long> with = withRows();
        return catalog.tables().stream()
                .filter(table -> !with.contains(table.id()))
                .map(Table::displayName)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Is a partition of its tables, whether it was there or came later, no part of it? So is one
     * whose rows are not in the archive, and one that the user excludes by a pattern.
     */
    public boolean leavesOut(String schema, String name) {
        Selection selection = request.selection();
        return partitionsLeftOut().contains(schema + "." + name)
                || selection.excludes(schema, name)
                || catalog.objects().stream()
                        .filter(object -> object.kind().equals("foreign table"))
                        .anyMatch(
                                object ->
                                        object.schema().equals(schema)
                                                && object.name().equals(name));
    }

    /** Names of partitions of its tables that were there and are no part of it. */
    private Set<String> partitionsLeftOut() {
        Set<Long> left = new HashSet<>();
        Set<Long> inside = new HashSet<>(part.tables());
        for (int before = -1; before < inside.size(); ) {
            before = inside.size();
            catalog.tables().stream()
                    .filter(table -> table.partitionBound().isPresent())
                    .filter(table -> table.parents().stream().anyMatch(inside::contains))
                    .map(Table::id)
                    .filter(inside::add)
                    .forEach(left::add);
        }
        return catalog.tables().stream()
                .filter(table -> left.contains(table.id()))
                .map(Table::displayName)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What belongs to the part and cannot come, each with the reason. */
    public List<String> notInPart() {
        return request.extent() == Extent.ROWS ? List.of() : reduced(catalog).notInPart();
    }

    /** The catalog of the part, with the names that it shall have. */
    public CatalogPart reduced() {
        return reduced(catalog);
    }

    private CatalogPart reduced(Catalog of) {
        CatalogPart reduced = CatalogPart.of(of, part);
        Renaming renaming = Renaming.of(request.renames(), reduced.catalog());
        return new CatalogPart(
                renaming.catalog(reduced.catalog()), reduced.implied(), reduced.notInPart());
    }

    /**
     * The part of a whole.
     *
     * @param database with at least the rows that are asked for, masked or not
     */
    public Content of(Content database) {
        Catalog reduced = reduced(database.catalog()).catalog();
        List<TableRows> rows =
                request.extent() == Extent.STRUCTURE
                        ? List.of()
                        : database.tables().stream()
                                .filter(source -> isChosen(source.table()))
                                .<TableRows>map(
                                        source ->
                                                new NamedRows(
                                                        source, named(reduced, source.table())))
                                .toList();
        List<Table> without =
                request.extent() == Extent.STRUCTURE
                        ? reduced.tables().stream().filter(Table::holdsRows).toList()
                        : database.withoutRows().stream()
                                .filter(this::isChosen)
                                .map(table -> named(reduced, table))
                                .toList();
        return new Content(reduced, rows, without);
    }

    private boolean isChosen(Table table) {
        return part.tables().contains(table.id());
    }

    private static Table named(Catalog catalog, Table table) {
        return catalog.tables().stream()
                .filter(of -> of.id() == table.id())
                .findFirst()
                .orElseThrow();
    }
}

package dev.tidemark.schemas.catalog;

import java.util.List;
import java.util.Optional;

/**
 * Anything of a database that is neither a table nor a column, as of some moment, by the statements
 * that make it.
 *
 * @param kind one lower-case word or a few: {@code schema}, {@code enum}, {@code index}, {@code
 *     index attachment}, … Kinds that a restore leaves out have no definition.
 * @param id the source's own number among objects of its kind (PostgreSQL: OID)
 * @param schema {@code ""} for what lives in none
 * @param name unquoted; of a part of a table, its own name without the table's
 * @param definition statements that make it, in order, every name qualified and quoted by the
 *     source
 * @param stage when it is made
 * @param references what must exist before it, as {@code kind:id}, sorted
 * @param owner the owning role, {@code ""} for what has none of its own
 * @param grants PostgreSQL's aclitem texts; none means what its kind comes with, and one that
 *     grants nothing ({@code =/owner}) that all was taken away
 * @param comment the description
 * @param address how statements such as {@code COMMENT ON} name it, for example {@code FUNCTION
 *     s.f(integer)}; {@code ""} when they cannot
 * @param partOf the object or table, as {@code kind:id}, without which it cannot be and whose every
 *     state lists all its parts: a table's indexes, constraints, triggers, …, a domain's checks
 * @param sequence for a sequence: where it stands and whom it serves
 * @param columnGrants for a view or a foreign table: the rights to single columns of it
 * @param revoked for rights to what belongs to the server or an extension: those that it came with
 *     and that were taken away, where {@code grants} are those that came
 */
public record CatalogObject(
        String kind,
        long id,
        String schema,
        String name,
        List<String> definition,
        Stage stage,
        List<String> references,
        String owner,
        List<String> grants,
        Optional<String> comment,
        String address,
        Optional<String> partOf,
        Optional<SequenceState> sequence,
        List<ColumnGrants> columnGrants,
        List<String> revoked) {
    /**
     * Rights to one column.
     *
     * @param column its name, unquoted
     * @param grants PostgreSQL's aclitem texts
     * @param revoked as in the object
     */
    public record ColumnGrants(String column, List<String> grants, List<String> revoked) {
        public ColumnGrants {
            grants = List.copyOf(grants);
            revoked = List.copyOf(revoked);
        }
    }

    /** When an object is made, seen from the rows of the tables. */
    public enum Stage {
        /** The rows need it, or do not mind it. */
        BEFORE_ROWS,
        /** It would slow loading down, refuse rows that come in another order, or change them. */
        AFTER_ROWS
    }

    public CatalogObject {
        definition = List.copyOf(definition);
        references = List.copyOf(references);
        grants = List.copyOf(grants);
        columnGrants = List.copyOf(columnGrants);
        revoked = List.copyOf(revoked);
    }

    /** An object to whose columns, if it has any, nobody has rights of their own. */
    public CatalogObject(
            String kind,
            long id,
            String schema,
            String name,
            List<String> definition,
            Stage stage,
            List<String> references,
            String owner,
            List<String> grants,
            Optional<String> comment,
            String address,
            Optional<String> partOf,
            Optional<SequenceState> sequence) {
        this(
                kind,
                id,
                schema,
                name,
                definition,
                stage,
                references,
                owner,
                grants,
                comment,
                address,
                partOf,
                sequence,
                List.of(),
                List.of());
    }

    /** How others name it: {@code kind:id}. */
    public String reference() {
        return kind + ":" + id;
    }

    public CatalogObject withReferences(List<String> newReferences) {
        return new CatalogObject(
                kind,
                id,
                schema,
                name,
                definition,
                stage,
                newReferences,
                owner,
                grants,
                comment,
                address,
                partOf,
                sequence,
                columnGrants,
                revoked);
    }

    public CatalogObject withSequence(SequenceState state) {
        return new CatalogObject(
                kind,
                id,
                schema,
                name,
                definition,
                stage,
                references,
                owner,
                grants,
                comment,
                address,
                partOf,
                Optional.of(state),
                columnGrants,
                revoked);
    }

    /** The same object under another name. */
    public CatalogObject renamed(
            String newSchema, String newName, List<String> newDefinition, String newAddress) {
        return new CatalogObject(
                kind,
                id,
                newSchema,
                newName,
                newDefinition,
                stage,
                references,
                owner,
                grants,
                comment,
                newAddress,
                partOf,
                sequence,
                columnGrants,
                revoked);
    }
}

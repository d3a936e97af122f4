package dev.tidemark.schemas.catalog;

import java.util.List;
import java.util.Optional;

/**
 * A column of a table, as of some moment.
 *
 * @param id the source's own number of the column, never used twice in one table (PostgreSQL:
 *     attnum)
 * @param type the type as the source writes it in a definition, for example {@code character
 *     varying(40)}
 * @param defaultExpression the default, or the expression of a generated column
 * @param generated {@code ""} for an ordinary column, {@code "s"} stored, {@code "v"} virtual:
 *     neither is in the stream nor in a base
 * @param identity {@code ""}, {@code "a"} (always) or {@code "d"} (by default)
 * @param collation when it is not the type's own, quoted
 * @param missing the value, as text, that rows older than the column have (PostgreSQL:
 *     attmissingval)
 * @param storage PostgreSQL's attstorage when it is not the type's own
 * @param compression PostgreSQL's attcompression, {@code ""} for the default
 * @param statistics the statistics target when set
 * @param comment the description
 * @param grants PostgreSQL's aclitem texts, of rights to this column alone
 * @param inherited it comes from the parents of the table alone (PostgreSQL: not attislocal)
 * @param options {@code name=value} for the planner, such as {@code n_distinct}
 * @param notNullConstraint what makes it {@code notNull}, where that has a name
 */
public record Column(
        int id,
        String name,
        String type,
        boolean notNull,
        Optional<String> defaultExpression,
        String generated,
        String identity,
        Optional<String> collation,
        Optional<String> missing,
        Optional<String> storage,
        String compression,
        Optional<Integer> statistics,
        Optional<String> comment,
        List<String> grants,
        boolean inherited,
        List<String> options,
        Optional<NotNullConstraint> notNullConstraint) {
    public Column {
        grants = List.copyOf(grants);
        options = List.copyOf(options);
    }

    /** A column of its table alone, to which nobody has rights of its own. */
    public Column(
            int id,
            String name,
            String type,
            boolean notNull,
            Optional<String> defaultExpression,
            String generated,
            String identity,
            Optional<String> collation,
            Optional<String> missing,
            Optional<String> storage,
            String compression,
            Optional<Integer> statistics,
            Optional<String> comment) {
        this(
                id,
                name,
                type,
                notNull,
                defaultExpression,
                generated,
                identity,
                collation,
                missing,
                storage,
                compression,
                statistics,
                comment,
                List.of(),
                false,
                List.of(),
                Optional.empty());
    }

    /** A column of which only number and name are known yet. */
    public static Column provisional(int id, String name) {
        return new Column(
                id,
                name,
                "text",
                false,
                Optional.empty(),
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty());
    }

    /** Is the value computed, so that neither the stream nor a base carries it? */
    public boolean isGenerated() {
        return !generated.isEmpty();
    }

    /** The same column of a table that has no parent with it. */
    public Column notInherited(Optional<NotNullConstraint> newConstraint) {
        return new Column(
                id,
                name,
                type,
                notNull,
                defaultExpression,
                generated,
                identity,
                collation,
                missing,
                storage,
                compression,
                statistics,
                comment,
                grants,
                false,
                options,
                newConstraint);
    }

    /** The same column with another name. */
    public Column named(String newName) {
        return new Column(
                id,
                newName,
                type,
                notNull,
                defaultExpression,
                generated,
                identity,
                collation,
                missing,
                storage,
                compression,
                statistics,
                comment,
                grants,
                inherited,
                options,
                notNullConstraint);
    }

    /** The same column with another text of its default, or of what it is generated by. */
    public Column withDefault(Optional<String> newExpression) {
        return new Column(
                id,
                name,
                type,
                notNull,
                newExpression,
                generated,
                identity,
                collation,
                missing,
                storage,
                compression,
                statistics,
                comment,
                grants,
                inherited,
                options,
                notNullConstraint);
    }
}

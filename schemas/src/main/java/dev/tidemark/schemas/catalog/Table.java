package dev.tidemark.schemas.catalog;

import java.util.List;
import java.util.Optional;

/**
 * A table as of some moment.
 *
 * @param id the source's own number of the table, never its name (PostgreSQL: OID)
 * @param version grows with every schema change of the table; rows of the archive name the version
 *     that they were written in. 1 in a first catalog.
 * @param kind {@code "r"} ordinary, {@code "p"} partitioned (holds no rows)
 * @param persistence {@code "p"} permanent, {@code "u"} unlogged (its rows are not captured)
 * @param replicaIdentity PostgreSQL's relreplident: d, n, f, i
 * @param columns those that exist, by id ascending
 * @param key ids of the columns that name a row, or empty: then the table is a bag, in which
 *     exactly one equal row goes. Only an index that is unique, immediate and over columns that are
 *     not null makes a key.
 * @param rewritten the rows were changed by a command without any event (a table rewrite) and are
 *     not known since
 * @param partitionKey for a partitioned table, as in {@code PARTITION BY …}
 * @param partitionBound for a partition, as in {@code FOR VALUES …}
 * @param parents tables that it inherits from or is a partition of, in order
 * @param options storage parameters, {@code name=value}
 * @param rowSecurity {@code ""}, {@code "enabled"}, {@code "forced"} or {@code "enabled forced"}
 * @param owner the owning role
 * @param grants PostgreSQL's aclitem texts; none means what a table comes with, and one that grants
 *     nothing ({@code =/owner}) that all was taken away
 * @param comment the description
 * @param references what must exist before it, as {@code kind:id}: types, collations, parents,
 *     functions of generated columns and of the partition key
 * @param defaultReferences what the defaults of its columns use besides, as {@code kind:id}: they
 *     can be set later, which breaks a circle
 * @param extension the extension that makes it
 * @param configuration of one that an extension makes: are its rows the user's? The others are
 *     those that the extension makes
 * @param accessMethod how its rows are stored, and those of later partitions; none is {@code heap}
 *     for a table, and for a partitioned one whatever is the default then
 */
public record Table(
        long id,
        int version,
        String schema,
        String name,
        String kind,
        String persistence,
        String replicaIdentity,
        List<Column> columns,
        List<Integer> key,
        boolean rewritten,
        Optional<String> partitionKey,
        Optional<String> partitionBound,
        List<Long> parents,
        List<String> options,
        String rowSecurity,
        String owner,
        List<String> grants,
        Optional<String> comment,
        List<String> references,
        List<String> defaultReferences,
        Optional<String> accessMethod,
        Optional<String> extension,
        boolean configuration) {
    public Table {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        parents = List.copyOf(parents);
        options = List.copyOf(options);
        grants = List.copyOf(grants);
        references = List.copyOf(references);
        defaultReferences = List.copyOf(defaultReferences);
    }

    /** A table that uses nothing but types and functions of the server itself. */
    public Table(
            long id,
            int version,
            String schema,
            String name,
            String kind,
            String persistence,
            String replicaIdentity,
            List<Column> columns,
            List<Integer> key,
            boolean rewritten,
            Optional<String> partitionKey,
            Optional<String> partitionBound,
            List<Long> parents,
            List<String> options,
            String rowSecurity,
            String owner,
            List<String> grants,
            Optional<String> comment) {
        this(
                id,
                version,
                schema,
                name,
                kind,
                persistence,
                replicaIdentity,
                columns,
                key,
                rewritten,
                partitionKey,
                partitionBound,
                parents,
                options,
                rowSecurity,
                owner,
                grants,
                comment,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** A table of which only the columns' numbers and names are known yet. */
    public static Table provisional(long id, String schema, String name, List<Column> columns) {
        return new Table(
                id,
                0,
                schema,
                name,
                "r",
                "p",
                "d",
                columns,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                "",
                "",
                List.of(),
                Optional.empty());
    }

    /** Was it made by {@link #provisional}? */
    public boolean isProvisional() {
        return owner.isEmpty();
    }

    /** How others name it: {@code table:id}. */
    public String reference() {
        return "table:" + id;
    }

    /**
     * The columns that the stream and bases carry, by id ascending: the order of every row's
     * fields.
     */
    public List<Column> stored() {
        return columns.stream().filter(column -> !column.isGenerated()).toList();
    }

    /** Does it hold rows that are captured and restored? */
    public boolean holdsRows() {
        return kind.equals("r") && persistence.equals("p") && !isOnlyExtensions();
    }

    /** Is all of it what an extension makes? */
    public boolean isOnlyExtensions() {
        return extension.isPresent() && !configuration;
    }

    /** For people: {@code schema.name}, unquoted. */
    public String displayName() {
        return schema + "." + name;
    }

    public Table withVersion(int newVersion) {
        return new Table(
                id,
                newVersion,
                schema,
                name,
                kind,
                persistence,
                replicaIdentity,
                columns,
                key,
                rewritten,
                partitionKey,
                partitionBound,
                parents,
                options,
                rowSecurity,
                owner,
                grants,
                comment,
                references,
                defaultReferences,
                accessMethod,
                extension,
                configuration);
    }

    public Table withRewritten(boolean isRewritten) {
        return new Table(
                id,
                version,
                schema,
                name,
                kind,
                persistence,
                replicaIdentity,
                columns,
                key,
                isRewritten,
                partitionKey,
                partitionBound,
                parents,
                options,
                rowSecurity,
                owner,
                grants,
                comment,
                references,
                defaultReferences,
                accessMethod,
                extension,
                configuration);
    }

    /** The same table under another one, or under none. */
    public Table withParents(
            List<Long> newParents,
            Optional<String> newBound,
            List<Column> newColumns,
            List<String> newReferences) {
        return new Table(
                id,
                version,
                schema,
                name,
                kind,
                persistence,
                replicaIdentity,
                newColumns,
                key,
                rewritten,
                partitionKey,
                newBound,
                newParents,
                options,
                rowSecurity,
                owner,
                grants,
                comment,
                newReferences,
                defaultReferences,
                accessMethod,
                extension,
                configuration);
    }

    /** The same table under another name, with columns whose defaults may name it. */
    public Table renamed(String newSchema, String newName, List<Column> newColumns) {
        return new Table(
                id,
                version,
                newSchema,
                newName,
                kind,
                persistence,
                replicaIdentity,
                newColumns,
                key,
                rewritten,
                partitionKey,
                partitionBound,
                parents,
                options,
                rowSecurity,
                owner,
                grants,
                comment,
                references,
                defaultReferences,
                accessMethod,
                extension,
                configuration);
    }
}

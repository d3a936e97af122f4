package dev.tidemark.replay.profile;

import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.replay.rows.VirtualReferences;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a profile means for the tables of a database. What a file says goes before what the ready
 * one says that it extends; in a file what is said of a table goes before what is said of a
 * pattern, and that before what is said of all. Of what is not there the next is taken. Immutable,
 * and safe for use by many threads.
 */
public final class Profile {
    /** Says what a column is where it has a name that many applications give to it. */
    public static final String KNOWN_NAME = "name of the column";

    /** Says what a column is by its type. */
    public static final String SCHEMA = "type of the column";

    private static final Set<String> JSON_TYPES = Set.of("json", "jsonb");
    private static final int DEPTH_MAX = 32; // partitions of partitions; nobody has more

    private final Catalog catalog;
    private final Map<Long, Table> byId = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final List<ProfileFile.Content> layers;

    private Profile(Catalog catalog, List<ProfileFile.Content> layers) {
        this.catalog = catalog;
        this.layers = List.copyOf(layers);
        for (Table table : catalog.tables()) {
            byId.put(table.id(), table);
            names.add(table.displayName());
        }
    }

    /** Without any file: known names of columns alone. */
    public static Profile none(Catalog catalog) {
        return new Profile(catalog, List.of());
    }

    /**
     * Of a file for the schema as it is now.
     *
     * @throws TidemarkException (refused) with all that a user's file names and is not there
     */
    public static Profile of(ProfileFile file, Catalog catalog) {
        Profile profile = at(file, catalog);
        if (file.content().author() == ProfileFile.Author.USER) {
            new ProfileCheck(file.content(), catalog).throwIfAny();
        }
        return profile;
    }

    /** Of a file for a schema as it was at some moment: what was not there then is nothing. */
    public static Profile at(ProfileFile file, Catalog catalog) {
        List<ProfileFile.Content> layers = new ArrayList<>(List.of(file.content()));
        file.content().extending().ifPresent(base -> layers.add(ProfileFile.ready(base).content()));
        return new Profile(catalog, layers);
    }

    /** What is known of the rows of a table, as it is or as it was at some moment. */
    public TableProfile of(Table table) {
        Map<Subject, String> sources = new EnumMap<>(Subject.class);
        Optional<String> modifier =
                column(Subject.MODIFIER, table, sources, KnownNames.modifier(table));
        Optional<String> creator =
                column(Subject.CREATOR, table, sources, KnownNames.creator(table));
        return new TableProfile(
                table.displayName(),
                modifier,
                creator,
                one(Subject.SOFT_DELETE, table, sources).map(SoftDelete.class::cast),
                name(table, sources),
                one(Subject.TENANT, table, sources).map(said -> tenant(said, table)),
                json(table, sources),
                sources);
    }

    /** What is taken of what a file says, and the file's name. */
    private record Said(List<OfColumns> fitting, String source) {}

    /** Empty when nobody says anything that fits. */
    private Optional<Said> said(Subject subject, Table table) {
        List<Table> named = named(table);
        for (ProfileFile.Content layer : layers) {
            for (Rules rules : rules(layer, named)) {
                Optional<List<OfColumns>> all = rules.of(subject);
                if (all.isPresent()) {
                    List<OfColumns> fitting =
                            all.get().stream().filter(one -> one.fits(table)).toList();
                    if (!fitting.isEmpty() || all.get().isEmpty()) {
                        return Optional.of(new Said(fitting, layer.source()));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** In the order in which they count. */
    private static List<Rules> rules(ProfileFile.Content layer, List<Table> named) {
        Stream<TableRules> exact = layer.tables().stream().filter(one -> !one.isPattern());
        Stream<TableRules> patterns = layer.tables().stream().filter(TableRules::isPattern);
        List<Rules> rules = new ArrayList<>();
        Stream.concat(exact, patterns)
                .filter(one -> named.stream().anyMatch(one::fits))
                .forEach(one -> rules.add(one.rules()));
        rules.add(layer.all());
        return rules;
    }

    /**
     * By which a file may mean it: by its name of today, and those of what it is a partition of.
     */
    private List<Table> named(Table table) {
        List<Table> named = new ArrayList<>(List.of(table));
        if (!names.contains(table.displayName())) {
            byId(table.id()).ifPresent(named::add);
        }
        for (int i = 0; i < named.size() && i < DEPTH_MAX; i++) {
            if (named.get(i).partitionBound().isPresent()) {
                named.get(i).parents().forEach(parent -> byId(parent).ifPresent(named::add));
            }
        }
        return named;
    }

    private Optional<Table> byId(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    private Optional<OfColumns> one(Subject subject, Table table, Map<Subject, String> sources) {
        Optional<Said> said = said(subject, table);
        said.filter(what -> !what.fitting().isEmpty())
                .ifPresent(what -> sources.put(subject, what.source()));
        return said.flatMap(what -> what.fitting().stream().findFirst());
    }

    private Optional<String> column(
            Subject subject, Table table, Map<Subject, String> sources, Optional<String> known) {
        boolean isSaid = said(subject, table).isPresent();
        if (!isSaid) {
            known.ifPresent(name -> sources.put(subject, KNOWN_NAME));
            return known;
        }
        return one(subject, table, sources).map(what -> what.columns().getFirst());
    }

    private Optional<DisplayName> name(Table table, Map<Subject, String> sources) {
        Optional<Said> said = said(Subject.NAME, table).filter(what -> !what.fitting().isEmpty());
        said.ifPresent(what -> sources.put(Subject.NAME, what.source()));
        return said.map(
                what ->
                        new DisplayName(
                                what.fitting().stream().map(NameTemplate.class::cast).toList()));
    }

    private static Tenant tenant(OfColumns said, Table table) {
        return said instanceof OneColumn(String name)
                ? new Tenant.InColumn(name)
                : new Tenant.InSchema(table.schema());
    }

    private List<String> json(Table table, Map<Subject, String> sources) {
        List<String> told =
                said(Subject.JSON, table).stream()
                        .peek(
                                what -> {
                                    if (!what.fitting().isEmpty()) {
                                        sources.put(Subject.JSON, what.source());
                                    }
                                })
                        .flatMap(what -> what.fitting().stream())
                        .map(OfColumns::columns)
                        .map(List::getFirst)
                        .toList();
        List<String> all =
                table.stored().stream()
                        .filter(
                                column ->
                                        told.contains(column.name())
                                                || JSON_TYPES.contains(column.type()))
                        .map(Column::name)
                        .toList();
        if (!all.isEmpty()) {
            sources.putIfAbsent(Subject.JSON, SCHEMA);
        }
        return all;
    }

    /**
     * Where the users are that rows of a table name: in its own schema, if there is one of the
     * name, or in the only one.
     */
    public Optional<UserTable> users(Table changed) {
        return layers.stream()
                .flatMap(layer -> layer.users().stream())
                .flatMap(rule -> users(rule, changed).stream())
                .findFirst();
    }

    private Optional<UserTable> users(UsersRule rule, Table changed) {
        return beside(rule.table(), changed)
                .filter(there -> new OneColumn(rule.key()).fits(there))
                .flatMap(
                        there ->
                                fitting(rule.names(), there)
                                        .map(
                                                name ->
                                                        new UserTable(
                                                                there,
                                                                rule.key(),
                                                                name,
                                                                person(rule.person(), there))));
    }

    private Optional<UserTable.Person> person(Optional<UsersRule.Person> said, Table users) {
        if (said.isEmpty() || !new OneColumn(said.get().column()).fits(users)) {
            return Optional.empty();
        }
        UsersRule.Person rule = said.get();
        return beside(rule.table(), users)
                .filter(there -> new OneColumn(rule.key()).fits(there))
                .flatMap(
                        there ->
                                fitting(rule.names(), there)
                                        .map(
                                                name ->
                                                        new UserTable.Person(
                                                                rule.column(),
                                                                there,
                                                                rule.key(),
                                                                name)));
    }

    private static Optional<DisplayName> fitting(List<NameTemplate> names, Table table) {
        List<NameTemplate> fitting = names.stream().filter(one -> one.fits(table)).toList();
        return fitting.isEmpty() ? Optional.empty() : Optional.of(new DisplayName(fitting));
    }

    private Optional<Table> beside(String name, Table other) {
        TableRules rules = new TableRules(name, Rules.NONE);
        List<Table> all =
                catalog.tables().stream()
                        .filter(table -> table.partitionBound().isEmpty())
                        .filter(rules::fits)
                        .toList();
        return all.stream()
                .filter(table -> table.schema().equals(other.schema()))
                .findFirst()
                .or(() -> all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty());
    }

    /**
     * References that no constraint declares, those of custom fields among them, with names that
     * can mean nothing else: as {@code restore --related} takes them.
     */
    public List<VirtualReference> references() {
        ReferenceSearch search = new ReferenceSearch(catalog);
        Stream<VirtualReference> all =
                layers.stream()
                        .flatMap(
                                layer ->
                                        Stream.concat(
                                                layer.references().stream(),
                                                layer.customFields().stream()
                                                        .map(CustomFieldsRule::reference)));
        return all.flatMap(one -> search.find(one).stream())
                .map(FoundReference::reference)
                .distinct()
                .filter(one -> VirtualReferences.problem(catalog, one).isEmpty())
                .toList();
    }

    /** Where fields are that users added. */
    public List<CustomFields> customFields() {
        ReferenceSearch search = new ReferenceSearch(catalog);
        List<CustomFields> all = new ArrayList<>();
        for (ProfileFile.Content layer : layers) {
            for (CustomFieldsRule rule : layer.customFields()) {
                search.find(rule.reference()).stream()
                        .filter(found -> fits(rule, found.from()))
                        .map(found -> customFields(rule, found))
                        .forEach(all::add);
            }
        }
        return List.copyOf(all);
    }

    private static boolean fits(CustomFieldsRule rule, Table table) {
        return rule.valued().stream()
                .flatMap(valued -> Stream.of(valued.field(), valued.value()))
                .allMatch(column -> new OneColumn(column).fits(table));
    }

    private CustomFields customFields(CustomFieldsRule rule, FoundReference found) {
        return new CustomFields(
                found.from().displayName(),
                found.column(),
                found.to().displayName(),
                found.toColumn(),
                found.when(),
                rule.valued()
                        .map(
                                valued ->
                                        new CustomFields.Valued(
                                                valued.field(),
                                                valued.value(),
                                                valued.names()
                                                        .flatMap(
                                                                names ->
                                                                        names(
                                                                                names,
                                                                                found.from())))));
    }

    private Optional<CustomFields.Names> names(CustomFieldsRule.Names rule, Table holder) {
        return beside(rule.table(), holder)
                .filter(table -> new OneColumn(rule.key()).fits(table))
                .filter(table -> new OneColumn(rule.name()).fits(table))
                .map(table -> new CustomFields.Names(table.displayName(), rule.key(), rule.name()));
    }
}

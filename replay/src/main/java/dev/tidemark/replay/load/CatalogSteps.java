package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.CatalogObject.Stage;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.SequenceState;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Turns a catalog into the steps of its rebuilding. */
final class CatalogSteps {
    /** How the statements begin that set where a sequence stands. */
    static final String SET_VALUE = "SELECT pg_catalog.setval";

    /**
     * Kinds that are no steps: roles are the server's, a copy must not subscribe, default
     * privileges and changed rights come with the other rights ({@link RightsPlan}), and event
     * triggers last ({@link SchemaPlan#last}).
     */
    private static final Set<String> LEFT_OUT =
            Set.of(
                    "role",
                    "subscription",
                    "default privileges",
                    SchemaPlan.EVENT_TRIGGER,
                    SchemaPlan.EVENT_TRIGGER_LABELS);

    private final Map<Long, Table> tables = new HashMap<>();
    private final Map<String, CatalogObject> objects = new HashMap<>();
    private final Set<String> withIndexIdentity = new HashSet<>(); // references of tables
    private final List<Step> all = new ArrayList<>();
    private final Set<String> hard = new HashSet<>();
    private final Set<String> late = new HashSet<>();

    private CatalogSteps(Catalog catalog) {
        catalog.tables().forEach(table -> tables.put(table.id(), table));
        for (CatalogObject object : catalog.objects()) {
            objects.put(object.reference(), object);
            if (object.definition().stream().anyMatch(CatalogSteps::isIdentity)) {
                object.partOf().ifPresent(withIndexIdentity::add);
            }
        }
    }

    private static boolean isIdentity(String statement) {
        return statement.contains(" REPLICA IDENTITY USING INDEX ");
    }

    static CatalogSteps of(Catalog catalog) {
        CatalogSteps steps = new CatalogSteps(catalog);
        List<Table> made =
                catalog.tables().stream().filter(table -> table.extension().isEmpty()).toList();
        List<InheritanceTree> trees = InheritanceTree.of(made);
        Set<Long> inTrees = new HashSet<>();
        trees.forEach(tree -> inTrees.addAll(tree.ids()));
        made.stream().filter(table -> !inTrees.contains(table.id())).forEach(steps::addTable);
        trees.forEach(steps::addTree);
        catalog.objects().stream()
                .filter(
                        object ->
                                !LEFT_OUT.contains(object.kind())
                                        && !object.kind().startsWith(Secured.CHANGED_RIGHTS))
                .forEach(steps::addObject);
        steps.addWithoutPublic();
        return steps;
    }

    List<Step> all() {
        return all;
    }

    /** References of steps that the rows need. */
    Set<String> hard() {
        return hard;
    }

    /** References of steps that come after the rows if they can. */
    Set<String> late() {
        return late;
    }

    /** A new database has a schema public, and the source may have none. */
    private void addWithoutPublic() {
        boolean hasPublic =
                objects.values().stream()
                        .anyMatch(
                                object ->
                                        object.kind().equals("schema")
                                                && object.name().equals("public"));
        if (!hasPublic) {
            addLate(
                    "no schema public",
                    Rank.COMMENT,
                    "public",
                    List.of("DROP SCHEMA IF EXISTS public"));
        }
    }

    private void addTable(Table table) {
        List<Table> parents =
                table.parents().stream().map(tables::get).filter(Objects::nonNull).toList();
        TableStatements statements = new TableStatements(table, parents);
        List<String> references = new ArrayList<>(table.references());
        parents.forEach(parent -> references.add(parent.reference()));
        all.add(
                new Step(
                        table.reference(),
                        Rank.TABLE,
                        table.displayName(),
                        statements.create(),
                        references));
        addRest(table, statements);
    }

    /** First the tables without columns, then all columns; only then each of them is there. */
    private void addTree(InheritanceTree tree) {
        List<Table> members =
                tree.ids().stream().map(tables::get).filter(Objects::nonNull).toList();
        String columns = "columns of " + members.getFirst().reference();
        List<String> created = new ArrayList<>();
        for (Table table : members) {
            TableStatements statements = tree.statements(table.id());
            String reference = "empty " + table.reference();
            List<String> references = new ArrayList<>();
            for (String of : table.references()) {
                if (!tree.has(of)) {
                    references.add(of);
                }
            }
            table.parents().forEach(parent -> references.add("empty table:" + parent));
            String key = table.displayName();
            all.add(new Step(reference, Rank.TABLE, key, statements.create(), references));
            all.add(new Step(table.reference(), Rank.TABLE, key, List.of(), List.of(columns)));
            created.add(reference);
            addRest(table, statements);
        }
        all.add(
                new Step(
                        columns,
                        Rank.TABLE,
                        members.getFirst().displayName(),
                        tree.columns().orElseThrow(),
                        created));
    }

    private void addRest(Table table, TableStatements statements) {
        String key = table.displayName();
        hard.add(table.reference());
        List<String> ofDefaults = new ArrayList<>(table.defaultReferences());
        ofDefaults.add(table.reference());
        add("defaults:" + table.id(), Rank.DEFAULT, key, statements.defaults(), ofDefaults);
        TableDetails details = new TableDetails(table);
        if (hasLostIdentity(table)) {
            add(
                    "lost identity:" + table.id(),
                    Rank.DEFAULT,
                    key,
                    details.lostIdentity(),
                    List.of(table.reference()));
        }
        addLate("details:" + table.id(), Rank.TABLE_DETAIL, key, details.behaviour());
        addLate("comments:" + table.id(), Rank.COMMENT, key, details.comments());
    }

    private boolean hasLostIdentity(Table table) {
        return table.replicaIdentity().equals("i")
                && !withIndexIdentity.contains(table.reference());
    }

    private void addObject(CatalogObject object) {
        String key = object.schema() + "." + object.name() + " " + object.address();
        List<String> references =
                object.kind().equals("refresh") ? refreshedBefore(object) : needs(object);
        if (object.kind().equals("sequence")) {
            hard.add(object.reference());
        }
        if (object.stage() == Stage.AFTER_ROWS) {
            late.add(object.reference());
        }
        List<String> definition = object.definition();
        if (object.kind().equals("base type") && !definition.isEmpty()) {
            add(shellOf(object), Rank.of(object), key, definition.subList(0, 1), List.of());
            definition = definition.subList(1, definition.size());
        }
        all.add(new Step(object.reference(), Rank.of(object), key, definition, references));
        object.sequence().ifPresent(state -> addSequence(object, state, key));
        addComment(object, key);
    }

    /** A type needs its functions to be made, which need its shell. */
    private List<String> needs(CatalogObject object) {
        List<String> needs = new ArrayList<>(object.references());
        if (object.kind().equals("base type") && !object.definition().isEmpty()) {
            needs.add(shellOf(object));
        }
        needs.replaceAll(
                need -> {
                    CatalogObject of = objects.get(need);
                    return of != null
                                    && of.kind().equals("base type")
                                    && of.references().contains(object.reference())
                            ? shellOf(of)
                            : need;
                });
        return needs;
    }

    private static String shellOf(CatalogObject type) {
        return "shell of " + type.reference();
    }

    private void addComment(CatalogObject object, String key) {
        comment(object)
                .ifPresent(
                        statement ->
                                addLate(
                                        "comment on " + object.reference(),
                                        Rank.COMMENT,
                                        key,
                                        List.of(statement)));
    }

    static Optional<String> comment(CatalogObject object) {
        // A new database has this schema, with a comment that the source may have taken away.
        boolean isThere = object.kind().equals("schema") && object.name().equals("public");
        if (object.address().isEmpty() || (object.comment().isEmpty() && !isThere)) {
            return Optional.empty();
        }
        return Optional.of(
                "COMMENT ON %s IS %s"
                        .formatted(
                                object.address(),
                                object.comment().map(Quoted::text).orElse("NULL")));
    }

    private void addSequence(CatalogObject object, SequenceState state, String key) {
        String name = Quoted.name(object.schema(), object.name());
        addLate(
                "setval:" + object.id(),
                Rank.SETVAL,
                key,
                List.of(
                        "%s(%s::pg_catalog.regclass, %d, %b)"
                                .formatted(
                                        SET_VALUE,
                                        Quoted.text(name),
                                        state.lastValue(),
                                        state.called())));
        Optional<Table> owner = state.table().map(tables::get);
        if (!state.identity() && owner.isPresent()) {
            Table table = owner.get();
            int column = state.column().orElseThrow();
            List<String> statements =
                    table.columns().stream()
                            .filter(of -> of.id() == column)
                            .map(Column::name)
                            .map(
                                    of ->
                                            "ALTER SEQUENCE %s OWNED BY %s.%s"
                                                    .formatted(
                                                            name,
                                                            Quoted.name(
                                                                    table.schema(), table.name()),
                                                            Quoted.name(of)))
                            .toList();
            add(
                    "owner of " + object.reference(),
                    Rank.OWNED_SEQUENCE,
                    key,
                    statements,
                    List.of(object.reference(), table.reference()));
        }
    }

    /** Also the other materialised views that this one's query reads, through any views. */
    private List<String> refreshedBefore(CatalogObject refresh) {
        List<String> references = new ArrayList<>(refresh.references());
        Set<String> seen = new HashSet<>();
        Deque<String> todo = new ArrayDeque<>(refresh.references());
        while (!todo.isEmpty()) {
            CatalogObject object = objects.get(todo.remove());
            if (object != null && seen.add(object.reference())) {
                todo.addAll(object.references());
                if (object.kind().equals("materialized view") && object.id() != refresh.id()) {
                    references.add("refresh:" + object.id());
                }
            }
        }
        return references;
    }

    private void add(
            String reference,
            Rank rank,
            String key,
            List<String> statements,
            List<String> references) {
        if (!statements.isEmpty()) {
            all.add(new Step(reference, rank, key, statements, references));
        }
    }

    private void addLate(String reference, Rank rank, String key, List<String> statements) {
        late.add(reference);
        add(reference, rank, key, statements, List.of());
    }
}

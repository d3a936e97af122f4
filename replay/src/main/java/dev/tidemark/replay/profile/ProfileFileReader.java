package dev.tidemark.replay.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.replay.rows.VirtualReferences;
import dev.tidemark.replay.written.WrittenFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a {@link ProfileFile}, and collects all that is wrong in it. For one thread, once. */
final class ProfileFileReader {
    private static final String HINT = "Correct the file; docs/profile.md describes it.";

    private final String name;
    private final ProfileFile.Author author;
    private final WrittenFile file;
    private final List<String> problems;
    private final ProfileNodes nodes;
    private final RulesReader rules;

    ProfileFileReader(String name, ProfileFile.Author author) {
        this.name = name;
        this.author = author;
        this.file = new WrittenFile(name, HINT);
        this.problems = file.problems();
        this.nodes = new ProfileNodes(problems);
        this.rules = new RulesReader(nodes);
    }

    ProfileFile.Content read(String yaml) {
        JsonNode root = file.read(yaml, ProfileFileReader::noObject);
        List<String> keys = new ArrayList<>(Subject.words());
        keys.addAll(List.of("extends", "users", "tables", "references", "custom-fields"));
        nodes.checkKeys("", root, keys);
        ProfileFile.Content content =
                new ProfileFile.Content(
                        name,
                        author,
                        extending(root),
                        rules.rules("", root),
                        tables(root.path("tables")),
                        nodes.object("users", root.path("users")).flatMap(this::users),
                        references(root.path("references")),
                        customFields(root.path("custom-fields")));
        file.requireNoProblem();
        return content;
    }

    private static String noObject(JsonNode root) {
        boolean isNothing = root instanceof MissingNode; // also when all is comments
        return isNothing
                ? "it says nothing"
                : "expected keys and values, such as 'modifier: modified_by'";
    }

    private Optional<String> extending(JsonNode root) {
        Optional<String> base = nodes.text("extends", root.path("extends"));
        return base.filter(
                ready ->
                        nodes.isOneOf(
                                "extends",
                                "'%s' is no ready profile".formatted(ready),
                                ready,
                                ProfileFile.READY));
    }

    private List<TableRules> tables(JsonNode tables) {
        List<TableRules> all = new ArrayList<>();
        nodes.object("tables", tables)
                .ifPresent(
                        there ->
                                there.properties()
                                        .forEach(one -> table(one.getKey(), one.getValue(), all)));
        return all;
    }

    private void table(String names, JsonNode said, List<TableRules> all) {
        String path = "tables." + names;
        nodes.object(path, said)
                .ifPresent(
                        there -> {
                            nodes.checkKeys(path, there, Subject.words());
                            all.add(new TableRules(names, rules.rules(path + ".", there)));
                        });
    }

    private Optional<UsersRule> users(JsonNode said) {
        nodes.checkKeys("users", said, List.of("table", "key", "name", "person"));
        Optional<String> table = nodes.needed("users.table", said.path("table"));
        Optional<String> key = nodes.needed("users.key", said.path("key"));
        List<NameTemplate> display = rules.names("users.name", said.path("name"));
        Optional<UsersRule.Person> person =
                nodes.object("users.person", said.path("person")).flatMap(this::person);
        if (table.isEmpty() || key.isEmpty() || display.isEmpty()) {
            return Optional.empty(); // it is among the problems why
        }
        return Optional.of(new UsersRule(table.get(), key.get(), display, person));
    }

    private Optional<UsersRule.Person> person(JsonNode said) {
        nodes.checkKeys("users.person", said, List.of("column", "table", "key", "name"));
        Optional<String> column = nodes.needed("users.person.column", said.path("column"));
        Optional<String> table = nodes.needed("users.person.table", said.path("table"));
        Optional<String> key = nodes.needed("users.person.key", said.path("key"));
        List<NameTemplate> display = rules.names("users.person.name", said.path("name"));
        if (column.isEmpty() || table.isEmpty() || key.isEmpty() || display.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new UsersRule.Person(column.get(), table.get(), key.get(), display));
    }

    private List<VirtualReference> references(JsonNode list) {
        return list.isMissingNode()
                ? List.of()
                : VirtualReferences.read(list, what -> problems.add("references: " + what));
    }

    private List<CustomFieldsRule> customFields(JsonNode list) {
        List<CustomFieldsRule> all = new ArrayList<>();
        if (!list.isMissingNode() && !list.isArray()) {
            problems.add("custom-fields: expected a list");
        }
        for (int i = 0; i < (list.isArray() ? list.size() : 0); i++) {
            all.addAll(customFields("custom-fields[%d]".formatted(i + 1), list.get(i)));
        }
        return all;
    }

    private List<CustomFieldsRule> customFields(String path, JsonNode said) {
        List<VirtualReference> references =
                VirtualReferences.read(said, CUSTOM_KEYS, what -> problems.add(path + ": " + what));
        boolean isRowByRow = said.path("field").isMissingNode();
        if (isRowByRow
                && said.path("value").isMissingNode()
                && said.path("names").isMissingNode()) {
            return references.stream()
                    .map(one -> new CustomFieldsRule(one, Optional.empty()))
                    .toList();
        }
        Optional<String> field = nodes.needed(path + ".field", said.path("field"));
        Optional<String> value = nodes.needed(path + ".value", said.path("value"));
        Optional<CustomFieldsRule.Names> names =
                nodes.object(path + ".names", said.path("names"))
                        .flatMap(there -> names(path + ".names", there));
        if (field.isEmpty() || value.isEmpty()) {
            return List.of();
        }
        var valued = new CustomFieldsRule.Valued(field.get(), value.get(), names);
        return references.stream()
                .map(one -> new CustomFieldsRule(one, Optional.of(valued)))
                .toList();
    }

    private static final List<String> CUSTOM_KEYS = List.of("field", "value", "names");

    private Optional<CustomFieldsRule.Names> names(String path, JsonNode said) {
        nodes.checkKeys(path, said, List.of("table", "key", "name"));
        Optional<String> table = nodes.needed(path + ".table", said.path("table"));
        Optional<String> key = nodes.needed(path + ".key", said.path("key"));
        Optional<String> name = nodes.needed(path + ".name", said.path("name"));
        return table.isEmpty() || key.isEmpty() || name.isEmpty()
                ? Optional.empty()
                : Optional.of(new CustomFieldsRule.Names(table.get(), key.get(), name.get()));
    }
}

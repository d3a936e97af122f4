package dev.tidemark.replay.profile;

import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.replay.rows.VirtualReferences;
import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds a user's profile against a catalog: what it names must be there. For one thread, once. */
final class ProfileCheck {
    private final ProfileFile.Content file;
    private final Catalog catalog;
    private final List<Table> tables;
    private final List<String> problems = new ArrayList<>();

    ProfileCheck(ProfileFile.Content file, Catalog catalog) {
        this.file = file;
        this.catalog = catalog;
        this.tables =
                catalog.tables().stream()
                        .filter(table -> table.holdsRows() || table.kind().equals("p"))
                        .toList();
    }

    void throwIfAny() {
        rules("", file.all(), tables, "no table has");
        file.tables().forEach(this::table);
        file.users().ifPresent(this::users);
        file.references().forEach(one -> reference("references", one));
        for (int i = 0; i < file.customFields().size(); i++) {
            customFields("custom-fields", file.customFields().get(i));
        }
        if (!problems.isEmpty()) {
            throw TidemarkException.refused(
                    "the profile %s does not fit the archive's schema:%s"
                            .formatted(
                                    file.name(),
                                    problems.stream()
                                            .distinct()
                                            .map("\n  "::concat)
                                            .collect(Collectors.joining())),
                    "Correct the file; docs/profile.md describes it.");
        }
    }

    private void table(TableRules said) {
        String path = "tables." + said.names();
        List<Table> found = tables.stream().filter(said::fits).toList();
        if (found.isEmpty()) {
            problems.add(
                    said.isPattern()
                            ? path + ": there is no table of such a name"
                            : path + ": there is no such table" + meantTable(said.names()));
            return;
        }
        String lacking =
                found.size() == 1
                        ? "%s has no".formatted(found.getFirst().displayName())
                        : "none of these tables has";
        rules(path + ".", said.rules(), found, lacking);
    }

    /** Each of what is said must fit a table at least. */
    private void rules(String prefix, Rules rules, List<Table> tables, String lacking) {
        rules.said()
                .forEach(
                        (subject, all) ->
                                all.stream()
                                        .filter(one -> tables.stream().noneMatch(one::fits))
                                        .forEach(
                                                one ->
                                                        columns(
                                                                prefix + subject.word(),
                                                                one,
                                                                tables,
                                                                lacking)));
    }

    private void columns(String path, OfColumns said, List<Table> tables, String lacking) {
        List<String> missing =
                said.columns().stream()
                        .filter(column -> tables.stream().noneMatch(new OneColumn(column)::fits))
                        .toList();
        missing.forEach(
                column ->
                        problems.add(
                                "%s: %s column '%s'".formatted(path, lacking, column)
                                        + meant(column, names(tables.stream()))));
        if (missing.isEmpty()) {
            problems.add(
                    "%s: %s the columns %s together"
                            .formatted(path, lacking, String.join(" and ", said.columns())));
        }
    }

    private static List<String> names(Stream<Table> tables) {
        return tables.flatMap(table -> table.stored().stream())
                .map(Column::name)
                .distinct()
                .sorted()
                .toList();
    }

    private void users(UsersRule said) {
        List<Table> users = there("users.table", said.table());
        in("users.key", new OneColumn(said.key()), users);
        said.names().forEach(one -> in("users.name", one, users));
        said.person()
                .ifPresent(
                        person -> {
                            in("users.person.column", new OneColumn(person.column()), users);
                            List<Table> there = there("users.person.table", person.table());
                            in("users.person.key", new OneColumn(person.key()), there);
                            person.names().forEach(one -> in("users.person.name", one, there));
                        });
    }

    private List<Table> there(String path, String name) {
        List<Table> found = tables.stream().filter(new TableRules(name, Rules.NONE)::fits).toList();
        if (found.isEmpty()) {
            problems.add("%s: there is no table '%s'".formatted(path, name) + meantTable(name));
        }
        return found;
    }

    /** Of a table that is not there enough is said. */
    private void in(String path, OfColumns said, List<Table> found) {
        if (!found.isEmpty() && found.stream().noneMatch(said::fits)) {
            columns(path, said, found, found.getFirst().displayName() + " has no");
        }
    }

    private void reference(String path, VirtualReference said) {
        List<FoundReference> found = new ReferenceSearch(catalog).find(said);
        boolean isPattern = ColumnPath.parse(said.from()).filter(ColumnPath::isPattern).isPresent();
        Stream<VirtualReference> asked =
                found.isEmpty() && !isPattern
                        ? Stream.of(said)
                        : found.stream().map(FoundReference::reference);
        asked.flatMap(one -> VirtualReferences.problem(catalog, one).stream())
                .forEach(
                        wrong ->
                                problems.add(
                                        "%s: %s: %s. %s"
                                                .formatted(
                                                        path,
                                                        said,
                                                        wrong.getMessage(),
                                                        wrong.hint())));
        if (found.isEmpty() && isPattern) {
            problems.add("%s: %s: there are no such tables".formatted(path, said));
        }
    }

    private void customFields(String path, CustomFieldsRule said) {
        reference(path, said.reference());
        List<Table> holders =
                new ReferenceSearch(catalog)
                        .find(said.reference()).stream().map(FoundReference::from).toList();
        said.valued()
                .ifPresent(
                        valued -> {
                            in(path + ".field", new OneColumn(valued.field()), holders);
                            in(path + ".value", new OneColumn(valued.value()), holders);
                            valued.names().ifPresent(names -> names(path + ".names", names));
                        });
    }

    private void names(String path, CustomFieldsRule.Names said) {
        List<Table> found = there(path + ".table", said.table());
        in(path + ".key", new OneColumn(said.key()), found);
        in(path + ".name", new OneColumn(said.name()), found);
    }

    private String meantTable(String name) {
        Stream<String> known =
                name.contains(".")
                        ? tables.stream().map(Table::displayName)
                        : tables.stream().map(Table::name);
        return meant(name, known.distinct().sorted().toList());
    }

    private static String meant(String name, List<String> known) {
        Optional<String> nearest = Nearest.to(name, known);
        return nearest.map("; did you mean '%s'?"::formatted).orElse("");
    }
}

package dev.tidemark.replay.profile;

import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Proposes references that no constraint declares: columns with the name of a table, and pairs of a
 * column with kinds and one with keys, of which the values say what they name. For one thread.
 *
 * @param others ids of tables that hold custom fields, whose references are proposed with these
 */
record ReferencesProposal(TableWords words, Profile base, ValueSample sample, Set<Long> others) {
    /** A column with kinds, and the one with the keys. */
    record Kinds(Column kind, Column key) {}

    private static final int KINDS_MAX = 40; // a column with more values holds no kinds

    /** Names of such pairs where one does not follow from the other. */
    private static final Map<String, String> PAIRS =
            Map.of(
                    "resmodel", "resid",
                    "model", "resid",
                    "tablename", "recordid",
                    "module", "recordid",
                    "entityname", "entityid",
                    "beanmodule", "beanid");

    /** Those of a table. */
    static List<Kinds> kinds(Table table) {
        List<Kinds> all = new ArrayList<>();
        for (Column kind : table.stored()) {
            String plain = KnownNames.plain(kind.name());
            List<String> keys = new ArrayList<>();
            if (plain.endsWith("type") && plain.length() > 4) {
                keys.add(plain.substring(0, plain.length() - 4) + "id");
            }
            Optional.ofNullable(PAIRS.get(plain)).ifPresent(keys::add);
            table.stored().stream()
                    .filter(key -> keys.contains(KnownNames.plain(key.name())))
                    .findFirst()
                    .ifPresent(key -> all.add(new Kinds(kind, key)));
        }
        return all;
    }

    Proposal proposal() {
        Set<String> known =
                base.references().stream().map(VirtualReference::from).collect(Collectors.toSet());
        List<Proposal.Line> lines = new ArrayList<>();
        for (Table table : words.tables()) {
            List<Kinds> kinds =
                    kinds(table).stream()
                            .filter(one -> !others.contains(table.id()))
                            .filter(one -> !known.contains(path(table, one.key().name())))
                            .toList();
            kinds.forEach(one -> lines.addAll(byKind(table, one)));
            Set<String> keys =
                    kinds(table).stream().map(one -> one.key().name()).collect(Collectors.toSet());
            table.stored().stream()
                    .filter(column -> !keys.contains(column.name()))
                    .filter(column -> !known.contains(path(table, column.name())))
                    .forEach(column -> plain(table, column).ifPresent(lines::add));
        }
        return new Proposal(lines).under("references:");
    }

    private static String path(Table table, String column) {
        return ColumnPath.quoted(table.schema(), table.name(), column);
    }

    private List<Proposal.Line> byKind(Table table, Kinds kinds) {
        Map<String, String> named = new LinkedHashMap<>();
        Set<String> unnamed = new TreeSet<>();
        Set<String> values = sample.of(table, kinds.kind().name());
        for (String value : values.size() > KINDS_MAX ? Set.<String>of() : values) {
            words.meant(value, table.schema())
                    .flatMap(
                            there ->
                                    words.key(there)
                                            .filter(key -> isNamedBy(key, kinds.key()))
                                            .map(key -> shown(there, key.name())))
                    .ifPresentOrElse(to -> named.put(value, to), () -> unnamed.add(value));
        }
        if (named.isEmpty()) {
            return List.of();
        }
        List<Proposal.Line> lines = new ArrayList<>();
        lines.add(
                new Proposal.Line(
                        "  - from: " + scalar(shown(table, kinds.key().name())),
                        unnamed.isEmpty()
                                ? "each value of %s that was seen is a table's name"
                                        .formatted(kinds.kind().name())
                                : "values of %s that are no table's name: %s"
                                        .formatted(
                                                kinds.kind().name(), String.join(", ", unnamed))));
        lines.add(new Proposal.Line("    by: " + Proposal.quoted(kinds.kind().name()), ""));
        lines.add(new Proposal.Line("    to:", ""));
        named.forEach(
                (value, to) ->
                        lines.add(
                                new Proposal.Line(
                                        "      %s: %s"
                                                .formatted(Proposal.quoted(value), scalar(to)),
                                        "")));
        return lines;
    }

    /** A text that names a number or a uuid is common where no constraint declares it. */
    private static boolean isNamedBy(Column key, Column column) {
        return TableWords.isAlike(key, column) || column.type().matches("(text|char|varchar).*");
    }

    /** A column whose name ends with that of a table, such as converted_account_id. */
    private Optional<Proposal.Line> plain(Table table, Column column) {
        boolean isKey = words.key(table).filter(column::equals).isPresent();
        boolean isDeclared = words.foreignKey(table, column.name()).isPresent();
        String name = column.name().replaceAll("([a-z0-9])([A-Z])", "$1_$2");
        List<String> parts = List.of(name.split("_", -1));
        if (isKey || isDeclared || parts.size() < 2 || !parts.getLast().equalsIgnoreCase("id")) {
            return Optional.empty();
        }
        for (int from = 0; from < parts.size() - 1; from++) {
            String word = String.join("_", parts.subList(from, parts.size() - 1));
            Optional<Proposal.Line> line =
                    words.meant(word, table.schema()).flatMap(there -> line(table, column, there));
            if (line.isPresent()) {
                return line;
            }
        }
        return Optional.empty();
    }

    private Optional<Proposal.Line> line(Table table, Column column, Table there) {
        return words.key(there)
                .filter(key -> TableWords.isAlike(key, column))
                .map(
                        key ->
                                new Proposal.Line(
                                        "  - {from: %s, to: %s}"
                                                .formatted(
                                                        scalar(shown(table, column.name())),
                                                        scalar(shown(there, key.name()))),
                                        "by its name, and both are " + key.type()));
    }

    /** As SQL writes it, with double quotes where a name needs them. */
    static String shown(Table table, String column) {
        return List.of(table.schema(), table.name(), column).stream()
                .map(ReferencesProposal::sql)
                .collect(Collectors.joining("."));
    }

    private static String sql(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static String scalar(String path) {
        return path.contains("\"") ? "'" + path.replace("'", "''") + "'" : path;
    }
}

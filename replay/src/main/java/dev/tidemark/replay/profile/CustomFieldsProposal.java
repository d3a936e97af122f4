package dev.tidemark.replay.profile;

import dev.tidemark.replay.keys.ForeignKey;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Proposes where fields are that users added: tables beside others, and tables with a row for each
 * field. For one thread.
 */
record CustomFieldsProposal(TableWords words, Profile base, ValueSample sample) {
    private static final Pattern BESIDE = Pattern.compile("(.+)_(cstm|custom|custom_fields|ext)");
    private static final Pattern FIELD = Pattern.compile(".*(field|attribute|property)(id)?");
    private static final List<String> VALUES =
            List.of("value", "val", "valuetext", "textvalue", "fieldvalue");
    private static final List<String> NAMES = List.of("name", "label", "code", "fieldname");

    Proposal proposal() {
        List<String> known = base.customFields().stream().map(CustomFields::table).toList();
        List<Proposal.Line> lines = new ArrayList<>();
        for (Table table : words.tables()) {
            if (!known.contains(table.displayName())) {
                lines.addAll(beside(table));
                lines.addAll(rows(table));
            }
        }
        return new Proposal(lines).under("custom-fields:");
    }

    /** Ids of the tables with rows for single fields. */
    Set<Long> holders() {
        return words.tables().stream()
                .filter(table -> !rows(table).isEmpty())
                .map(Table::id)
                .collect(Collectors.toSet());
    }

    private List<Proposal.Line> beside(Table table) {
        Matcher name = BESIDE.matcher(table.name());
        Optional<Table> owner =
                name.matches() ? words.meant(name.group(1), table.schema()) : Optional.empty();
        Optional<Column> key = words.key(table);
        Optional<Column> named = owner.flatMap(words::key);
        if (key.isEmpty() || named.isEmpty() || !TableWords.isAlike(key.get(), named.get())) {
            return List.of();
        }
        return List.of(
                new Proposal.Line(
                        "  - {from: %s, to: %s}"
                                .formatted(
                                        ReferencesProposal.shown(table, key.get().name()),
                                        ReferencesProposal.shown(
                                                owner.orElseThrow(), named.get().name())),
                        "by its name: a row of it for each row of the other"));
    }

    /** A column with values, one with the field, which names a row with its name, and an owner. */
    private List<Proposal.Line> rows(Table table) {
        Optional<String> value = KnownNames.first(table, VALUES);
        Optional<ForeignKey> field = field(table);
        Optional<Table> fields = field.flatMap(words::parent);
        Optional<String> label = fields.flatMap(there -> KnownNames.first(there, NAMES));
        List<Proposal.Line> lines = new ArrayList<>();
        if (value.isEmpty() || field.isEmpty() || label.isEmpty()) {
            return lines;
        }
        List<String> rest =
                List.of(
                        "field: " + Proposal.quoted(field.get().columns().getFirst()),
                        "value: " + Proposal.quoted(value.get()),
                        "names: {table: %s, key: %s, name: %s}"
                                .formatted(
                                        Proposal.quoted(fields.orElseThrow().displayName()),
                                        Proposal.quoted(field.get().parentColumns().getFirst()),
                                        Proposal.quoted(label.get())));
        for (ReferencesProposal.Kinds kinds : ReferencesProposal.kinds(table)) {
            for (String kind : sample.of(table, kinds.kind().name())) {
                List<Proposal.Line> owner = owner(table, kinds, kind);
                lines.addAll(owner);
                rest.stream().filter(one -> !owner.isEmpty()).forEach(one -> add(lines, one));
            }
        }
        return lines;
    }

    private Optional<ForeignKey> field(Table table) {
        return table.stored().stream()
                .filter(column -> FIELD.matcher(KnownNames.plain(column.name())).matches())
                .flatMap(column -> words.foreignKey(table, column.name()).stream())
                .findFirst();
    }

    private List<Proposal.Line> owner(Table table, ReferencesProposal.Kinds kinds, String kind) {
        Optional<Table> owner = words.meant(kind, table.schema());
        Optional<Column> key = owner.flatMap(words::key);
        if (key.isEmpty()) {
            return List.of();
        }
        List<Proposal.Line> lines = new ArrayList<>();
        String from = ReferencesProposal.shown(table, kinds.key().name());
        lines.add(new Proposal.Line("  - from: " + from, "a row for each field of a row"));
        add(lines, "to: " + ReferencesProposal.shown(owner.orElseThrow(), key.get().name()));
        add(
                lines,
                "when: {%s: %s}"
                        .formatted(Proposal.quoted(kinds.kind().name()), Proposal.quoted(kind)));
        return lines;
    }

    private static void add(List<Proposal.Line> lines, String yaml) {
        lines.add(new Proposal.Line("    " + yaml, ""));
    }
}

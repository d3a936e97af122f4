package dev.tidemark.replay.profile;

import dev.tidemark.replay.keys.ForeignKey;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Proposes where users are: the table that modifiers name by a foreign key, or one with a name for
 * it; and by which column, held against values that were seen. For one thread.
 */
record UsersProposal(TableWords words, Profile base, ValueSample sample) {
    private static final List<String> TABLES =
            List.of(
                    "user",
                    "appuser",
                    "sysuser",
                    "systemuser",
                    "crmuser",
                    "workspacemember",
                    "staff",
                    "employee",
                    "agent",
                    "member");
    private static final List<String> LOGINS =
            List.of("login", "username", "email", "emailaddress", "loginname", "handle");
    private static final List<String> NAMES =
            List.of("fullname", "displayname", "name", "realname", "username", "login", "email");

    /** The table of users as it looks. */
    static Optional<Table> table(TableWords words, Profile base) {
        return byForeignKey(words, base)
                .or(() -> TABLES.stream().flatMap(name -> called(words, name)).findFirst());
    }

    /** What has no column with a name holds no users. */
    private static Stream<Table> called(TableWords words, String name) {
        return words.tables().stream()
                .filter(table -> TableWords.plain(table.name()).equals(name))
                .filter(table -> displayed(table).isPresent());
    }

    private static Optional<Table> byForeignKey(TableWords words, Profile base) {
        return foreignKeys(words, base).flatMap(key -> words.parent(key).stream()).findFirst();
    }

    /** Those of modifiers. */
    private static Stream<ForeignKey> foreignKeys(TableWords words, Profile base) {
        return words.tables().stream()
                .flatMap(
                        table ->
                                base
                                        .of(table)
                                        .modifier()
                                        .flatMap(column -> words.foreignKey(table, column))
                                        .stream());
    }

    Proposal proposal() {
        boolean isKnown = words.tables().stream().anyMatch(table -> base.users(table).isPresent());
        Optional<Table> found = isKnown ? Optional.empty() : table(words, base);
        if (found.isEmpty()) {
            return Proposal.none();
        }
        Table users = found.get();
        List<Proposal.Line> lines = new ArrayList<>();
        lines.add(
                new Proposal.Line(
                        "  table: " + Proposal.quoted(users.displayName()),
                        byForeignKey(words, base).isPresent()
                                ? "foreign keys of modifiers name its rows"
                                : "by its name"));
        lines.add(key(users));
        name(users).ifPresent(lines::add);
        return lines.size() == 3 ? new Proposal(lines).under("users:") : Proposal.none();
    }

    /** What modifiers hold, if they are not foreign keys. */
    private Set<String> modifiers() {
        Set<String> values = new HashSet<>();
        for (Table table : words.tables()) {
            base.of(table).modifier().ifPresent(column -> values.addAll(sample.of(table, column)));
        }
        return values;
    }

    private Proposal.Line key(Table users) {
        Optional<ForeignKey> foreign =
                foreignKeys(words, base)
                        .filter(key -> words.parent(key).filter(users::equals).isPresent())
                        .findFirst();
        if (foreign.isPresent()) {
            String column = foreign.get().parentColumns().getFirst();
            return new Proposal.Line("  key: " + Proposal.quoted(column), "foreign keys name it");
        }
        return bySample(users).orElseGet(() -> byName(users));
    }

    private Optional<Proposal.Line> bySample(Table users) {
        Set<String> modifiers = modifiers();
        Optional<Column> best =
                users.stored().stream()
                        .max(Comparator.comparingLong(column -> common(users, column, modifiers)));
        long most = best.map(column -> common(users, column, modifiers)).orElse(0L);
        return best.filter(column -> most * 2 >= modifiers.size() && most > 0)
                .map(
                        column ->
                                new Proposal.Line(
                                        "  key: " + Proposal.quoted(column.name()),
                                        "%d of %d modifiers that were looked at are in it"
                                                .formatted(most, modifiers.size())));
    }

    private long common(Table users, Column column, Set<String> modifiers) {
        Set<String> there = sample.of(users, column.name());
        return modifiers.stream().filter(there::contains).count();
    }

    private Proposal.Line byName(Table users) {
        boolean areTexts =
                words.tables().stream()
                        .flatMap(
                                table ->
                                        base
                                                .of(table)
                                                .modifier()
                                                .flatMap(name -> column(table, name))
                                                .stream())
                        .anyMatch(column -> column.type().matches("(text|char).*"));
        Optional<String> login = areTexts ? KnownNames.first(users, LOGINS) : Optional.empty();
        String key =
                login.or(() -> words.key(users).map(Column::name))
                        .orElse(users.stored().getFirst().name());
        return new Proposal.Line(
                "  key: " + Proposal.quoted(key),
                "no modifier was seen to be one: is this what they hold?");
    }

    private static Optional<Column> column(Table table, String name) {
        return table.stored().stream().filter(column -> column.name().equals(name)).findFirst();
    }

    private static Optional<Proposal.Line> name(Table users) {
        return displayed(users)
                .map(name -> new Proposal.Line("  name: " + name, "by the name of the column"));
    }

    private static Optional<String> displayed(Table users) {
        return ColumnProposals.person(users)
                .or(() -> KnownNames.first(users, NAMES).map(Proposal::quoted));
    }
}

package dev.tidemark.cli.command;

import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.profile.CustomFields;
import dev.tidemark.replay.profile.DisplayName;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.SoftDelete;
import dev.tidemark.replay.profile.Subject;
import dev.tidemark.replay.profile.TableProfile;
import dev.tidemark.replay.profile.Tenant;
import dev.tidemark.replay.profile.UserTable;
import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a profile means for the tables of an archive.
 *
 * @param profile as the configuration names it
 * @param tables all that hold rows, by name; those that it says nothing of too
 */
record ProfileView(
        Optional<String> profile,
        List<TableView> tables,
        List<ReferenceView> references,
        List<CustomFields> customFields) {
    /**
     * A table.
     *
     * @param users where those are whom its rows name
     * @param sources who says what: a profile's name, or by what the column is known
     */
    record TableView(
            String table,
            Optional<String> modifier,
            Optional<String> creator,
            Optional<String> softDelete,
            Optional<String> name,
            Optional<String> tenant,
            List<String> json,
            Optional<String> users,
            Map<String, String> sources) {
        static TableView of(TableProfile table, Optional<UserTable> users) {
            Map<String, String> sources = new TreeMap<>();
            table.sources().forEach((subject, source) -> sources.put(subject.word(), source));
            return new TableView(
                    table.table(),
                    table.modifier(),
                    table.creator(),
                    table.softDelete().map(SoftDelete::toString),
                    table.displayName().map(DisplayName::toString),
                    table.tenant().map(TableView::tenant),
                    table.json(),
                    users.map(there -> there.table().displayName() + "." + there.key()),
                    sources);
        }

        private static String tenant(Tenant tenant) {
            return switch (tenant) {
                case Tenant.InColumn(String column) -> column;
                case Tenant.InSchema(String schema) -> "schema " + schema;
            };
        }
    }

    /** A reference that no constraint declares, with quotes only where SQL needs them. */
    record ReferenceView(String from, String to, Map<String, List<String>> when) {
        static ReferenceView of(VirtualReference reference) {
            return new ReferenceView(
                    plain(reference.from()), plain(reference.to()), reference.when());
        }

        private static String plain(String names) {
            return names.replaceAll("\"([a-z_][a-z0-9_]*)\"", "$1");
        }

        @Override
        public String toString() {
            return from + " → " + to;
        }
    }

    static ProfileView of(Optional<String> name, Profile profile, Catalog catalog) {
        return new ProfileView(
                name,
                catalog.tables().stream()
                        .filter(Table::holdsRows)
                        .sorted(Comparator.comparing(Table::displayName))
                        .map(table -> TableView.of(profile.of(table), profile.users(table)))
                        .toList(),
                profile.references().stream().map(ReferenceView::of).toList(),
                profile.customFields());
    }

    /** The same with so many tables. */
    ProfileView first(int limit) {
        return new ProfileView(
                profile,
                tables.subList(0, Math.min(limit, tables.size())),
                references,
                customFields);
    }

    void print(CommandContext context, int all) {
        TextTable table =
                new TextTable(
                        "table",
                        "changed by",
                        "made by",
                        "deleted when",
                        "name",
                        "tenant",
                        "JSON",
                        "said by");
        tables.forEach(
                one ->
                        table.row(
                                one.table(),
                                one.modifier().orElse(""),
                                one.creator().orElse(""),
                                one.softDelete().orElse(""),
                                one.name().orElse(""),
                                one.tenant().orElse(""),
                                String.join(", ", one.json()),
                                String.join(
                                        ", ",
                                        one.sources().entrySet().stream()
                                                .filter(
                                                        said ->
                                                                !said.getKey()
                                                                                .equals(
                                                                                        Subject.JSON
                                                                                                .word())
                                                                        || !said.getValue()
                                                                                .equals(
                                                                                        Profile
                                                                                                .SCHEMA))
                                                .map(Map.Entry::getValue)
                                                .distinct()
                                                .toList())));
        context.print(table);
        List<String> users =
                tables.stream().flatMap(one -> one.users().stream()).distinct().sorted().toList();
        context.out()
                .printf(
                        "users are in %s%n",
                        users.isEmpty() ? "no table that is known" : String.join(", ", users));
        references.forEach(one -> context.out().printf("reference %s%s%n", one, when(one.when())));
        customFields.forEach(
                one ->
                        context.out()
                                .printf(
                                        "custom fields of %s in %s%s%n",
                                        one.owner(), one.table(), when(one.when())));
        context.out()
                .printf(
                        "%d of %s, %s%n",
                        tables.size(),
                        Figures.counted(all, "table"),
                        profile.map("by the profile %s"::formatted)
                                .orElse("without a profile: by names and types of columns alone"));
    }

    private static String when(Map<String, List<String>> when) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(when)
                .forEach(
                        (column, values) ->
                                text.append(text.isEmpty() ? " when " : " and ")
                                        .append(column)
                                        .append(" is ")
                                        .append(String.join(" or ", values)));
        return text.toString();
    }
}

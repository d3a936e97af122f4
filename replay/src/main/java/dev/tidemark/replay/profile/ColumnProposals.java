package dev.tidemark.replay.profile;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Proposes what can be said of all tables by the names of their columns. For one thread.
 *
 * @param words the tables
 * @param base what is known of them already
 */
record ColumnProposals(TableWords words, Profile base) {
    private static final List<String> FLAGS =
            List.of("deleted", "isdeleted", "deletedflag", "softdeleted", "removed", "isremoved");
    private static final List<String> TIMES =
            List.of(
                    "deletedat",
                    "deletedon",
                    "datedeleted",
                    "deletedtime",
                    "deletedtimestamp",
                    "removedat",
                    "trashedat");
    private static final List<String> NAMES =
            List.of(
                    "name",
                    "fullname",
                    "displayname",
                    "title",
                    "subject",
                    "label",
                    "filename",
                    "number",
                    "login",
                    "username");
    private static final List<String> FIRST_NAMES =
            List.of("firstname", "namefirstname", "givenname");
    private static final List<String> LAST_NAMES = List.of("lastname", "namelastname", "surname");
    private static final List<String> TENANTS =
            List.of("tenantid", "organizationid", "organisationid", "orgid", "workspaceid");

    /** Types in which a flag is true or not. */
    private static final Set<String> FLAG_TYPES =
            Set.of("boolean", "smallint", "integer", "bigint", "numeric(1,0)", "bit(1)");

    private static final int NAMED_MAX = 3; // tables in a reason; more would not be read

    /** All of them. */
    Proposal all() {
        List<Proposal.Line> lines = new ArrayList<>();
        lines.addAll(known(Subject.MODIFIER, "who changed a row last").lines());
        lines.addAll(known(Subject.CREATOR, "who made a row").lines());
        lines.addAll(softDelete().lines());
        lines.addAll(names().lines());
        lines.addAll(tenant().lines());
        return new Proposal(lines);
    }

    /** What is taken without a profile too, so that it can be looked at. */
    private Proposal known(Subject subject, String what) {
        Map<String, List<Table>> found = new LinkedHashMap<>();
        for (Table table : words.tables()) {
            TableProfile there = base.of(table);
            (subject == Subject.MODIFIER ? there.modifier() : there.creator())
                    .filter(column -> Profile.KNOWN_NAME.equals(there.sources().get(subject)))
                    .ifPresent(
                            column ->
                                    found.computeIfAbsent(column, name -> new ArrayList<>())
                                            .add(table));
        }
        return line(
                subject.word(),
                found,
                "in %s: a name that many applications give to %s"
                        .formatted(in(found.values()), what));
    }

    private Proposal softDelete() {
        Map<String, List<Table>> found = new LinkedHashMap<>();
        for (Table table : open(Subject.SOFT_DELETE)) {
            table.stored().stream()
                    .flatMap(column -> softDelete(column).stream())
                    .findFirst() // one says it
                    .ifPresent(
                            rule ->
                                    found.computeIfAbsent(rule, one -> new ArrayList<>())
                                            .add(table));
        }
        return line(
                Subject.SOFT_DELETE.word(),
                found,
                "in %s: rows stay there, and the application takes them for deleted"
                        .formatted(in(found.values())));
    }

    private static Optional<String> softDelete(Column column) {
        String plain = KnownNames.plain(column.name());
        String name = Proposal.quoted(column.name());
        if (FLAGS.contains(plain) && FLAG_TYPES.contains(column.type())) {
            return Optional.of("{%s: true}".formatted(name));
        }
        return TIMES.contains(plain)
                ? Optional.of("{%s: not null}".formatted(name))
                : Optional.empty();
    }

    private Proposal names() {
        Map<String, List<Table>> found = new LinkedHashMap<>();
        for (Table table : open(Subject.NAME)) {
            person(table)
                    .or(() -> KnownNames.first(table, NAMES).map(Proposal::quoted))
                    .ifPresent(
                            name ->
                                    found.computeIfAbsent(name, one -> new ArrayList<>())
                                            .add(table));
        }
        return line(
                Subject.NAME.word(),
                templatesFirst(found),
                "in %s: what people rather call a row by than its key"
                        .formatted(in(found.values())));
    }

    /** A person may have a title, too, and the first that fits is taken. */
    private static Map<String, List<Table>> templatesFirst(Map<String, List<Table>> found) {
        Map<String, List<Table>> ordered = new LinkedHashMap<>();
        found.entrySet().stream()
                .sorted(Comparator.comparing(one -> !one.getKey().startsWith("\"")))
                .forEach(one -> ordered.put(one.getKey(), one.getValue()));
        return ordered;
    }

    /** As a template of two columns. */
    static Optional<String> person(Table table) {
        Optional<String> first = KnownNames.first(table, FIRST_NAMES);
        Optional<String> last = KnownNames.first(table, LAST_NAMES);
        return first.flatMap(one -> last.map(other -> "\"{%s} {%s}\"".formatted(one, other)));
    }

    private Proposal tenant() {
        Map<String, List<Table>> found = new LinkedHashMap<>();
        for (Table table : open(Subject.TENANT)) {
            KnownNames.first(table, TENANTS)
                    .ifPresent(
                            name ->
                                    found.computeIfAbsent(name, one -> new ArrayList<>())
                                            .add(table));
        }
        return line(
                Subject.TENANT.word(),
                found,
                "in %s: a name that many applications give to whose a row is"
                        .formatted(in(found.values())));
    }

    /** Tables of which a ready profile does not say it. */
    private List<Table> open(Subject subject) {
        return words.tables().stream()
                .filter(table -> !base.of(table).sources().containsKey(subject))
                .toList();
    }

    private static Proposal line(String word, Map<String, List<Table>> found, String reason) {
        if (found.isEmpty()) {
            return Proposal.none();
        }
        List<String> values =
                found.keySet().stream()
                        .map(
                                one ->
                                        one.startsWith("{") || one.startsWith("\"")
                                                ? one
                                                : Proposal.quoted(one))
                        .toList();
        String text =
                values.size() == 1 ? values.getFirst() : "[" + String.join(", ", values) + "]";
        return new Proposal(List.of(new Proposal.Line(word + ": " + text, reason)));
    }

    private static String in(Collection<List<Table>> found) {
        List<Table> tables = found.stream().flatMap(List::stream).distinct().toList();
        String names =
                tables.stream()
                        .limit(NAMED_MAX)
                        .map(Table::displayName)
                        .collect(Collectors.joining(", "));
        int more = tables.size() - NAMED_MAX;
        return more > 0 ? "%s and %d more".formatted(names, more) : names;
    }
}

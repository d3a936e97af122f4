package dev.tidemark.replay.mask;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Proposes decisions by names and types of columns: what looks like a person's is masked, and all
 * else is a comment, so that somebody has to decide. A proposal is no finding: a name says little
 * of what is in a column.
 */
public final class MaskTemplate {
    /** Words in a column's name, and what it is then; the first that fits. */
    private static final Map<Pattern, String> NAMES = names();

    private static final Pattern PEOPLE =
            Pattern.compile("contact|person|people|user|customer|lead|employee|member|patient");
    private static final Pattern BIRTH = Pattern.compile("birth|born|dob");

    /** What YAML does not read as a text. */
    private static final Set<String> NO_TEXTS =
            Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

    private final ColumnShapes shapes;
    private final Deciding deciding;

    public MaskTemplate(Catalog catalog) {
        this.deciding = new Deciding(catalog);
        this.shapes = new ColumnShapes(catalog, deciding);
    }

    private static Map<Pattern, String> names() {
        Map<Pattern, String> names = new LinkedHashMap<>();
        names.put(Pattern.compile("e?mail"), "email");
        names.put(Pattern.compile("phone|mobile|cell|fax|(^|_)tel(_|$)"), "phone");
        names.put(Pattern.compile("first_?name|given_?name|forename"), "first-name");
        names.put(Pattern.compile("last_?name|sur_?name|family_?name"), "last-name");
        names.put(Pattern.compile("full_?name|display_?name|contact_?name"), "full-name");
        names.put(Pattern.compile("company|employer|organi[sz]ation|account_?name"), "company");
        names.put(Pattern.compile("zip|post_?code|postal"), "postcode");
        names.put(Pattern.compile("street|address_?(line)?_?[12]"), "street");
        names.put(Pattern.compile("city|town"), "city");
        names.put(Pattern.compile("country"), "country");
        names.put(Pattern.compile("address"), "address");
        names.put(
                Pattern.compile("password|passwd|token|secret|api_?key|(^|_)iban|(^|_)ssn"),
                "hash");
        return names;
    }

    /** A whole file for a database. */
    public String text() {
        Map<Table, List<Column>> all = new LinkedHashMap<>();
        for (Table table : deciding.all()) {
            if (!deciding.holding(table).isEmpty()) {
                all.put(table, table.stored());
            }
        }
        return """
                # Decisions for 'tidemark restore --mask'. These are guesses by names and types: look at each.
                # A line that begins with # is not decided yet; take the # away to keep the column as it is, or
                # write another decision: null, hash, {fixed: …}, {date-shift: {days: 30, by: id}}, {json: {…}},
                # first-name, last-name, full-name, company, email, phone, street, city, postcode, country, address.
                # Instead of columns a table can have: keep-all, or drop-rows.
                # key-file: masks.key    # of 'tidemark keygen --mask masks.key': gives everybody the same name in each run
                locale: en
                tables:
                """
                + lines(all);
    }

    /** The part of a file for these columns. */
    String lines(Map<Table, List<Column>> columns) {
        StringBuilder lines = new StringBuilder();
        columns.forEach(
                (table, some) -> {
                    lines.append("  ").append(key(table.displayName())).append(":\n");
                    some.forEach(column -> lines.append(line(table, column)).append('\n'));
                });
        return lines.toString().stripTrailing() + "\n";
    }

    private String line(Table table, Column column) {
        String key = key(column.name());
        return proposal(table, column)
                .map(decision -> "    %s: %s".formatted(key, decision))
                .orElseGet(() -> "    # %s: keep    # %s".formatted(key, column.type()));
    }

    private Optional<String> proposal(Table table, Column column) {
        String name = column.name().toLowerCase(Locale.ROOT);
        ColumnType type = shapes.type(column.type());
        if (type.kind().isDate()) {
            return Optional.of("date-shift")
                    .filter(shift -> BIRTH.matcher(name).find() && !table.key().isEmpty());
        }
        if (!type.kind().isText()) {
            return Optional.empty();
        }
        if (name.equals("name")) {
            boolean isOfPeople = PEOPLE.matcher(table.name().toLowerCase(Locale.ROOT)).find();
            return isOfPeople ? Optional.of("full-name") : Optional.empty();
        }
        return NAMES.entrySet().stream()
                .filter(one -> one.getKey().matcher(name).find())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String key(String name) {
        boolean isPlain =
                name.matches("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*")
                        && !NO_TEXTS.contains(name.toLowerCase(Locale.ROOT));
        return isPlain ? name : JsonText.quoted(name);
    }
}

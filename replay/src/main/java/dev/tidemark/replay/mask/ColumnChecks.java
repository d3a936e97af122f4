package dev.tidemark.replay.mask;

import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether each column can be what was decided about it. */
final class ColumnChecks {
    /** 80 bits: two of 100 million values come to the same once in 10⁸ times. */
    private static final int UNIQUE_CHARACTERS_MIN = 16;

    private final Catalog catalog;
    private final Deciding deciding;
    private final UniqueColumns unique;
    private final List<String> problems;
    private final List<String> notes;

    ColumnChecks(Catalog catalog, Deciding deciding, List<String> problems, List<String> notes) {
        this.catalog = catalog;
        this.deciding = deciding;
        this.unique = new UniqueColumns(catalog);
        this.problems = problems;
        this.notes = notes;
    }

    /**
     * A table whose decision counts.
     *
     * @param columns by name
     */
    void check(Table table, Map<String, ColumnMask> columns) {
        for (Column column : table.stored()) {
            ColumnMask mask = columns.get(column.name());
            if (mask != null && !mask.isKept()) {
                String name = table.displayName() + "." + column.name();
                problem(table, column, mask).ifPresent(what -> problems.add(name + ": " + what));
                note(table, column, mask);
            }
        }
    }

    private Optional<String> problem(Table table, Column column, ColumnMask mask) {
        if (isOfPartitions(table, column)) {
            return Optional.of("its value decides about the partition of a row; it has to be kept");
        }
        return switch (mask.mask()) {
            case Mask.Keep keep -> Optional.empty();
            case Mask.Null none -> ofNull(table, column);
            case Mask.Fixed fixed -> ofFixed(fixed, column, mask);
            case Mask.Hash hash -> ofHash(column, mask);
            case Mask.Fake fake -> ofFake(fake, column, mask);
            case Mask.DateShift shift -> ofShift(shift, table, column, mask);
            case Mask.Json json -> ofJson(json, table, column, mask);
        };
    }

    private boolean isOfPartitions(Table table, Column column) {
        return catalog.tables().stream()
                .filter(each -> deciding.of(each).id() == table.id())
                .flatMap(each -> each.partitionKey().stream())
                .anyMatch(key -> SqlWords.of(key).contains(column.name()));
    }

    private Optional<String> ofNull(Table table, Column column) {
        if (column.notNull() || isNotNullDomain(column)) {
            return Optional.of("null, but it is NOT NULL");
        }
        return unique.hasOneNull(table.reference(), column.name())
                ? Optional.of("null, but a unique index of it takes only one (NULLS NOT DISTINCT)")
                : Optional.empty();
    }

    private boolean isNotNullDomain(Column column) {
        return catalog.objects().stream()
                .filter(object -> object.kind().equals("domain"))
                .filter(object -> object.address().equals("DOMAIN " + column.type()))
                .anyMatch(object -> object.definition().getFirst().endsWith(" NOT NULL"));
    }

    private static Optional<String> ofFixed(Mask.Fixed fixed, Column column, ColumnMask mask) {
        if (mask.isUnique()) {
            return Optional.of("fixed, but a unique index or a foreign key needs differing values");
        }
        return FixedText.of(fixed.text(), mask.type()).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "the fixed value '%s' is none of %s; expected %s"
                                .formatted(
                                        fixed.text(), column.type(), FixedText.forms(mask.type())));
    }

    private static Optional<String> ofHash(Column column, ColumnMask mask) {
        ColumnType type = mask.type();
        boolean isHashed =
                switch (type.kind()) {
                    case TEXT, CASELESS_TEXT, PADDED_TEXT, UUID, BYTES -> true;
                    case SMALLINT, INTEGER, BIGINT, NUMERIC -> type.greatest() > 0;
                    case FLOAT,
                            BOOLEAN,
                            DATE,
                            TIMESTAMP,
                            TIMESTAMP_WITH_ZONE,
                            JSON,
                            JSONB,
                            ENUM,
                            ARRAY,
                            OTHER ->
                            false;
                };
        if (!isHashed) {
            return Optional.of(
                    "hash, but there is none for %s; take %s"
                            .formatted(
                                    column.type(),
                                    type.kind().isDate()
                                            ? "date-shift or null"
                                            : type.kind().isJson() ? "{json: …} or null" : "null"));
        }
        boolean isTooShort =
                type.kind().isText()
                        && mask.isUnique()
                        && type.charactersMax() < UNIQUE_CHARACTERS_MIN;
        return isTooShort
                ? Optional.of(
                        "hash, but with %d characters two of a unique index could become the same; %d would be enough"
                                .formatted(type.charactersMax(), UNIQUE_CHARACTERS_MIN))
                : Optional.empty();
    }

    private static Optional<String> ofFake(Mask.Fake fake, Column column, ColumnMask mask) {
        if (!mask.type().kind().isText()) {
            return Optional.of("%s, but it is %s and no text".formatted(fake, column.type()));
        }
        int least = Fakes.charactersMin(fake.kind(), mask.isUnique());
        return mask.type().charactersMax() < least
                ? Optional.of(
                        "%s, but it has room for %d characters, and %d are needed%s"
                                .formatted(
                                        fake,
                                        mask.type().charactersMax(),
                                        least,
                                        mask.isUnique()
                                                ? " where a unique index or a foreign key needs differing values"
                                                : ""))
                : Optional.empty();
    }

    private static Optional<String> ofShift(
            Mask.DateShift shift, Table table, Column column, ColumnMask mask) {
        return mask.type().kind().isDate()
                ? by(shift, table)
                : Optional.of("date-shift, but it is %s and no date".formatted(column.type()));
    }

    private static Optional<String> by(Mask.DateShift shift, Table table) {
        if (shift.by().isEmpty()) {
            return table.key().isEmpty()
                    ? Optional.of(
                            "date-shift, but its table has no key; say {date-shift: {days: %d, by: a column}}"
                                    .formatted(shift.daysMax()))
                    : Optional.empty();
        }
        String by = shift.by().get();
        List<String> known = table.stored().stream().map(Column::name).toList();
        return known.contains(by)
                ? Optional.empty()
                : Optional.of(
                        "date-shift by '%s', which is no column%s"
                                .formatted(
                                        by,
                                        Nearest.to(by, known)
                                                .map("; did you mean '%s'?"::formatted)
                                                .orElse("")));
    }

    private static Optional<String> ofJson(
            Mask.Json json, Table table, Column column, ColumnMask mask) {
        if (!mask.type().kind().isJson()) {
            return Optional.of("json, but it is %s".formatted(column.type()));
        }
        return json.parts().stream()
                .flatMap(
                        part ->
                                part.mask() instanceof Mask.DateShift shift
                                        ? by(shift, table).stream()
                                        : Optional.<String>empty().stream())
                .findFirst();
    }

    private void note(Table table, Column column, ColumnMask mask) {
        String name = table.displayName() + "." + column.name();
        boolean isNumbered =
                !column.identity().isEmpty()
                        || column.defaultExpression()
                                .filter(text -> text.contains("nextval("))
                                .isPresent();
        if (mask.mask() instanceof Mask.Hash && isNumbered) {
            notes.add(
                    name
                            + ": new rows get numbers of a sequence, which hashed ones may have taken");
        }
        if (mask.mask() instanceof Mask.DateShift && mask.isUnique()) {
            notes.add(name + ": it is in a unique index, and two moved dates may become the same");
        }
        if (!(mask.mask() instanceof Mask.Null)) {
            noteChecks(table, column, name);
        }
    }

    private void noteChecks(Table table, Column column, String name) {
        for (CatalogObject object : catalog.objects()) {
            boolean isOfColumn =
                    object.kind().equals("check")
                            && object.partOf().filter(table.reference()::equals).isPresent()
                            && SqlWords.of(object.definition().getFirst()).contains(column.name());
            if (isOfColumn) {
                notes.add(
                        "%s: the check %s looks at it, and is left out if masked values do not pass"
                                .formatted(name, object.name()));
            }
            if (object.kind().equals("domain check") && isOf(object, column)) {
                notes.add(
                        "%s: the check %s of its domain ends the restore if masked values do not pass"
                                .formatted(name, object.name()));
            }
        }
    }

    private boolean isOf(CatalogObject check, Column column) {
        return catalog.objects().stream()
                .filter(domain -> check.partOf().filter(domain.reference()::equals).isPresent())
                .anyMatch(domain -> domain.address().equals("DOMAIN " + column.type()));
    }
}

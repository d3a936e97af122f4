package dev.tidemark.replay.mask;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column's type, as far as masks have to know it.
 *
 * @param size characters of text, digits of a number; 0 without a limit. Of a time the digits
 *     behind its point
 * @param scale digits behind the point of {@link Kind#NUMERIC}
 * @param labels of {@link Kind#ENUM}
 */
record ColumnType(Kind kind, int size, int scale, List<String> labels) {
    enum Kind {
        TEXT,
        /** Text in which letters are equal to their capitals. */
        CASELESS_TEXT,
        /** Blanks fill it up to its size. */
        PADDED_TEXT,
        SMALLINT,
        INTEGER,
        BIGINT,
        NUMERIC,
        FLOAT,
        BOOLEAN,
        UUID,
        DATE,
        TIMESTAMP,
        TIMESTAMP_WITH_ZONE,
        JSON,
        JSONB,
        BYTES,
        ENUM,
        ARRAY,
        OTHER;

        boolean isText() {
            return this == TEXT || this == CASELESS_TEXT || this == PADDED_TEXT;
        }

        boolean isDate() {
            return this == DATE || this == TIMESTAMP || this == TIMESTAMP_WITH_ZONE;
        }

        boolean isJson() {
            return this == JSON || this == JSONB;
        }
    }

    private static final Pattern SIZED =
            Pattern.compile("([a-z ]+?)(?:\\((\\d+)(?:,(-?\\d+))?\\))?( with(?:out)? time zone)?");
    private static final int MICROSECONDS = 6; // digits of a time whose type says none
    private static final Set<String> FLOATS = Set.of("real", "double precision");

    ColumnType {
        labels = List.copyOf(labels);
    }

    /**
     * A type that is neither a domain nor an enum.
     *
     * @param type as PostgreSQL's format_type writes it
     */
    static ColumnType of(String type) {
        if (type.equals("citext") || type.endsWith(".citext")) {
            return of(Kind.CASELESS_TEXT, 0, 0);
        }
        if (type.endsWith("[]")) {
            return of(Kind.ARRAY, 0, 0);
        }
        Matcher sized = SIZED.matcher(type);
        if (!sized.matches()) {
            return of(Kind.OTHER, 0, 0);
        }
        int size = sized.group(2) == null ? 0 : Integer.parseInt(sized.group(2));
        int scale = sized.group(3) == null ? 0 : Integer.parseInt(sized.group(3));
        boolean isZoned = " with time zone".equals(sized.group(4));
        Kind kind = kind(sized.group(1));
        if (kind == Kind.TIMESTAMP) {
            int digits = sized.group(2) == null ? MICROSECONDS : size;
            return of(isZoned ? Kind.TIMESTAMP_WITH_ZONE : kind, digits, 0);
        }
        return of(kind, size, scale);
    }

    private static Kind kind(String name) {
        return switch (name) {
            case "text", "character varying" -> Kind.TEXT;
            case "character" -> Kind.PADDED_TEXT;
            case "smallint" -> Kind.SMALLINT;
            case "integer" -> Kind.INTEGER;
            case "bigint" -> Kind.BIGINT;
            case "numeric" -> Kind.NUMERIC;
            case "boolean" -> Kind.BOOLEAN;
            case "uuid" -> Kind.UUID;
            case "date" -> Kind.DATE;
            case "timestamp" -> Kind.TIMESTAMP;
            case "json" -> Kind.JSON;
            case "jsonb" -> Kind.JSONB;
            case "bytea" -> Kind.BYTES;
            default -> FLOATS.contains(name) ? Kind.FLOAT : Kind.OTHER;
        };
    }

    private static ColumnType of(Kind kind, int size, int scale) {
        return new ColumnType(kind, size, scale, List.of());
    }

    static ColumnType ofEnum(List<String> labels) {
        return new ColumnType(Kind.ENUM, 0, 0, labels);
    }

    /** The greatest number that it surely holds, or 0 when it holds other than whole numbers. */
    long greatest() {
        return switch (kind) {
            case SMALLINT -> Short.MAX_VALUE;
            case INTEGER -> Integer.MAX_VALUE;
            case BIGINT -> Long.MAX_VALUE;
            case NUMERIC -> size > 0 && size <= 18 && scale == 0 ? powerOfTen(size) - 1 : 0;
            default -> 0;
        };
    }

    private static long powerOfTen(int digits) {
        long power = 1;
        for (int i = 0; i < digits; i++) {
            power *= 10;
        }
        return power;
    }

    /** How many characters fit. */
    int charactersMax() {
        return size == 0 ? Integer.MAX_VALUE : size;
    }
}

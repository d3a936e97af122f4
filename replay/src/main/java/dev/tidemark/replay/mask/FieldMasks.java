package dev.tidemark.replay.mask;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Makes what masks the fields of one table's rows. For one thread. */
final class FieldMasks {
    /** 130 bits. */
    static final int HASH_CHARACTERS = 26;

    private static final Value NULL = Value.Mark.NULL;

    /** Of dates: they say nothing of anybody. */
    private static final Set<String> INFINITE = Set.of("infinity", "-infinity");

    private final Table table;
    private final KeyedHash hash;
    private final Fakes fakes;

    FieldMasks(Table table, KeyedHash hash, Locale locale) {
        this.table = table;
        this.hash = hash;
        this.fakes = new Fakes(hash, locale);
    }

    /** NULL stays NULL, whatever the decision. */
    FieldMask of(ColumnMask column) {
        FieldMask mask = ofValues(column);
        return (value, row) -> value == NULL ? NULL : mask.of(value, row);
    }

    private FieldMask ofValues(ColumnMask column) {
        return switch (column.mask()) {
            case Mask.Keep keep -> (value, row) -> value;
            case Mask.Null none -> (value, row) -> NULL;
            case Mask.Fixed fixed -> fixed(fixed, column.type());
            case Mask.Hash hashed -> hashed(column.type());
            case Mask.Fake fake -> text(column.type(), value -> fake(fake, column, value));
            case Mask.DateShift shift -> shifted(shift);
            case Mask.Json json -> JsonMask.of(json, this, hash);
        };
    }

    private static FieldMask fixed(Mask.Fixed fixed, ColumnType type) {
        Value value =
                Value.text(
                        FixedText.of(fixed.text(), type)
                                .orElseThrow(() -> unplanned("a fixed value", type)));
        return (any, row) -> value;
    }

    private String fake(Mask.Fake fake, ColumnMask column, Value value) {
        return fakes.of(fake.kind(), value, column.type().charactersMax(), column.isUnique());
    }

    private FieldMask hashed(ColumnType type) {
        return switch (type.kind()) {
            case TEXT, CASELESS_TEXT, PADDED_TEXT -> text(type, value -> word(type, value));
            case SMALLINT, INTEGER, BIGINT, NUMERIC -> number(type);
            case UUID -> (value, row) -> Value.text(uuid(hash.of("hash", value)));
            case BYTES ->
                    (value, row) ->
                            Value.text(
                                    "\\x"
                                            + HexFormat.of()
                                                    .formatHex(hash.of("hash", value).array()));
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
                    throw unplanned("a hash", type);
        };
    }

    private String word(ColumnType type, Value value) {
        return Base32.of(hash.of("hash", value), Math.min(HASH_CHARACTERS, type.charactersMax()));
    }

    /** What is equal to the server has to be equal to the hash; an empty text tells nothing. */
    private static FieldMask text(ColumnType type, Function<Value, String> masked) {
        return switch (type.kind()) {
            case CASELESS_TEXT ->
                    (value, row) ->
                            value.bytes() == 0
                                    ? value
                                    : Value.text(masked.apply(Value.text(lower(value))));
            case PADDED_TEXT ->
                    (value, row) ->
                            value.toString().isBlank()
                                    ? value
                                    : Value.text(
                                            FixedText.padded(
                                                    masked.apply(
                                                            Value.text(
                                                                    value.toString()
                                                                            .stripTrailing())),
                                                    type));
            default -> (value, row) -> value.bytes() == 0 ? value : Value.text(masked.apply(value));
        };
    }

    private static String lower(Value value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }

    private FieldMask number(ColumnType type) {
        NumberMask numbers = NumberMask.of(hash, type);
        return (value, row) -> Value.text(numbers.of(value.toString()));
    }

    /** Of the random kind (RFC 9562, version 4). */
    private static String uuid(ByteBuffer bytes) {
        long high = (bytes.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        long low = (bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new java.util.UUID(high, low).toString();
    }

    private FieldMask shifted(Mask.DateShift shift) {
        DateShifts days = shifts(shift);
        return (value, row) -> {
            if (INFINITE.contains(value.toString())) {
                return value;
            }
            return days.of(value.toString(), row)
                    .map(Value::text)
                    .orElseThrow(() -> new IOException("a value cannot be read as a date"));
        };
    }

    DateShifts shifts(Mask.DateShift shift) {
        List<Integer> by = new ArrayList<>();
        List<Column> stored = table.stored();
        for (int i = 0; i < stored.size(); i++) {
            Column column = stored.get(i);
            if (shift.by().map(column.name()::equals).orElse(table.key().contains(column.id()))) {
                by.add(i);
            }
        }
        if (by.isEmpty()) {
            throw new IllegalArgumentException("nothing says how far " + table.name() + " moves");
        }
        return new DateShifts(hash, shift.daysMax(), by);
    }

    private static IllegalArgumentException unplanned(String what, ColumnType type) {
        return new IllegalArgumentException(what + " for " + type.kind());
    }

    static byte[] utf8(Value value) {
        return switch (value) {
            case Value.Text text -> text.utf8();
            case Value.Large large -> {
                byte[] bytes = new byte[large.bytes()];
                large.utf8().get(bytes);
                yield bytes;
            }
            case Value.Mark mark -> mark.toString().getBytes(UTF_8);
        };
    }
}

package dev.tidemark.replay.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.TemporalAccessor;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** From what DuckDB's driver gives to cells. */
final class Cells {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    /** PostgreSQL's last timestamp is of the year 294276, and DuckDB's is not of a later one. */
    private static final int ENDLESS_YEAR = 290_000;

    private Cells() {}

    /** That of a row's column, by its number from 1. */
    static Cell of(ResultSet row, int column) throws SQLException {
        boolean isLocalTime = row.getMetaData().getColumnType(column) == Types.TIMESTAMP;
        try {
            return of(
                    isLocalTime
                            ? row.getObject(column, LocalDateTime.class)
                            : row.getObject(column));
        } catch (DateTimeException e) {
            return of("24:00:00"); // the one time of day that Java does not have
        }
    }

    private static Cell of(@Nullable Object value) throws SQLException {
        if (value == null) {
            return Cell.NULL;
        }
        JsonNode node = node(value);
        return new Cell(node, text(value, node));
    }

    private static String text(Object value, JsonNode node) {
        return switch (value) {
            case BigDecimal number -> number.toPlainString();
            case Number number -> number.toString();
            case org.duckdb.JsonNode json -> json.toString();
            default -> node.isContainerNode() ? node.toString() : node.asText();
        };
    }

    private static JsonNode node(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> NullNode.getInstance();
            case Boolean truth -> NODES.booleanNode(truth);
            case Double number -> real(number, number.toString());
            case Float number -> real(number, number.toString());
            case BigDecimal number -> NODES.numberNode(number);
            case BigInteger number -> NODES.numberNode(number);
            case Number number -> NODES.numberNode(number.longValue());
            case OffsetDateTime time ->
                    NODES.textNode(endless(time.getYear()).orElseGet(time.toInstant()::toString));
            case LocalDateTime time ->
                    NODES.textNode(endless(time.getYear()).orElseGet(time::toString));
            case LocalDate day -> NODES.textNode(endless(day.getYear()).orElseGet(day::toString));
            case Timestamp time -> node(time.toLocalDateTime()); // within a list or an object
            case TemporalAccessor time -> NODES.textNode(time.toString());
            case org.duckdb.JsonNode json -> parsed(json.toString());
            case Array array -> list((@Nullable Object[]) array.getArray());
            case DuckDBStruct struct -> object(struct.getMap());
            case Struct struct -> list(struct.getAttributes());
            case Map<?, ?> map -> object(map);
            case Blob bytes -> NODES.textNode(hex(bytes));
            default -> NODES.textNode(value.toString());
        };
    }

    /**
     * DuckDB's infinities are the first and last values that it has; PostgreSQL has no such year.
     */
    private static Optional<String> endless(int year) {
        if (Math.abs(year) < ENDLESS_YEAR) {
            return Optional.empty();
        }
        return Optional.of(year > 0 ? "infinity" : "-infinity");
    }

    /** JSON has no number for those that are none. */
    private static JsonNode real(double number, String text) {
        return Double.isFinite(number)
                ? NODES.numberNode(new BigDecimal(text))
                : NODES.textNode(text);
    }

    private static JsonNode parsed(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            return NODES.textNode(json); // such as a number that is too large for anybody
        }
    }

    private static JsonNode list(@Nullable Object[] values) throws SQLException {
        ArrayNode list = NODES.arrayNode();
        for (Object value : values) {
            list.add(node(value));
        }
        return list;
    }

    private static JsonNode object(Map<?, ?> fields) throws SQLException {
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            object.set(String.valueOf(field.getKey()), node(field.getValue()));
        }
        return object;
    }

    /** As PostgreSQL writes it. */
    private static String hex(Blob bytes) throws SQLException {
        try (var in = bytes.getBinaryStream()) {
            return "\\x" + HexFormat.of().formatHex(in.readAllBytes());
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }
}

package dev.tidemark.replay.rows;

import dev.tidemark.replay.rows.ColumnKind.Family;
import dev.tidemark.schemas.TidemarkException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.DateTimeLiteralExpression;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;

/** What a literal is when it is compared with a column. */
final class Literals {
    private final TableColumns columns;
    private final QuotedTexts texts;

    Literals(TableColumns columns, QuotedTexts texts) {
        this.columns = columns;
        this.texts = texts;
    }

    static boolean isOne(Expression expression) {
        return switch (expression) {
            case StringValue text -> true;
            case NullValue none -> true;
            case BooleanValue flag -> true;
            case DateTimeLiteralExpression time -> true;
            case CastExpression cast -> isOne(cast.getLeftExpression());
            case ParenthesedExpressionList<?> list -> list.size() == 1 && isOne(list.getFirst());
            default -> isNumber(expression);
        };
    }

    static boolean isNumber(Expression expression) {
        return switch (expression) {
            case LongValue number -> true;
            case DoubleValue number -> true;
            case SignedExpression signed ->
                    signed.getSign() != '~' && isNumber(signed.getExpression());
            default -> false;
        };
    }

    /** The text that a literal stands for. */
    String text(StringValue value) {
        return texts.text(value.getValue());
    }

    /**
     * The value for a comparison with a column; empty for NULL.
     *
     * @throws TidemarkException (refused) when it is none of the column's type
     */
    Optional<Sortable> value(Operand operand, Expression literal) {
        return switch (literal) {
            case NullValue none -> Optional.empty();
            case ParenthesedExpressionList<?> list when list.size() == 1 ->
                    value(operand, list.getFirst());
            case StringValue text -> Optional.of(ofText(operand, operand.kind(), text));
            case BooleanValue flag when operand.kind() == ColumnKind.BOOLEAN ->
                    Optional.of(new Sortable.Flag(flag.getValue()));
            case DateTimeLiteralExpression time -> Optional.of(ofTime(operand, time));
            case CastExpression cast -> ofCast(operand, cast);
            default -> Optional.of(ofNumber(operand, literal));
        };
    }

    private Sortable ofText(Operand operand, ColumnKind kind, StringValue literal) {
        String text = text(literal);
        if (kind == ColumnKind.ENUM) {
            checkLabel(operand, text);
        }
        return kind.value(text).orElseThrow(() -> unfit(operand, literal));
    }

    private void checkLabel(Operand operand, String text) {
        List<String> labels = columns.labels(operand);
        if (!labels.contains(text)) {
            throw TidemarkException.refused(
                    "the column %s cannot be '%s'".formatted(operand.column(), text),
                    "It is one of %s.".formatted(String.join(", ", labels)));
        }
    }

    private Sortable ofNumber(Operand operand, Expression literal) {
        return (isNumber(literal)
                        ? ColumnKind.decimal(digits(literal))
                        : Optional.<BigDecimal>empty())
                .flatMap(operand.kind()::number)
                .orElseThrow(() -> unfit(operand, literal));
    }

    private static String digits(Expression number) {
        return switch (number) {
            case SignedExpression signed -> {
                String digits = digits(signed.getExpression());
                yield signed.getSign() != '-'
                        ? digits
                        : digits.startsWith("-") ? digits.substring(1) : "-" + digits;
            }
            case LongValue value -> value.getStringValue();
            default -> number.toString();
        };
    }

    private Sortable ofTime(Operand operand, DateTimeLiteralExpression literal) {
        ColumnKind kind =
                switch (literal.getType()) {
                    case DATE -> ColumnKind.DATE;
                    case TIME -> ColumnKind.TIME;
                    case TIMESTAMP -> ColumnKind.TIMESTAMP;
                    case TIMESTAMPTZ -> ColumnKind.INSTANT;
                    case DATETIME -> ColumnKind.OTHER;
                };
        String text = texts.text(literal.getValue());
        return cast(operand, kind).value(text).orElseThrow(() -> unfit(operand, literal));
    }

    private Optional<Sortable> ofCast(Operand operand, CastExpression cast) {
        Expression literal = cast.getLeftExpression();
        List<String> arguments = cast.getColDataType().getArgumentsStringList();
        boolean isPlain =
                (arguments == null || arguments.isEmpty())
                        && cast.getFormat() == null
                        && (cast.keyword == null || cast.keyword.equalsIgnoreCase("CAST"))
                        && !cast.getColDataType().toString().contains("[");
        if (!isPlain
                || !(literal instanceof StringValue
                        || isNumber(literal)
                        || literal instanceof NullValue)) {
            throw unfit(operand, cast);
        }
        ColumnKind kind = cast(operand, kindOf(cast.getColDataType().toString()));
        return switch (literal) {
            case NullValue none -> Optional.empty();
            case StringValue text -> Optional.of(ofText(operand, kind, text));
            default -> {
                // Rounding a number to a type is PostgreSQL's own.
                boolean isSame =
                        ColumnKind.decimal(digits(literal))
                                .map(BigDecimal::toString)
                                .flatMap(kind::value)
                                .isPresent();
                if (!isSame || kind == ColumnKind.REAL) {
                    throw unfit(operand, cast);
                }
                yield Optional.of(ofNumber(operand, literal));
            }
        };
    }

    /** As what a typed literal is read, where it can be compared with the column. */
    private ColumnKind cast(Operand operand, ColumnKind kind) {
        ColumnKind own = operand.kind();
        boolean isFit =
                switch (own.family()) {
                    case NUMBER, MOMENT, BOOLEAN, UUID, TIME, BYTEA ->
                            kind.family() == own.family();
                    case FLOATING -> kind == ColumnKind.DOUBLE || kind == own;
                    case TEXT -> own == ColumnKind.TEXT && kind == own;
                    case ENUM, NONE -> false;
                };
        if (!isFit) {
            throw TidemarkException.refused(
                    "the column %s (%s) cannot be compared with a %s here"
                            .formatted(
                                    operand.column(),
                                    columns.column(operand).type(),
                                    kind.name().toLowerCase(Locale.ROOT)),
                    "Write the literal without its type.");
        }
        return kind;
    }

    private static ColumnKind kindOf(String type) {
        String plain = type.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
        return switch (plain) {
            case "int", "int4" -> ColumnKind.INTEGER;
            case "int2" -> ColumnKind.SMALLINT;
            case "int8" -> ColumnKind.BIGINT;
            case "decimal" -> ColumnKind.NUMERIC;
            case "float8" -> ColumnKind.DOUBLE;
            case "float4" -> ColumnKind.REAL;
            case "bool" -> ColumnKind.BOOLEAN;
            case "varchar" -> ColumnKind.TEXT;
            case "timestamptz" -> ColumnKind.INSTANT;
            case "timestamp" -> ColumnKind.TIMESTAMP;
            case "time" -> ColumnKind.TIME;
            default -> ColumnKind.of(plain);
        };
    }

    private TidemarkException unfit(Operand operand, Expression literal) {
        return TidemarkException.refused(
                "the column %s (%s) cannot be compared with %s"
                        .formatted(
                                operand.column(),
                                columns.column(operand).type(),
                                texts.shown(literal)),
                hint(operand.kind().family()));
    }

    private static String hint(Family family) {
        return switch (family) {
            case NUMBER, FLOATING -> "Give a number, such as 42 or 1.5.";
            case BOOLEAN -> "Give TRUE or FALSE.";
            case TEXT, ENUM -> "Give a text in single quotes.";
            case UUID -> "Give one of the form 'ffffffff-ffff-ffff-ffff-ffffffffffff'.";
            case MOMENT ->
                    "Give '2026-11-20', '2026-11-20 14:03:07.5' or, with an offset, '2026-11-20 14:03:07+01'; without one it is UTC.";
            case TIME -> "Give a time of the form '14:03:07.5'.";
            case BYTEA -> "Give bytes in hexadecimal digits: '\\x00ff'.";
            case NONE -> "Of columns of this type only IS NULL is known.";
        };
    }
}

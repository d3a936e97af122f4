package dev.tidemark.replay.rows;

import dev.tidemark.replay.rows.JsonPlace.Form;
import dev.tidemark.replay.rows.JsonPlace.Level;
import dev.tidemark.replay.rows.JsonPlace.Step;
import dev.tidemark.schemas.TidemarkException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JsonExpression;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;

/** Where the operators of JSON lead from a column. */
final class JsonOperators {
    private static final int LEVELS_MAX = 100; // one is a step on the stack

    /** Not taken are the word NULL, and backslashes outside of double quotes. */
    private static final Pattern ELEMENT =
            Pattern.compile(
                    "\\G\\s*+(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|(?!(?i:NULL)\\s*+[,}])([^\\s{},\"\\\\]++(?: ++[^\\s{},\"\\\\]++)*+))\\s*+([,}])",
                    Pattern.DOTALL);

    /** What C reads as a whole number, of a size that an array may have. */
    private static final Pattern NUMBER =
            Pattern.compile("[ \\t\\n\\x0B\\f\\r]*+([+-]?0*+\\d{1,9})");

    private final TableColumns columns;
    private final QuotedTexts texts;
    private final Literals literals;

    JsonOperators(TableColumns columns, QuotedTexts texts, Literals literals) {
        this.columns = columns;
        this.texts = texts;
        this.literals = literals;
    }

    /**
     * The field that an expression is about.
     *
     * @param from what its operators begin with
     * @return empty when it is none that can be decided
     * @throws TidemarkException (refused) when there is no JSON, or a path is none
     */
    Optional<Operand> operand(Operand from, JsonExpression expression) {
        JsonPlace.Type type = type(from);
        List<Step> steps = new ArrayList<>(from.json().steps());
        Form form = from.json().form();
        List<Map.Entry<Expression, String>> operators = new ArrayList<>();
        expression.getIdentList().forEach(one -> add(one.getKey(), one.getValue(), operators));
        for (Map.Entry<Expression, String> one : operators) {
            List<Level> levels = levels(type, one.getValue(), one.getKey());
            if (levels.isEmpty() || form == Form.TEXT) { // a text has no operators of JSON
                return Optional.empty();
            }
            steps.add(new Step(levels));
            form = one.getValue().endsWith(">>") ? Form.TEXT : Form.JSON;
        }
        return Optional.of(
                new Operand(
                        from.place(),
                        texts.shown(expression),
                        form == Form.TEXT ? ColumnKind.TEXT : ColumnKind.OTHER,
                        new JsonPlace(type, steps, form)));
    }

    /**
     * The parser takes what is at the right of an operator for one expression, and a sign for one
     * of all that follows; PostgreSQL goes from left to right. Parentheses would show.
     */
    private static void add(
            Expression right, String operator, List<Map.Entry<Expression, String>> operators) {
        switch (right) {
            case JsonExpression more -> {
                add(more.getExpression(), operator, operators);
                more.getIdentList().forEach(one -> add(one.getKey(), one.getValue(), operators));
            }
            case SignedExpression signed
                    when signed.getExpression() instanceof JsonExpression more -> {
                Expression number = new SignedExpression(signed.getSign(), more.getExpression());
                add(number, operator, operators);
                more.getIdentList().forEach(one -> add(one.getKey(), one.getValue(), operators));
            }
            default -> operators.add(Map.entry(right, operator));
        }
    }

    private JsonPlace.Type type(Operand from) {
        JsonPlace.Type type =
                columns.jsonType(from)
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "the column %s (%s) holds no JSON"
                                                        .formatted(
                                                                from.column(), columns.type(from)),
                                                "The operators ->, ->>, #> and #>> are taken of json and jsonb alone."));
        if (type == JsonPlace.Type.JSON && !columns.isUnicode()) {
            throw TidemarkException.refused(
                    "which characters the escapes in the column %s are depends on the source's encoding"
                            .formatted(from.column()),
                    "Choose the rows by other columns, or by ones of jsonb.");
        }
        return type;
    }

    private List<Level> levels(JsonPlace.Type type, String operator, Expression right) {
        return switch (operator) {
            case "->", "->>" -> {
                if (right instanceof StringValue name) {
                    yield List.of(new Level.Member(literals.text(name)));
                }
                OptionalInt number = Literals.whole(right);
                yield number.isPresent()
                        ? List.of(new Level.Element(number.getAsInt()))
                        : List.of();
            }
            case "#>", "#>>" ->
                    right instanceof StringValue path ? path(type, literals.text(path)) : List.of();
            default -> List.of();
        };
    }

    /** A path is a text array, as PostgreSQL writes one. */
    private static List<Level> path(JsonPlace.Type type, String path) {
        List<Level> levels = new ArrayList<>();
        Matcher element = ELEMENT.matcher(path);
        boolean isOver = false;
        int end = path.startsWith("{") ? 1 : 0;
        while (end > 0 && !isOver && levels.size() < LEVELS_MAX && element.find(end)) {
            levels.add(level(element));
            end = element.end();
            isOver = element.group(3).equals("}");
        }
        if (!isOver || end != path.length()) {
            throw TidemarkException.refused(
                    "'%s' is no path that is taken".formatted(path),
                    "Write one as '{account,tags,0}', with at most %d names or numbers; others in double quotes."
                            .formatted(LEVELS_MAX));
        }
        if (type == JsonPlace.Type.JSON && levels.stream().anyMatch(JsonOperators::isFromTheEnd)) {
            throw TidemarkException.refused(
                    "'%s' counts from an array's end, and which array's PostgreSQL takes for a json column is not told by the path"
                            .formatted(path),
                    "Write it with ->: data->'tags'->>-1.");
        }
        return levels;
    }

    private static boolean isFromTheEnd(Level level) {
        return level.element() < 0 && level.element() != Integer.MIN_VALUE;
    }

    private static Level level(Matcher element) {
        String name =
                element.group(1) == null
                        ? element.group(2)
                        : element.group(1).replaceAll("(?s)\\\\(.)", "$1");
        Matcher number = NUMBER.matcher(name);
        return number.matches()
                ? new Level.Either(name, new BigDecimal(number.group(1)).intValueExact())
                : new Level.Member(name);
    }
}

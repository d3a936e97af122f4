package dev.tidemark.replay.rows;

import dev.tidemark.replay.content.UnquotedName;
import dev.tidemark.replay.rows.Condition.Comparison;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.GreaterThan;
import net.sf.jsqlparser.expression.operators.relational.GreaterThanEquals;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.IsUnknownExpression;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.MinorThan;
import net.sf.jsqlparser.expression.operators.relational.MinorThanEquals;
import net.sf.jsqlparser.expression.operators.relational.NotEqualsTo;
import net.sf.jsqlparser.expression.operators.relational.OldOracleJoinBinaryExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Column;

/**
 * A condition in SQL to one that can be decided without a server. What it takes, PostgreSQL takes
 * too, and says the same of every row; everything else is refused. For one thread.
 */
public final class ConditionParser {
    private static final int LENGTH_MAX = 65_536;
    private static final int NESTING_MAX = 20; // each level costs the parser a multiple of time
    private static final String WHAT_WORKS =
            "What works: columns compared with literals by =, <>, <, <=, >, >=, IN, BETWEEN, LIKE, ILIKE, IS NULL and IS TRUE, joined"
                    + " by AND, OR and NOT. docs/rows.md has all of it.";

    private final TableColumns columns;
    private final QuotedTexts texts;
    private final Literals literals;

    private final Table named;

    private ConditionParser(TableColumns columns, Table named, QuotedTexts texts) {
        this.columns = columns;
        this.named = named;
        this.texts = texts;
        this.literals = new Literals(columns, texts);
    }

    /**
     * Reads one.
     *
     * @param text what stands behind WHERE
     * @param catalog of the database that the table is in
     * @throws TidemarkException (refused) when it is none, or one that cannot be decided exactly
     */
    public static Condition parse(String text, Catalog catalog, Table table) {
        return parse(text, catalog, table, table);
    }

    /**
     * The same for a table that holds rows of another one: a partition, or one that inherits.
     *
     * @param named the table that it is about
     */
    static Condition parse(String text, Catalog catalog, Table holder, Table named) {
        checkSize(text);
        QuotedTexts texts = QuotedTexts.of(text);
        try {
            return new ConditionParser(new TableColumns(catalog, holder), named, texts)
                    .condition(parsed(texts));
        } catch (StackOverflowError e) { // NOT NOT NOT …
            throw TidemarkException.refused(
                    "the condition is nested too deep: it has %d characters"
                            .formatted(text.length()),
                    "Leave repeated NOTs out.",
                    e);
        }
    }

    private static void checkSize(String text) {
        int depth = 0;
        int deepest = 0;
        for (int i = 0; i < text.length(); i++) {
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            deepest = Math.max(deepest, depth);
        }
        if (text.isBlank()) {
            throw TidemarkException.refused("the condition is empty", WHAT_WORKS);
        }
        if (text.length() > LENGTH_MAX || deepest > NESTING_MAX) {
            throw TidemarkException.refused(
                    "the condition has %d characters and parentheses %d deep"
                            .formatted(text.length(), deepest),
                    "At most %d and %d are taken.".formatted(LENGTH_MAX, NESTING_MAX));
        }
    }

    private static Expression parsed(QuotedTexts texts) {
        try {
            return CCJSqlParserUtil.parseCondExpression(texts.sql(), false);
        } catch (JSQLParserException | RuntimeException | Error e) { // its lexer throws Errors
            if (e instanceof VirtualMachineError broken) {
                throw broken;
            }
            String reason =
                    TidemarkException.reason(e)
                            .lines()
                            .findFirst()
                            .orElse("")
                            .replace("Encountered:,", "something unexpected") // names no token
                            .replaceFirst(", in lexical state .*", "");
            throw TidemarkException.refused(
                    "'%s' is no condition: %s"
                            .formatted(texts.shown(texts.sql()), texts.shown(reason)),
                    WHAT_WORKS,
                    e);
        }
    }

    private Condition condition(Expression expression) {
        return switch (expression) {
            case AndExpression and when !and.isUseOperator() -> new Condition.And(both(and));
            case OrExpression or -> new Condition.Or(both(or));
            case NotExpression not when !not.isExclamationMark() ->
                    new Condition.Not(condition(not.getExpression()));
            case ParenthesedExpressionList<?> list when list.size() == 1 ->
                    condition(list.getFirst());
            case EqualsTo equal -> compare(equal, Comparison.EQUAL);
            case NotEqualsTo unequal -> compare(unequal, Comparison.NOT_EQUAL);
            case MinorThan less -> compare(less, Comparison.LESS);
            case MinorThanEquals less -> compare(less, Comparison.LESS_OR_EQUAL);
            case GreaterThan greater -> compare(greater, Comparison.GREATER);
            case GreaterThanEquals greater -> compare(greater, Comparison.GREATER_OR_EQUAL);
            case Between between -> between(between);
            case InExpression in -> in(in);
            case LikeExpression like -> like(like);
            case IsNullExpression is ->
                    negatedIf(
                            is.isNot() || is.isUseNotNull(),
                            new Condition.IsNull(nullable(is.getLeftExpression())));
            case IsBooleanExpression is ->
                    is(is.getLeftExpression(), Truth.of(is.isTrue()), is.isNot());
            case IsUnknownExpression is -> is(is.getLeftExpression(), Truth.UNKNOWN, is.isNot());
            case BooleanValue value -> new Condition.Constant(Truth.of(value.getValue()));
            case NullValue none -> new Condition.Constant(Truth.UNKNOWN);
            case Column column -> flag(column);
            default -> throw unknown(expression);
        };
    }

    private List<Condition> both(BinaryExpression expression) {
        List<Condition> conditions = new ArrayList<>();
        Expression left = expression;
        while (left.getClass().equals(expression.getClass())) { // a long chain leans to the left
            BinaryExpression one = (BinaryExpression) left;
            conditions.addFirst(condition(one.getRightExpression()));
            left = one.getLeftExpression();
        }
        conditions.addFirst(condition(left));
        return conditions;
    }

    private Condition flag(Column column) {
        Operand operand = operand(column);
        if (operand.kind() != ColumnKind.BOOLEAN) {
            throw TidemarkException.refused(
                    "the column %s is no condition: it is %s"
                            .formatted(operand.column(), columns.column(operand).type()),
                    "Compare it with something.");
        }
        return new Condition.Compare(operand, Comparison.EQUAL, new Sortable.Flag(true));
    }

    private Condition is(Expression left, Truth wanted, boolean isNot) {
        return negatedIf(isNot, new Condition.Is(condition(left), wanted));
    }

    private static Condition negatedIf(boolean isNot, Condition condition) {
        return isNot ? new Condition.Not(condition) : condition;
    }

    private Condition compare(BinaryExpression expression, Comparison comparison) {
        boolean isOracles =
                expression instanceof OldOracleJoinBinaryExpression join
                        && (join.getOldOracleJoinSyntax() != 0
                                || join.getOraclePriorPosition() != 0);
        if (isOracles || !expression.getStringExpression().matches("=|<>|!=|<|<=|>|>=")) {
            throw unknown(expression);
        }
        return Literals.isOne(expression.getLeftExpression())
                ? compare(
                        expression.getRightExpression(),
                        comparison.mirrored(),
                        expression.getLeftExpression())
                : compare(
                        expression.getLeftExpression(),
                        comparison,
                        expression.getRightExpression());
    }

    private Condition compare(Expression left, Comparison comparison, Expression right) {
        Operand operand = operand(left);
        if (comparison.needsOrder() && !operand.kind().isOrdered()) {
            throw TidemarkException.refused(
                    "which values of the column %s (%s) are less or greater is not known without the server"
                            .formatted(operand.column(), columns.column(operand).type()),
                    "Compare it by =, <>, IN or LIKE: texts are in the order of a collation of the server, enums in that of their"
                            + " labels.");
        }
        Optional<Sortable> literal = literals.value(operand, right);
        return literal.isEmpty()
                ? new Condition.Constant(Truth.UNKNOWN)
                : new Condition.Compare(operand, comparison, literal.get());
    }

    private Condition between(Between between) {
        if (between.isUsingSymmetric() || between.isUsingAsymmetric()) {
            throw unknown(between);
        }
        Expression left = between.getLeftExpression();
        return negatedIf(
                between.isNot(),
                new Condition.And(
                        List.of(
                                compare(
                                        left,
                                        Comparison.GREATER_OR_EQUAL,
                                        between.getBetweenExpressionStart()),
                                compare(
                                        left,
                                        Comparison.LESS_OR_EQUAL,
                                        between.getBetweenExpressionEnd()))));
    }

    private Condition in(InExpression in) {
        if (in.isGlobal()
                || in.getOldOracleJoinSyntax() != 0
                || !(in.getRightExpression() instanceof ParenthesedExpressionList<?> list)) {
            throw unknown(in);
        }
        List<Condition> any = new ArrayList<>();
        for (Expression one : list) {
            Operand operand = operand(in.getLeftExpression());
            boolean isText = one instanceof StringValue || one instanceof NullValue;
            if (operand.kind() == ColumnKind.REAL && !isText && list.size() > 1) {
                throw TidemarkException.refused(
                        "PostgreSQL compares the real column %s otherwise with several numbers than with one"
                                .formatted(operand.column()),
                        "Write them as texts: IN ('0.1', '0.2').");
            }
            any.add(compare(in.getLeftExpression(), Comparison.EQUAL, one));
        }
        return negatedIf(in.isNot(), new Condition.Or(any));
    }

    private Condition like(LikeExpression like) {
        Operand operand = operand(like.getLeftExpression());
        if (operand.kind().family() != ColumnKind.Family.TEXT
                || like.isUseBinary()
                || like.getEscape() != null) {
            throw unknown(like);
        }
        boolean isFolding = like.getLikeKeyWord() == LikeExpression.KeyWord.ILIKE;
        if (like.getLikeKeyWord() != LikeExpression.KeyWord.LIKE && !isFolding) {
            throw unknown(like);
        }
        if (like.getRightExpression() instanceof NullValue) {
            return new Condition.Constant(Truth.UNKNOWN);
        }
        if (!(like.getRightExpression() instanceof StringValue value)) {
            throw unknown(like);
        }
        String text = literals.text(value);
        if (isFolding
                && !(text.chars().allMatch(one -> one < 128)
                        && columns.foldsAsEverywhere(operand))) {
            throw TidemarkException.refused(
                    "which letters ILIKE '%s' takes for one depends on the source's locale"
                            .formatted(text),
                    "Use LIKE, or a pattern of ASCII alone.");
        }
        LikePattern pattern =
                (isFolding ? LikePattern.ilike(text) : LikePattern.like(text))
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "the pattern '%s' ends with an escape"
                                                        .formatted(text),
                                                "Write two backslashes for one."));
        return negatedIf(like.isNot(), new Condition.Like(operand, pattern));
    }

    private Operand nullable(Expression expression) {
        Operand operand = operand(expression);
        if (columns.isComposite(operand)) {
            throw TidemarkException.refused(
                    "whether the column %s (%s) is NULL depends on its fields"
                            .formatted(operand.column(), columns.column(operand).type()),
                    WHAT_WORKS);
        }
        return operand;
    }

    private Operand operand(Expression expression) {
        if (expression instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
            return operand(list.getFirst());
        }
        // It prints all that is said of it, also what PostgreSQL has not: arrays, marks of joins, …
        if (!(expression instanceof Column column)
                || !column.toString().equals(column.getFullyQualifiedName())
                || column.getOldOracleJoinSyntax() != 0) {
            throw unknown(expression);
        }
        if (column.getTable() != null && column.getTable().getName() != null) {
            checkTable(column);
        }
        String name = column.getColumnName();
        if (Reserved.WORDS.contains(name.toUpperCase(Locale.ROOT))) {
            throw TidemarkException.refused(
                    "'%s' is a word of SQL, and no column".formatted(name),
                    "Write the column in double quotes: \"%s\".".formatted(folded(name)));
        }
        return columns.operand(folded(name));
    }

    private void checkTable(Column column) {
        String said = folded(column.getTable().getName());
        if (column.getTable().getSchemaName() != null || !said.equals(named.name())) {
            throw TidemarkException.refused(
                    "%s is no column of %s".formatted(column, named.displayName()),
                    "Conditions are about the columns of one table; leave its name out.");
        }
    }

    /** Names without quotes have small letters, as PostgreSQL reads them. */
    static String folded(String name) {
        if (name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")) {
            return name.substring(1, name.length() - 1).replace("\"\"", "\"");
        }
        return UnquotedName.folded(name);
    }

    private TidemarkException unknown(Expression expression) {
        return TidemarkException.refused(
                "'%s' cannot be decided without the server".formatted(texts.shown(expression)),
                WHAT_WORKS);
    }
}

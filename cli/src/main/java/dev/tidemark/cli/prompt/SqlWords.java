package dev.tidemark.cli.prompt;

import java.util.List;
import java.util.Locale;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes keywords, tables and columns. */
final class SqlWords implements Completer {
    private static final List<String> KEYWORDS =
            List.of(
                    "SELECT",
                    "FROM",
                    "WHERE",
                    "GROUP BY",
                    "ORDER BY",
                    "HAVING",
                    "LIMIT",
                    "JOIN",
                    "LEFT JOIN",
                    "ON",
                    "USING",
                    "WITH",
                    "AS",
                    "AND",
                    "OR",
                    "NOT",
                    "IN",
                    "IS NULL",
                    "IS NOT NULL",
                    "BETWEEN",
                    "LIKE",
                    "ILIKE",
                    "CASE",
                    "WHEN",
                    "THEN",
                    "ELSE",
                    "END",
                    "DISTINCT",
                    "UNION ALL",
                    "DESCRIBE",
                    "SUMMARIZE",
                    "SHOW TABLES",
                    "EXPLAIN",
                    "DESC",
                    "OVER",
                    "PARTITION BY",
                    "QUALIFY",
                    "count(*)");

    private final List<String> tables;
    private final List<String> columns;

    /**
     * @param tables with their schemas
     */
    SqlWords(List<String> tables, List<String> columns) {
        this.tables = List.copyOf(tables);
        this.columns = List.copyOf(columns);
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String word = line.word().toLowerCase(Locale.ROOT);
        add(word, tables, "tables", candidates);
        add(word, columns, "columns", candidates);
        add(word, KEYWORDS, "SQL", candidates);
    }

    private static void add(
            String word, List<String> names, String group, List<Candidate> candidates) {
        names.stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(word))
                .map(name -> new Candidate(name, name, group, null, null, null, true))
                .forEach(candidates::add);
    }
}

package dev.tidemark.replay.content;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts other names into statements that the source wrote, in which every name is qualified. Names
 * in texts and in bodies of functions stay, but for those of the form {@code 'name'::regclass}.
 */
final class SqlNames {
    /** Something with a schema. */
    record QualifiedName(String schema, String name) {
        String quoted() {
            return SqlNames.quoted(schema) + "." + SqlNames.quoted(name);
        }
    }

    /** In this order: what begins like another thing comes before it. */
    private static final Pattern TOKEN =
            Pattern.compile(
                    """
                    (?<body>\\$(?<tag>[\\p{L}_]?[\\p{L}\\p{N}_]*)\\$.*?\\$\\k<tag>\\$)\
                    |(?<text>\\b[eE]'(?:[^'\\\\]++|''|\\\\.)*+'|'(?:[^']++|'')*+')\
                    |(?<word>"(?:[^"]++|"")*+"|[\\p{L}_][\\p{L}\\p{N}_$]*)\
                    |(?<space>\\s+)\
                    |(?<sign>::|.)""",
                    Pattern.DOTALL);

    private enum Kind {
        WORD,
        TEXT,
        SPACE,
        OTHER
    }

    private record Token(Kind kind, String text) {
        boolean is(String sign) {
            return text.equals(sign);
        }

        /** What a word names. */
        String name() {
            return text.startsWith("\"")
                    ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                    : text.toLowerCase(Locale.ROOT);
        }
    }

    private final Map<QualifiedName, QualifiedName> names;

    /** Last parts of names by which columns of a table are qualified: {@code contact.id}. */
    private final Map<String, String> relations = new HashMap<>();

    /**
     * @param names of tables, indexes, sequences, …: what was, and what is to be
     * @param tables those of them that are tables
     * @param schemas names of all schemas: what stands before a dot may be one
     */
    SqlNames(
            Map<QualifiedName, QualifiedName> names,
            List<QualifiedName> tables,
            Set<String> schemas) {
        this.names = Map.copyOf(names);
        for (QualifiedName table : tables) {
            QualifiedName renamed = names.get(table);
            if (renamed != null
                    && !renamed.name().equals(table.name())
                    && !schemas.contains(table.name())) {
                relations.put(table.name(), renamed.name());
            }
        }
    }

    /** As PostgreSQL's quote_ident does it, where nothing is known of reserved words. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The statement with the other names. */
    String in(String statement) {
        List<Token> tokens = tokens(statement);
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean isQualified = i > 0 && tokens.get(i - 1).is(".");
            if (token.kind() == Kind.WORD && !isQualified && at(tokens, i + 1).is(".")) {
                Optional<QualifiedName> name = name(token, at(tokens, i + 2));
                String relation = relations.get(token.name());
                if (name.isPresent()) {
                    written.append(name.get().quoted());
                    i += 2;
                    continue;
                }
                written.append(relation == null ? token.text() : quoted(relation));
            } else if (token.kind() == Kind.TEXT && isRegclass(tokens, i)) {
                written.append(regclass(token.text()));
            } else {
                written.append(token.text());
            }
        }
        return written.toString();
    }

    /**
     * The statement with another name of an index, or of the constraint that it serves, where that
     * is not qualified.
     */
    static String withIndexName(String statement, String was, String is) {
        List<Token> tokens = tokens(statement);
        StringBuilder written = new StringBuilder();
        String last = "";
        String lastButOne = "";
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean isNamePlace =
                    last.equals("INDEX")
                            || last.equals("CONSTRAINT")
                            || (last.equals("ON") && lastButOne.equals("CLUSTER"));
            boolean isIt =
                    isNamePlace
                            && token.kind() == Kind.WORD
                            && token.name().equals(was)
                            && !at(tokens, i + 1).is(".");
            written.append(isIt ? quoted(is) : token.text());
            if (token.kind() != Kind.SPACE) {
                lastButOne = last;
                last = token.text();
            }
        }
        return written.toString();
    }

    private Optional<QualifiedName> name(Token schema, Token name) {
        return name.kind() == Kind.WORD
                ? Optional.ofNullable(names.get(new QualifiedName(schema.name(), name.name())))
                : Optional.empty();
    }

    private static Token at(List<Token> tokens, int place) {
        return place < tokens.size() ? tokens.get(place) : new Token(Kind.SPACE, "");
    }

    private static boolean isRegclass(List<Token> tokens, int place) {
        return at(tokens, place + 1).is("::")
                && (at(tokens, place + 2).is("regclass")
                        || (at(tokens, place + 2).is("pg_catalog")
                                && at(tokens, place + 4).is("regclass")));
    }

    /** A text that is a name, as in {@code nextval('crm.contact_id_seq'::regclass)}. */
    private String regclass(String text) {
        int start = text.indexOf('\'') + 1;
        String name = text.substring(start, text.length() - 1);
        return text.substring(0, start) + in(name.replace("''", "'")).replace("'", "''") + "'";
    }

    private static List<Token> tokens(String statement) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(statement);
        while (matcher.find()) {
            Kind kind =
                    matcher.group("word") != null
                            ? Kind.WORD
                            : matcher.group("text") != null
                                    ? Kind.TEXT
                                    : matcher.group("space") != null ? Kind.SPACE : Kind.OTHER;
            tokens.add(new Token(kind, matcher.group()));
        }
        return tokens;
    }
}

package dev.tidemark.cli.prompt;

/**
 * How far SQL goes that is being typed: a statement ends with a semicolon that is in no text, name
 * or comment. Immutable.
 *
 * @param isWhole does it end there, or is there nothing?
 * @param statement without the semicolon
 */
record SqlText(boolean isWhole, String statement) {
    private enum In {
        SQL,
        TEXT,
        NAME,
        LINE_COMMENT,
        COMMENT
    }

    static SqlText of(String typed) {
        In in = In.SQL;
        int end = -1; // of the last semicolon, when nothing but space comes after it
        for (int i = 0; i < typed.length(); i++) {
            char c = typed.charAt(i);
            char next = i + 1 < typed.length() ? typed.charAt(i + 1) : '\n';
            In before = in;
            in = after(in, c, next);
            if (before == In.SQL && c == ';') {
                end = end < 0 ? i : end;
            } else if (in != In.LINE_COMMENT && !Character.isWhitespace(c) && before == In.SQL) {
                end = -1;
            }
            if (isTwo(before, in)) {
                i++;
            }
        }
        boolean isNothing = typed.isBlank();
        return new SqlText(isNothing || end >= 0, end >= 0 ? typed.substring(0, end) : typed);
    }

    private static In after(In in, char c, char next) {
        return switch (in) {
            case SQL -> begun(c, next);
            case TEXT -> c == '\'' ? In.SQL : In.TEXT;
            case NAME -> c == '"' ? In.SQL : In.NAME;
            case LINE_COMMENT -> c == '\n' ? In.SQL : In.LINE_COMMENT;
            case COMMENT -> c == '*' && next == '/' ? In.SQL : In.COMMENT;
        };
    }

    private static In begun(char c, char next) {
        if (c == '\'') {
            return In.TEXT;
        }
        if (c == '"') {
            return In.NAME;
        }
        if (c == '-' && next == '-') {
            return In.LINE_COMMENT;
        }
        return c == '/' && next == '*' ? In.COMMENT : In.SQL;
    }

    private static boolean isTwo(In before, In in) {
        boolean isBegin = before == In.SQL && in == In.COMMENT;
        boolean isEnd = before == In.COMMENT && in == In.SQL;
        return isBegin || isEnd;
    }
}

package dev.tidemark.replay.evidence;

import java.util.Locale;

/**
 * Text as HTML shows it, whatever is in it: nothing in it is markup, and what cannot be seen or
 * would turn the order of letters around is written out.
 */
final class HtmlText {
    /** A longer one is cut on the page, which has to be printed. */
    static final int CHARACTERS_MAX = 4_000;

    private HtmlText() {}

    /** All of it. */
    static String of(String text) {
        StringBuilder html = new StringBuilder();
        text.codePoints().forEach(point -> add(point, html));
        return html.toString();
    }

    /** As much of it as a page has room for; whether that is all is said. */
    static String cut(String text) {
        if (text.length() <= CHARACTERS_MAX) {
            return of(text);
        }
        return "%s… <i>(%d characters; all of them are in rows.csv)</i>"
                .formatted(of(text.substring(0, CHARACTERS_MAX)), text.length());
    }

    private static void add(int point, StringBuilder html) {
        switch (point) {
            case '<' -> html.append("&lt;");
            case '>' -> html.append("&gt;");
            case '&' -> html.append("&amp;");
            case '"' -> html.append("&quot;");
            case '\'' -> html.append("&#39;");
            case '\n' -> html.append('\n');
            default -> {
                if (isHidden(point)) {
                    html.append("\\u").append(String.format(Locale.ROOT, "%04x", point));
                } else {
                    html.appendCodePoint(point);
                }
            }
        }
    }

    private static boolean isHidden(int point) {
        int type = Character.getType(point);
        return Character.isISOControl(point)
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}

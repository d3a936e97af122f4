package dev.tidemark.replay.profile;

import dev.tidemark.schemas.catalog.Table;
import java.util.regex.Pattern;

/**
 * What a profile says of the tables of some names. Immutable.
 *
 * @param names {@code table} or {@code schema.table}, as the catalog has it; {@code *} stands for
 *     any text, {@code ?} for any character
 */
record TableRules(String names, Rules rules) {
    boolean isPattern() {
        return names.indexOf('*') >= 0 || names.indexOf('?') >= 0;
    }

    boolean fits(Table table) {
        return fits(table.displayName()) || fits(table.name());
    }

    private boolean fits(String name) {
        return isPattern() ? expression(names).matcher(name).matches() : names.equals(name);
    }

    static Pattern expression(String names) {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < names.length(); i++) {
            char one = names.charAt(i);
            switch (one) {
                case '*' -> expression.append("(.*)");
                case '?' -> expression.append('.');
                default -> expression.append(Pattern.quote(String.valueOf(one)));
            }
        }
        return Pattern.compile(expression.toString(), Pattern.DOTALL);
    }
}

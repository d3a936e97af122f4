package dev.tidemark.replay.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of PostgreSQL's aclitem texts, {@code grantee=letters/grantor}: what one role granted to
 * another.
 *
 * @param grantee {@code ""} for PUBLIC
 */
record AclItem(String grantee, List<Right> rights, String grantor) {
    /**
     * A letter of it.
     *
     * @param isGrantable with the right to grant it on
     */
    record Right(char letter, boolean isGrantable) {}

    AclItem {
        rights = List.copyOf(rights);
    }

    /** The text's meaning; empty when it is none of that form. */
    static Optional<AclItem> parse(String text) {
        int equals = endOfName(text);
        int slash = text.indexOf('/', Math.max(0, equals));
        if (equals < 0 || slash < 0 || text.charAt(equals) != '=') {
            return Optional.empty();
        }
        List<Right> rights = new ArrayList<>();
        for (int at = equals + 1; at < slash; at++) {
            if (text.charAt(at) != '*') {
                rights.add(new Right(text.charAt(at), text.charAt(at + 1) == '*'));
            }
        }
        return Optional.of(
                new AclItem(
                        name(text.substring(0, equals)), rights, name(text.substring(slash + 1))));
    }

    /** Where the grantee's name ends; -1 when it does not. */
    private static int endOfName(String text) {
        if (!text.startsWith("\"")) {
            return text.indexOf('=');
        }
        int at = 1;
        while (at < text.length()) {
            if (text.charAt(at) != '"') {
                at++;
            } else if (text.startsWith("\"\"", at)) {
                at += 2;
            } else {
                return at + 1 < text.length() ? at + 1 : -1;
            }
        }
        return -1;
    }

    private static String name(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                : text;
    }
}

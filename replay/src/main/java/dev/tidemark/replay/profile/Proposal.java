package dev.tidemark.replay.profile;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines of a proposed profile, each with the reason for it.
 *
 * @param lines as YAML
 */
record Proposal(List<Line> lines) {
    /**
     * A line.
     *
     * @param reason none for one that only heads others
     */
    record Line(String yaml, String reason) {
        @Override
        public String toString() {
            return reason.isEmpty() ? yaml : yaml + "    # " + reason.replaceAll("\\p{Cntrl}", "?");
        }
    }

    Proposal {
        lines = List.copyOf(lines);
    }

    static Proposal none() {
        return new Proposal(List.of());
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Under a line that heads them, if there are any. */
    Proposal under(String head) {
        if (isEmpty()) {
            return this;
        }
        List<Line> all = new ArrayList<>(List.of(new Line(head, "")));
        all.addAll(lines);
        return new Proposal(all);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /** A name as YAML has it, in quotes where it needs them. */
    static String quoted(String name) {
        boolean isPlain =
                name.matches("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*")
                        && !name.matches("(?i)null|true|false|yes|no|on|off|y|n|none");
        return isPlain
                ? name
                : "\""
                        + name.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                                .replace("\r", "\\r")
                        + "\"";
    }
}

package dev.tidemark.replay.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;

/**
 * One field of an answer.
 *
 * @param json typed: a number, a boolean, a text, a list, an object, null
 * @param text for people; empty for NULL
 */
public record Cell(JsonNode json, String text) {
    static final Cell NULL = new Cell(NullNode.getInstance(), "");

    /** Is it SQL's NULL? */
    public boolean isNull() {
        return json.isNull() && text.isEmpty();
    }
}

package dev.tidemark.replay.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.replay.history.JsonParts.Part;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JsonPartsTest {
    private static Part part(String path, String before, String after) {
        return new Part(path, Optional.of(before), Optional.of(after));
    }

    @Test
    void onlyThePathsThatDifferAreNamed() {
        assertThat(
                        JsonParts.different(
                                "{\"theme\": \"a\", \"page\": {\"size\": 10, \"wide\": true}, \"n\": 1.50}",
                                "{\"theme\": \"b\", \"page\": {\"size\": 25, \"wide\": true}, \"n\": 1.5}"))
                .containsExactly(
                        part("theme", "\"a\"", "\"b\""),
                        part("page.size", "10", "25"),
                        part("n", "1.50", "1.5"));
    }

    @Test
    void aMemberThatIsNotThereIsNotNull() {
        assertThat(JsonParts.different("{\"a\": null, \"b\": 1}", "{\"c\": [], \"b\": null}"))
                .containsExactly(
                        new Part("a", Optional.of("null"), Optional.empty()),
                        part("b", "1", "null"),
                        new Part("c", Optional.empty(), Optional.of("[]")));
    }

    @Test
    void elementsAreComparedWhereTheArrayIsAsLong() {
        assertThat(JsonParts.different("{\"t\": [1, 2, 3]}", "{\"t\": [1, 5, 3]}"))
                .containsExactly(part("t[1]", "2", "5"));
        assertThat(JsonParts.different("{\"t\": [1, 2]}", "{\"t\": [0, 1, 2]}"))
                .containsExactly(part("t", "[1, 2]", "[0, 1, 2]"));
        assertThat(JsonParts.different("[1, {\"a\": 2}]", "[1, {\"a\": 3}]"))
                .containsExactly(part("[1].a", "2", "3"));
    }

    @Test
    void aNameThatIsNoWordIsQuoted() {
        assertThat(
                        JsonParts.different(
                                "{\"first name\": 1, \"a.b\": 1, \"Straße\": 1, \"x\\\"y\": 1, \"\": 1}",
                                "{\"first name\": 2, \"a.b\": 2, \"Straße\": 2, \"x\\\"y\": 2, \"\": 2}"))
                .extracting(Part::path)
                .containsExactly("\"first name\"", "\"a.b\"", "Straße", "\"x\\\"y\"", "\"\"");
    }

    @Test
    void whatHasNoPartsInCommonIsToldWhole() {
        assertThat(JsonParts.different("{\"a\": 1}", "[1]")).isEmpty();
        assertThat(JsonParts.different("\"a\"", "\"b\"")).isEmpty();
        assertThat(JsonParts.different("[1]", "[1, 2]")).isEmpty();
    }

    @Test
    void whatDiffersInItsWritingAloneOrCannotBeReadIsToldWhole() {
        assertThat(JsonParts.different("{\"a\":1}", "{ \"a\": 1 }")).isEmpty();
        String deep = "[".repeat(2000) + "]".repeat(2000);
        assertThat(JsonParts.different(deep, "[[1]]")).isEmpty();
        assertThat(JsonParts.different("{\"a\": 1}", "")).isEmpty();
    }
}

package dev.tidemark.cli.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.FidelityDoc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/fidelity.md names what the tests compare, and what the catalog's queries read. */
final class FidelityDocTest {
    private static final Map<String, String> SPOKEN =
            Map.of(
                    "timestamp", "timestamp without time zone",
                    "timestamptz", "timestamp with time zone",
                    "time", "time without time zone",
                    "timetz", "time with time zone");

    /** The kind that a query of the catalog gives its rows: one word, or one of a CASE. */
    private static final Pattern KIND =
            Pattern.compile(
                    "(?s)SELECT ('[a-z ]+'|CASE [^;]*? END)(?: AS kind,|,\\s*(to_regclass\\()?'pg_\\w+'(::regclass|\\)))");

    private static final Pattern WORD = Pattern.compile("(?:THEN|ELSE|^) ?'([a-z ]+)'");

    @Test
    void everyTypeThatItCallsExactIsTestedAndEachThatIsTestedIsThere() {
        Set<String> tested = new TreeSet<>();
        TypeHistory.ALL.forEach(type -> tested.add(name(type)));

        assertThat(tested)
                .isEqualTo(FidelityDoc.with(FidelityDoc.types(), "exact"))
                .contains("array", "enum", "numeric");
    }

    /** Without modifier and schema; of what a test makes itself, what it is. */
    private static String name(TypeCase type) {
        String made = String.join(" ", type.needs());
        if (type.type().endsWith("]")) {
            return "array";
        }
        if (type.type().startsWith("types.")) {
            return made.contains("MULTIRANGE_TYPE_NAME")
                    ? "multirange"
                    : made.contains("AS ENUM")
                            ? "enum"
                            : made.contains("AS RANGE")
                                    ? "range"
                                    : made.contains("INPUT =")
                                            ? "base type"
                                            : made.contains("CREATE DOMAIN")
                                                    ? "domain"
                                                    : "composite";
        }
        String plain =
                type.type()
                        .replaceFirst("^ext\\.", "")
                        .replaceFirst(" ?\\(.*", "")
                        .replaceFirst("^interval .*", "interval");
        return SPOKEN.getOrDefault(plain, plain);
    }

    @Test
    void everyKindOfObjectThatTheCatalogReadsIsThere() throws IOException {
        Set<String> read = new TreeSet<>(Set.of("table"));
        for (String group :
                List.of(
                        "namespaces",
                        "types",
                        "routines",
                        "operators",
                        "relations",
                        "constraints",
                        "behaviours",
                        "publications",
                        "rights",
                        "altered",
                        "labels")) {
            Matcher kind = KIND.matcher(sql(group));
            while (kind.find()) {
                WORD.matcher(kind.group(1)).results().forEach(word -> read.add(word.group(1)));
            }
        }

        assertThat(FidelityDoc.objects().keySet()).isEqualTo(read);
    }

    private static String sql(String group) throws IOException {
        try (var in =
                FidelityDocTest.class.getResourceAsStream(
                        "/dev/tidemark/capture/source/catalog/" + group + ".sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void everyLineHasOneOfThreeWords() {
        assertThat(
                        Stream.of(FidelityDoc.types(), FidelityDoc.objects(), FidelityDoc.shapes())
                                .flatMap(table -> table.values().stream()))
                .isSubsetOf(FidelityDoc.WORDS);
    }
}

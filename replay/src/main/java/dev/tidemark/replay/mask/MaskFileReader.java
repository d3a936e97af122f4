package dev.tidemark.replay.mask;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.replay.written.WrittenFile;
import dev.tidemark.schemas.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a {@link MaskFile}, and collects all that is wrong in it. For one thread, once. */
final class MaskFileReader {
    private static final String HINT = "Correct the file; docs/masks.md describes it.";
    private static final List<String> KEYS = List.of("key-file", "locale", "tables");
    private static final List<String> TABLES = List.of("keep-all", "drop-rows");
    private static final int SHIFT_DAYS = 365; // when nothing else is said

    private final Path file;
    private final WrittenFile written;
    private final List<String> problems;

    MaskFileReader(Path file) {
        this.file = file;
        this.written = new WrittenFile(file.toString(), HINT);
        this.problems = written.problems();
    }

    MaskFile read(String yaml) {
        JsonNode root = written.read(yaml, other -> "expected keys and values, such as 'tables:'");
        root.fieldNames()
                .forEachRemaining(
                        key -> {
                            if (!KEYS.contains(key)) {
                                problem(key, "no key of a mask file", key, KEYS);
                            }
                        });
        Optional<Path> keyFile =
                text(root, "key-file").map(name -> file.resolveSibling(Path.of(name)));
        Locale locale = Locale.forLanguageTag(text(root, "locale").orElse("en"));
        if (!Fakes.isSpoken(locale)) {
            problems.add(
                    "locale: no invented names in '%s'; expected a language such as en, de, fr, pt-BR or zh-CN"
                            .formatted(text(root, "locale").orElse("")));
        }
        Map<String, TableMask> tables = new LinkedHashMap<>();
        JsonNode there = root.path("tables");
        if (!there.isObject()) {
            problems.add("tables: expected the names of tables with what becomes of them");
        }
        there.properties()
                .forEach(
                        one ->
                                table("tables." + one.getKey(), one.getValue())
                                        .ifPresent(mask -> tables.put(one.getKey(), mask)));
        written.requireNoProblem();
        return new MaskFile(file.toString(), keyFile, locale, tables);
    }

    private Optional<String> text(JsonNode root, String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        if (!node.isTextual() || node.textValue().isBlank()) {
            problems.add(key + ": expected a text");
            return Optional.empty();
        }
        return Optional.of(node.textValue());
    }

    private Optional<TableMask> table(String path, JsonNode node) {
        if (node.isObject()) {
            return Optional.of(columns(path, node));
        }
        if (node.isTextual() && node.textValue().isBlank()) {
            // As a template writes it: all is open, and the columns are named with the others.
            return Optional.of(new TableMask.Columns(Map.of(), Optional.empty()));
        }
        return switch (node.asText()) {
            case "keep-all" -> Optional.of(new TableMask.KeepAll());
            case "drop-rows" -> Optional.of(new TableMask.DropRows());
            case String other -> {
                problem(path, "'%s' is nothing for a table".formatted(other), other, TABLES);
                yield Optional.empty();
            }
        };
    }

    private TableMask columns(String path, JsonNode node) {
        Map<String, Mask> columns = new LinkedHashMap<>();
        node.properties()
                .forEach(
                        one ->
                                mask(path + "." + one.getKey(), one.getValue())
                                        .ifPresent(mask -> columns.put(one.getKey(), mask)));
        Optional<Mask> others = Optional.ofNullable(columns.remove("*"));
        return new TableMask.Columns(columns, others);
    }

    private Optional<Mask> mask(String path, JsonNode node) {
        if (node.isNull()) {
            return Optional.of(new Mask.Null());
        }
        if (node.isObject() && node.size() == 1) {
            return detailed(path, node);
        }
        if (!node.isTextual() || node.textValue().isBlank()) {
            problems.add(path + ": has no decision; expected one of " + words());
            return Optional.empty();
        }
        return word(path, node.textValue());
    }

    private Optional<Mask> word(String path, String word) {
        return switch (word) {
            case "keep" -> Optional.of(new Mask.Keep());
            case "null" -> Optional.of(new Mask.Null());
            case "hash" -> Optional.of(new Mask.Hash());
            case "date-shift" -> Optional.of(new Mask.DateShift(SHIFT_DAYS, Optional.empty()));
            case String other -> {
                Optional<Mask> fake = FakeKind.of(other).map(Mask.Fake::new);
                if (fake.isEmpty()) {
                    problem(path, "'%s' is no decision".formatted(other), other, words());
                }
                yield fake;
            }
        };
    }

    private static List<String> words() {
        List<String> words = new ArrayList<>(List.of("keep", "null", "hash", "date-shift"));
        words.addAll(FakeKind.words());
        words.addAll(List.of("{fixed: …}", "{json: …}"));
        return words;
    }

    private Optional<Mask> detailed(String path, JsonNode node) {
        String kind = node.fieldNames().next();
        JsonNode details = node.path(kind);
        return switch (kind) {
            case "fixed" -> fixed(path, details);
            case "date-shift" -> shift(path, details);
            case "json" -> json(path, details);
            default -> {
                problem(
                        path,
                        "'%s' is no decision with details".formatted(kind),
                        kind,
                        List.of("fixed", "date-shift", "json"));
                yield Optional.empty();
            }
        };
    }

    private Optional<Mask> fixed(String path, JsonNode text) {
        if (text.isTextual() || text.isBoolean()) {
            return Optional.of(new Mask.Fixed(text.asText()));
        }
        problems.add(path + ": a fixed value that is no text; put it in quotes");
        return Optional.empty();
    }

    private Optional<Mask> shift(String path, JsonNode details) {
        JsonNode days = details.isObject() ? details.path("days") : details;
        JsonNode by = details.path("by");
        boolean isKnown = !details.isObject() || details.size() == (by.isMissingNode() ? 1 : 2);
        boolean isRight =
                days.isInt()
                        && days.intValue() >= 1
                        && days.intValue() <= Mask.DateShift.DAYS_MAX
                        && (by.isMissingNode() || by.isTextual());
        if (!isKnown || !isRight) {
            problems.add(
                    path
                            + ": expected {days: 1 to %d, by: a column}"
                                    .formatted(Mask.DateShift.DAYS_MAX));
            return Optional.empty();
        }
        return Optional.of(
                new Mask.DateShift(days.intValue(), Optional.ofNullable(by.textValue())));
    }

    private Optional<Mask> json(String path, JsonNode details) {
        List<Mask.Json.Part> parts = new ArrayList<>();
        if (!details.isObject() || details.isEmpty()) {
            problems.add(path + ": expected paths with decisions, such as {\"$.phone\": phone}");
            return Optional.empty();
        }
        details.properties()
                .forEach(
                        one -> {
                            String place = path + "." + one.getKey();
                            Optional<JsonPath> to = JsonPath.parse(one.getKey());
                            Optional<Mask> mask = mask(place, one.getValue());
                            if (to.filter(
                                            there ->
                                                    parts.stream()
                                                            .anyMatch(
                                                                    part ->
                                                                            part.path()
                                                                                    .equals(there)))
                                    .isPresent()) {
                                problems.add(place + ": the same place was decided before");
                            } else if (to.isEmpty()) {
                                problems.add(
                                        place
                                                + ": no path; expected one such as $.a.b, $.list[*], $[\"a b\"] or *");
                            } else if (mask.filter(Mask.Json.class::isInstance).isPresent()) {
                                problems.add(place + ": JSON inside JSON; give a longer path");
                            } else {
                                mask.ifPresent(
                                        what -> parts.add(new Mask.Json.Part(to.get(), what)));
                            }
                        });
        return Optional.of(new Mask.Json(parts));
    }

    private void problem(String path, String what, String given, List<String> known) {
        problems.add(
                path
                        + ": "
                        + what
                        + Nearest.to(given, known)
                                .map("; did you mean '%s'?"::formatted)
                                .orElse("; expected one of " + String.join(", ", known)));
    }
}

package dev.tidemark.replay.mask;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.tidemark.replay.mask.JsonPath.Step;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Masks the parts of a JSON value. What no path decides about is left out: a member goes with its
 * name, an element of a list becomes null. Written as PostgreSQL writes jsonb; names stay in their
 * order. For one thread.
 */
final class JsonMask implements FieldMask {
    /** PostgreSQL has checked it already. */
    private static final StreamReadConstraints ANY =
            StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build();

    private static final JsonFactory JSON =
            JsonFactory.builder().streamReadConstraints(ANY).build();

    private static final ColumnType TEXT = ColumnType.of("text");

    /** A decision, and how the leaves below its path are masked. */
    private record Part(JsonPath path, Mask mask, FieldMask texts) {}

    private final List<Part> parts; // those that name the most first
    private final NumberMask numbers;

    private JsonMask(List<Part> parts, NumberMask numbers) {
        this.parts = parts;
        this.numbers = numbers;
    }

    static JsonMask of(Mask.Json json, FieldMasks masks, KeyedHash hash) {
        List<Part> parts = new ArrayList<>();
        for (Mask.Json.Part part : json.parts()) {
            parts.add(new Part(part.path(), part.mask(), texts(part.mask(), masks)));
        }
        parts.sort(Comparator.comparing(Part::path, JsonPath.MOST_NAMED_FIRST));
        return new JsonMask(List.copyOf(parts), NumberMask.ofJson(hash));
    }

    /** Of a text that is no date a shift leaves nothing. */
    private static FieldMask texts(Mask mask, FieldMasks masks) {
        if (mask instanceof Mask.DateShift shift) {
            DateShifts days = masks.shifts(shift);
            return (value, row) ->
                    days.of(value.toString(), row).map(Value::text).orElse(Value.Mark.NULL);
        }
        return masks.of(new ColumnMask(mask, TEXT, false));
    }

    @Override
    public Value of(Value value, List<Value> row) throws IOException {
        try (JsonParser parser = JSON.createParser(FieldMasks.utf8(value))) {
            return Value.text(new Walk(parser, row).masked());
        } catch (JsonProcessingException e) { // whose message holds a part of the value
            throw new IOException("a value cannot be read as JSON");
        }
    }

    private Optional<Part> at(List<Step> place) {
        return parts.stream().filter(part -> part.path().covers(place)).findFirst();
    }

    private boolean isDecidedBelow(List<Step> place) {
        return parts.stream().anyMatch(part -> part.path().leadsOnFrom(place));
    }

    /** Through one value, without recursion: it may be deeper than a thread's stack. */
    private final class Walk {
        private final JsonParser parser;
        private final List<Value> row;
        private final List<Step> place = new ArrayList<>();
        private final List<Boolean> isFirst = new ArrayList<>(); // of each open container
        private final StringBuilder out = new StringBuilder();

        Walk(JsonParser parser, List<Value> row) {
            this.parser = parser;
            this.row = row;
        }

        String masked() throws IOException {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                take(token);
            }
            return out.toString();
        }

        private void take(JsonToken token) throws IOException {
            if (token == JsonToken.FIELD_NAME) {
                place.add(new Step.Member(parser.currentName()));
            } else if (token.isStructEnd()) {
                close(token);
            } else if (token.isStructStart()) {
                open(token);
            } else {
                leaf(token);
            }
        }

        private void open(JsonToken token) throws IOException {
            enterElement();
            Optional<Part> part = at(place);
            boolean isEntered = isDecidedBelow(place) || part.filter(Walk::isOfLeaves).isPresent();
            if (!isEntered) {
                parser.skipChildren();
                Optional<String> whole = part.map(this::whole).or(this::leftOut);
                if (whole.isPresent()) {
                    put(whole.get());
                }
                leave();
                return;
            }
            put(token == JsonToken.START_OBJECT ? "{" : "[");
            isFirst.add(true);
        }

        /** Does the decision go on to what is in a container? */
        private static boolean isOfLeaves(Part part) {
            return switch (part.mask()) {
                case Mask.Null none -> false;
                case Mask.Fixed fixed -> false;
                case Mask.Keep keep -> true;
                case Mask.Hash hash -> true;
                case Mask.Fake fake -> true;
                case Mask.DateShift shift -> true;
                case Mask.Json json -> throw new IllegalArgumentException("JSON in JSON");
            };
        }

        private String whole(Part part) {
            return part.mask() instanceof Mask.Fixed fixed ? JsonText.quoted(fixed.text()) : "null";
        }

        /** A member goes; an element, and the whole value, leave a null. */
        private Optional<String> leftOut() {
            return !place.isEmpty() && place.getLast() instanceof Step.Member
                    ? Optional.empty()
                    : Optional.of("null");
        }

        private void close(JsonToken token) {
            isFirst.removeLast();
            out.append(token == JsonToken.END_OBJECT ? '}' : ']');
            leave();
        }

        private void leaf(JsonToken token) throws IOException {
            enterElement();
            Optional<Part> part = at(place);
            Optional<String> text =
                    part.isPresent() ? Optional.of(masked(token, part.get())) : leftOut();
            if (text.isPresent()) {
                put(text.get());
            }
            leave();
        }

        private String masked(JsonToken token, Part part) throws IOException {
            if (part.mask() instanceof Mask.Fixed fixed && token != JsonToken.VALUE_NULL) {
                return JsonText.quoted(fixed.text());
            }
            boolean isKept = part.mask() instanceof Mask.Keep;
            return switch (token) {
                case VALUE_STRING -> isKept ? JsonText.quoted(parser.getText()) : text(part);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                        isKept ? parser.getText() : number(part);
                default -> isKept ? parser.getText() : "null"; // true, false, null
            };
        }

        private String text(Part part) throws IOException {
            Value masked = part.texts().of(Value.text(parser.getText()), row);
            return masked == Value.Mark.NULL ? "null" : JsonText.quoted(masked.toString());
        }

        private String number(Part part) throws IOException {
            if (part.mask() instanceof Mask.Hash) {
                return numbers.holds(parser.getText()) ? numbers.of(parser.getText()) : "null";
            }
            return part.mask() instanceof Mask.Fake ? text(part) : "null";
        }

        private void enterElement() {
            var context = parser.getParsingContext();
            // That of a container's start is the container already.
            boolean isStart = parser.currentToken().isStructStart();
            var around = isStart ? context.getParent() : context;
            if (around != null && around.inArray()) {
                place.add(new Step.AnyElement());
            }
        }

        private void leave() {
            if (!place.isEmpty()) {
                place.removeLast();
            }
        }

        private void put(String text) {
            if (!isFirst.isEmpty()) {
                out.append(isFirst.getLast() ? "" : ", ");
                isFirst.set(isFirst.size() - 1, false);
                if (place.getLast() instanceof Step.Member member) {
                    out.append(JsonText.quoted(member.name())).append(": ");
                }
            }
            out.append(text);
        }
    }
}

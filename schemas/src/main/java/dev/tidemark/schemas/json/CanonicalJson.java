package dev.tidemark.schemas.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.core.filter.TokenFilter.Inclusion;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * JSON in UTF-8 without white space, names sorted, so that equal records are equal bytes. An
 * instant is ISO 8601 in UTC, a position the source's notation. Reading ignores fields that it does
 * not know (a newer version wrote them) and takes a missing list as empty. Safe for use by many
 * threads.
 */
public final class CanonicalJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(Instant.class, new AsText<>(Instant.class))
                                    .addSerializer(Position.class, new AsText<>(Position.class))
                                    .addDeserializer(
                                            Instant.class,
                                            new FromText<>(Instant.class, Instant::parse))
                                    .addDeserializer(
                                            Position.class,
                                            new FromText<>(Position.class, Position::of)))
                    .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .visibility(PropertyAccessor.GETTER, Visibility.NONE)
                    .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
                    .visibility(PropertyAccessor.FIELD, Visibility.ANY)
                    .withConfigOverride(
                            List.class,
                            list ->
                                    list.setSetterInfo(
                                            JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
                    .build();

    /**
     * No annotation has a say in reading: not to look for them saves a command a tenth of its
     * start.
     */
    private static final JsonMapper READER =
            MAPPER.rebuild().disable(MapperFeature.USE_ANNOTATIONS).build();

    private CanonicalJson() {}

    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /** The same into a stream, which stays open. */
    public static void write(Object value, OutputStream out) throws IOException {
        MAPPER.writer().without(JsonGenerator.Feature.AUTO_CLOSE_TARGET).writeValue(out, value);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param what the thing, for the error: {@code manifests/…0042.json}
     * @throws TidemarkException when it is not JSON of that form
     */
    public static <T> T read(byte[] json, Class<T> type, String what) {
        return read(new ByteArrayInputStream(json), type, what);
    }

    /** The same from a stream. */
    public static <T> T read(InputStream json, Class<T> type, String what) {
        try {
            return READER.readValue(json, type);
        } catch (IOException e) {
            throw unreadable(what, e);
        }
    }

    /**
     * What some fields hold, whatever the record: of all objects in it, only the fields with one of
     * these names are there.
     *
     * @param what as for {@link #read}
     * @throws TidemarkException when it is not JSON
     */
    public static JsonNode fields(byte[] json, Set<String> names, String what) {
        try (JsonParser all = READER.createParser(json);
                JsonParser some =
                        new FilteringParserDelegate(
                                all, new Named(names), Inclusion.INCLUDE_ALL_AND_PATH, true)) {
            return Optional.ofNullable(READER.<JsonNode>readTree(some))
                    .orElse(MissingNode.getInstance());
        } catch (IOException e) {
            throw unreadable(what, e);
        }
    }

    private static TidemarkException unreadable(String what, IOException e) {
        return TidemarkException.refused(
                "cannot read " + what + ": " + reason(e),
                "It was damaged, or another program or a newer Tidemark wrote it: run 'tidemark verify'.",
                e);
    }

    /** Without the parser's word on where it read from, which is no place a user knows. */
    private static String reason(IOException e) {
        return TidemarkException.reason(e)
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" \\((start marker )?at \\[Source: .*", "");
    }

    private static final class Named extends TokenFilter {
        private final Set<String> names;

        Named(Set<String> names) {
            this.names = names;
        }

        @Override
        public @Nullable TokenFilter includeProperty(String name) {
            return names.contains(name) ? this : null;
        }

        @Override
        public boolean includeEmptyObject(boolean areContentsFiltered) {
            return true;
        }

        @Override
        public boolean includeEmptyArray(boolean areContentsFiltered) {
            return true;
        }
    }

    private static final class AsText<T> extends StdScalarSerializer<T> {
        private static final long serialVersionUID = 1;

        AsText(Class<T> type) {
            super(type);
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            out.writeString(value.toString());
        }
    }

    private static final class FromText<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1;

        private final transient Function<String, T> parse;

        FromText(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return parse.apply(in.getText());
        }
    }
}

package dev.tidemark.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.List;

/**
 * How catalogs and their parts are written: JSON in UTF-8, names sorted, so that equal ones are
 * equal bytes. Reading ignores fields that it does not know (a newer version wrote them) and takes
 * a missing list as empty. Safe for use by many threads.
 */
public final class CatalogJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
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

    private CatalogJson() {}

    public static byte[] write(Catalog catalog) {
        return bytes(catalog);
    }

    public static byte[] write(Table table) {
        return bytes(table);
    }

    public static byte[] write(CatalogObject object) {
        return bytes(object);
    }

    /**
     * The catalog in a JSON text.
     *
     * @throws TidemarkException when it is none
     */
    public static Catalog readCatalog(byte[] json) {
        return read(json, Catalog.class, "catalog");
    }

    /** The table in a JSON text. */
    public static Table readTable(byte[] json) {
        return read(json, Table.class, "table");
    }

    /** The object in a JSON text. */
    public static CatalogObject readObject(byte[] json) {
        return read(json, CatalogObject.class, "catalog object");
    }

    private static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a catalog could not be written as JSON", e);
        }
    }

    private static <T> T read(byte[] json, Class<T> type, String what) {
        try {
            return MAPPER.readValue(json, type);
        } catch (IOException e) {
            throw TidemarkException.refused(
                    "cannot read a %s from its JSON: %s"
                            .formatted(what, TidemarkException.reason(e)),
                    "The archive or the change log was damaged, or another program wrote it: run 'tidemark verify'.",
                    e);
        }
    }
}

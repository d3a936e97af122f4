package dev.tidemark.schemas.catalog;

import dev.tidemark.schemas.json.CanonicalJson;
import java.util.List;

/**
 * What one schema command did, as states, not as SQL: the content of a Schema entry.
 *
 * @param command for people, for example {@code ALTER TABLE}
 * @param tables the new states; their versions are given when they are applied
 * @param dropped ids of tables that are gone
 * @param rewritten ids of tables whose rows were changed without events
 */
public record CatalogChange(
        String command, List<Table> tables, List<Long> dropped, List<Long> rewritten) {
    public CatalogChange {
        tables = List.copyOf(tables);
        dropped = List.copyOf(dropped);
        rewritten = List.copyOf(rewritten);
    }

    public static CatalogChange read(String json) {
        return CanonicalJson.read(
                json.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                CatalogChange.class,
                "a schema change");
    }

    /** As a Schema entry's content. */
    public String json() {
        return new String(CanonicalJson.write(this), java.nio.charset.StandardCharsets.UTF_8);
    }
}

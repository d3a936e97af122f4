package dev.tidemark.schemas.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.json.CanonicalJson;
import java.util.List;
import java.util.Optional;

/**
 * What one schema command did, as states, not as SQL: the content of a Schema entry.
 *
 * @param command for people, for example {@code ALTER TABLE}
 * @param tables the new states; their versions are given when they are applied
 * @param objects the new states of other objects; together with a table or an object come all its
 *     parts ({@link CatalogObject#partOf})
 * @param dropped ids of tables that are gone
 * @param gone objects that are gone, as {@code kind:id}; not the parts of what is listed. It may
 *     name what never was.
 * @param rewritten ids of tables whose rows were changed without events, and are not known
 * @param restated ids of tables whose rows were told since then, so that they are known
 * @param reread the source read its whole catalog, and all that was different from what it told
 *     before is here: what went unseen before is told now
 * @param look of that reading; empty when the source was prepared by an older version
 */
public record CatalogChange(
        String command,
        List<Table> tables,
        List<CatalogObject> objects,
        List<Long> dropped,
        List<String> gone,
        List<Long> rewritten,
        List<Long> restated,
        boolean reread,
        Optional<Look> look) {
    public CatalogChange {
        tables = List.copyOf(tables);
        objects = List.copyOf(objects);
        dropped = List.copyOf(dropped);
        gone = List.copyOf(gone);
        rewritten = List.copyOf(rewritten);
        restated = List.copyOf(restated);
    }

    /** One that no look tells. */
    public CatalogChange(
            String command,
            List<Table> tables,
            List<CatalogObject> objects,
            List<Long> dropped,
            List<String> gone,
            List<Long> rewritten,
            List<Long> restated,
            boolean reread) {
        this(
                command,
                tables,
                objects,
                dropped,
                gone,
                rewritten,
                restated,
                reread,
                Optional.empty());
    }

    /** New states of tables that have no parts. */
    public static CatalogChange ofTables(String command, List<Table> tables) {
        return new CatalogChange(
                command, tables, List.of(), List.of(), List.of(), List.of(), List.of(), false);
    }

    public static CatalogChange read(String json) {
        return CanonicalJson.read(json.getBytes(UTF_8), CatalogChange.class, "a schema change");
    }

    /** As a Schema entry's content. */
    public String json() {
        return new String(CanonicalJson.write(this), UTF_8);
    }
}

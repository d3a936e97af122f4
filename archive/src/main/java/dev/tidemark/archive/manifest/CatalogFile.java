package dev.tidemark.archive.manifest;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A catalog as an archive keeps it: JSON, compressed with gzip. Each segment with a schema change
 * names a whole one, which is 4.5 kB for each table, and compressed a twentieth of that. Archives
 * of before have them as plain JSON.
 */
final class CatalogFile {
    private static final String COMPRESSED = ".gz";

    /** The last part of its name. */
    static final String NAME = "schema.json" + COMPRESSED;

    private CatalogFile() {}

    static byte[] write(Catalog catalog) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(content)) {
            CanonicalJson.write(catalog, out);
        }
        return content.toByteArray();
    }

    /**
     * Reads what {@link #write} wrote, or plain JSON.
     *
     * @param name of the file, which says which of both it is
     */
    static Catalog read(byte[] content, String name) {
        if (!name.endsWith(COMPRESSED)) {
            return CanonicalJson.read(content, Catalog.class, name);
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
            return CanonicalJson.read(in, Catalog.class, name);
        } catch (IOException e) {
            throw TidemarkException.refused(
                    "cannot read " + name + ": " + TidemarkException.reason(e),
                    "Run 'tidemark verify'.",
                    e);
        }
    }
}

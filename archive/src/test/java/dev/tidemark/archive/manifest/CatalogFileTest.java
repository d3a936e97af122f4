package dev.tidemark.archive.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class CatalogFileTest {
    private static final Catalog CATALOG =
            CanonicalJson.read(
                    """
                    {"server":{"version":180000,"encoding":"UTF8","collation":"C","ctype":"C","provider":"c",
                     "extensions":{},"settings":[]},"tables":[],"objects":[]}"""
                            .getBytes(UTF_8),
                    Catalog.class,
                    "a catalog");

    @Test
    void whatWasWrittenIsRead() throws IOException {
        assertThat(CatalogFile.read(CatalogFile.write(CATALOG), "data/1/" + CatalogFile.NAME))
                .isEqualTo(CATALOG);
    }

    @Test
    void plainJsonOfArchivesOfBeforeIsRead() {
        assertThat(CatalogFile.read(CanonicalJson.write(CATALOG), "data/1/schema.json"))
                .isEqualTo(CATALOG);
    }

    @Test
    void whatIsCutOffIsRefused() throws IOException {
        byte[] whole = CatalogFile.write(CATALOG);

        assertThatThrownBy(
                        () ->
                                CatalogFile.read(
                                        Arrays.copyOf(whole, whole.length / 2), "schema.json.gz"))
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith("cannot read schema.json.gz: ");
    }
}

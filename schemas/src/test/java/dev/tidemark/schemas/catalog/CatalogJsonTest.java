package dev.tidemark.schemas.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogJsonTest {
    private static final Column COLUMN =
            new Column(
                    3,
                    "näme \"x\"",
                    "character varying(40)",
                    true,
                    Optional.of("'a'::text"),
                    "",
                    "d",
                    Optional.of("pg_catalog.\"C\""),
                    Optional.of(""),
                    Optional.of("e"),
                    "l",
                    Optional.of(100),
                    Optional.empty(),
                    List.of("reader=r/owner"),
                    true,
                    List.of("n_distinct=-0.5"),
                    Optional.of(new NotNullConstraint("there", true, false, Optional.of("why"))));

    private static final Table TABLE =
            new Table(
                    4_294_967_295L,
                    2,
                    "crm",
                    "Kontakte",
                    "r",
                    "p",
                    "d",
                    List.of(COLUMN),
                    List.of(3),
                    true,
                    Optional.empty(),
                    Optional.of("FOR VALUES IN (1)"),
                    List.of(7L),
                    List.of("fillfactor=70"),
                    "enabled",
                    "owner",
                    List.of("=r/owner"),
                    Optional.of("comment"),
                    List.of("schema:5"),
                    List.of("sequence:9"),
                    Optional.of("columns"),
                    Optional.of("cron"),
                    true);

    private static final CatalogObject SEQUENCE =
            new CatalogObject(
                    "sequence",
                    9,
                    "crm",
                    "s",
                    List.of("CREATE SEQUENCE crm.s"),
                    CatalogObject.Stage.BEFORE_ROWS,
                    List.of("schema:5"),
                    "owner",
                    List.of(),
                    Optional.empty(),
                    "SEQUENCE crm.s",
                    Optional.of("table:7"),
                    Optional.of(
                            new SequenceState(
                                    Long.MAX_VALUE,
                                    false,
                                    Optional.of(4_294_967_295L),
                                    Optional.of(3),
                                    false)));

    private static final Catalog CATALOG =
            new Catalog(
                    new ServerSettings(
                            180006,
                            "UTF8",
                            "C",
                            "C",
                            "b",
                            Optional.of("C.UTF-8"),
                            Optional.empty(),
                            Map.of("plpgsql", "1.0", "hstore", "1.8"),
                            List.of("search_path=crm")),
                    List.of(TABLE),
                    List.of(SEQUENCE));

    @Test
    void aCatalogComesBackAsItWas() {
        assertThat(
                        CanonicalJson.read(
                                CanonicalJson.write(CATALOG),
                                Catalog.class,
                                "a catalog from its JSON"))
                .isEqualTo(CATALOG);
        assertThat(
                        CanonicalJson.read(
                                CanonicalJson.write(TABLE), Table.class, "a table from its JSON"))
                .isEqualTo(TABLE);
        assertThat(
                        CanonicalJson.read(
                                CanonicalJson.write(SEQUENCE),
                                CatalogObject.class,
                                "a catalog object from its JSON"))
                .isEqualTo(SEQUENCE);
    }

    @Test
    void equalObjectsAreEqualBytesWithSortedNames() {
        String json = new String(CanonicalJson.write(SEQUENCE), UTF_8);

        assertThat(json)
                .isEqualTo(
                        "{\"address\":\"SEQUENCE crm.s\",\"columnGrants\":[],\"comment\":null,"
                                + "\"definition\":[\"CREATE SEQUENCE crm.s\"],\"grants\":[],\"id\":9,"
                                + "\"kind\":\"sequence\",\"name\":\"s\",\"owner\":\"owner\","
                                + "\"partOf\":\"table:7\","
                                + "\"references\":[\"schema:5\"],\"revoked\":[],\"schema\":\"crm\","
                                + "\"sequence\":{\"called\":false,\"column\":3,\"identity\":false,"
                                + "\"lastValue\":9223372036854775807,\"table\":4294967295},"
                                + "\"stage\":\"BEFORE_ROWS\"}");
    }

    @Test
    void namesKeepTheirLetters() {
        assertThat(new String(CanonicalJson.write(TABLE), UTF_8)).contains("näme \\\"x\\\"");
    }

    @Test
    void fieldsOfANewerVersionAreIgnoredAndMissingOnesAreEmpty() {
        byte[] json =
                ("{\"id\":1,\"version\":1,\"schema\":\"s\",\"name\":\"t\",\"kind\":\"r\",\"persistence\":\"p\","
                                + "\"replicaIdentity\":\"d\",\"columns\":[{\"id\":1,\"name\":\"c\",\"type\":\"text\",\"notNull\":false,\"generated\":\"\",\"identity\":\"\",\"compression\":\"\"}],\"key\":[],\"rewritten\":false,"
                                + "\"rowSecurity\":\"\",\"owner\":\"o\",\"invented\":{\"later\":true}}")
                        .getBytes(UTF_8);

        Table table = CanonicalJson.read(json, Table.class, "a table from its JSON");

        assertThat(table.references()).isEmpty();
        assertThat(table.parents()).isEmpty();
        assertThat(table.columns().getFirst().grants()).isEmpty();
        assertThat(table.comment()).isEmpty();
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThatThrownBy(
                        () ->
                                CanonicalJson.read(
                                        "nonsense".getBytes(UTF_8),
                                        Catalog.class,
                                        "a catalog from its JSON"))
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith("cannot read a catalog from its JSON: ");
    }
}

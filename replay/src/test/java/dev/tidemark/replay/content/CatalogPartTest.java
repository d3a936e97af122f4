package dev.tidemark.replay.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What comes with tables, and what cannot. */
final class CatalogPartTest {
    private static final Position CUT = new Position(1000);

    private static final Catalog WHOLE =
            new Catalog(
                    new ServerSettings(
                            180_000,
                            "UTF8",
                            "C",
                            "C",
                            "c",
                            Optional.empty(),
                            Optional.empty(),
                            Map.of("citext", "1.6", "hstore", "1.8"),
                            List.of()),
                    List.of(
                            table(1, "crm", "contact", List.of("domain:20", "extension:30")),
                            table(2, "crm", "company", List.of()),
                            table(3, "hr", "person", List.of("function:42"))),
                    List.of(
                            object("schema", 10, "crm", List.of(), ""),
                            object("schema", 11, "public", List.of(), ""),
                            object("domain", 20, "email", List.of("function:40"), ""),
                            object("domain check", 21, "mail", List.of("function:41"), "domain:20"),
                            object("enum", 22, "unused", List.of(), ""),
                            object("extension", 30, "citext", List.of(), ""),
                            object("extension", 31, "hstore", List.of(), ""),
                            object("function", 40, "f", List.of(), ""),
                            object("function", 41, "g", List.of(), ""),
                            object("function", 42, "of_company", List.of("table:2"), ""),
                            object("index", 50, "contact_mail", List.of("table:1"), "table:1"),
                            object(
                                    "foreign key",
                                    51,
                                    "fk",
                                    List.of("table:1", "table:2"),
                                    "table:1"),
                            object("trigger", 52, "t", List.of("function:42"), "table:1"),
                            object("view", 60, "both", List.of("table:1", "table:2"), "")));

    private static Table table(long id, String schema, String name, List<String> references) {
        return Table.provisional(id, schema, name, List.of())
                .withParents(List.of(), Optional.empty(), List.of(), references);
    }

    private static CatalogObject object(
            String kind, long id, String name, List<String> references, String partOf) {
        return new CatalogObject(
                kind,
                id,
                kind.equals("schema") ? name : "crm",
                name,
                List.of("CREATE " + kind),
                CatalogObject.Stage.BEFORE_ROWS,
                references,
                "",
                List.of(),
                Optional.empty(),
                "",
                Optional.of(partOf).filter(of -> !of.isEmpty()),
                Optional.empty());
    }

    private static Selection tables(String... patterns) {
        return new Selection(
                List.of(patterns).stream().map(TablePattern::parse).toList(),
                List.of(),
                List.of(),
                List.of());
    }

    private static CatalogPart part(Selection selection) {
        return CatalogPart.of(WHOLE, Part.of(selection, WHOLE, CUT));
    }

    private static List<String> names(CatalogPart part) {
        return part.catalog().objects().stream().map(CatalogObject::name).toList();
    }

    @Test
    void aTableComesWithWhatItNeedsAndNothingElse() {
        CatalogPart part = part(tables("contact"));

        assertThat(part.catalog().tables()).extracting(Table::id).containsExactly(1L);
        assertThat(names(part))
                .containsExactlyInAnyOrder(
                        "crm", "public", "email", "mail", "citext", "f", "g", "contact_mail");
        assertThat(part.catalog().server().extensions()).containsOnlyKeys("citext");
        assertThat(part.implied())
                .isEqualTo(
                        Set.of(
                                "schema:10",
                                "schema:11",
                                "domain:20",
                                "domain check:21",
                                "extension:30",
                                "function:40",
                                "function:41"));
        assertThat(part.notInPart())
                .containsExactly(
                        "foreign key fk of crm.contact, which needs table crm.company",
                        "trigger t of crm.contact, which needs table crm.company");
    }

    @Test
    void tablesThatNeedEachOtherAreWhole() {
        CatalogPart part = part(tables("crm.*"));

        assertThat(part.notInPart()).isEmpty();
        assertThat(names(part)).contains("fk", "t", "of_company", "both").doesNotContain("unused");
    }

    @Test
    void aSchemaComesWithAllThatIsInIt() {
        CatalogPart part = part(new Selection(List.of(), List.of("CRM"), List.of(), List.of()));

        assertThat(names(part)).contains("unused", "hstore", "both");
        assertThat(part.catalog().tables())
                .extracting(Table::name)
                .containsExactly("contact", "company");
    }

    @Test
    void anExclusionAloneLeavesAllElse() {
        CatalogPart part =
                part(
                        new Selection(
                                List.of(),
                                List.of(),
                                List.of(TablePattern.parse("contact")),
                                List.of()));

        assertThat(part.catalog().tables())
                .extracting(Table::name)
                .containsExactly("company", "person");
        assertThat(part.notInPart())
                .containsExactly("view crm.both, which needs table crm.contact");
    }

    @Test
    void whatCannotBeIsRefused() {
        TidemarkException needs =
                catchThrowableOfType(TidemarkException.class, () -> part(tables("person")));
        TidemarkException nothing =
                catchThrowableOfType(TidemarkException.class, () -> part(tables("hr.persn")));

        assertThat(needs).hasMessage("table hr.person cannot be without table crm.company");
        assertThat(nothing).hasMessage("no table, view or sequence matches 'hr.persn' at " + CUT);
        assertThat(nothing.hint()).startsWith("The nearest names there are hr.person, ");
    }
}

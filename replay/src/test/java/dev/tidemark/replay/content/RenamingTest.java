package dev.tidemark.replay.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which names a renamed table and what belongs to it get. */
final class RenamingTest {
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
                            Map.of(),
                            List.of()),
                    List.of(
                            Table.provisional(1, "crm", "contact", List.of()),
                            Table.provisional(2, "crm", "deal", List.of()),
                            Table.provisional(3, "hr", "deal", List.of())),
                    List.of(
                            schema("crm"),
                            schema("hr"),
                            of("primary key", 50, "contact_pkey", 1),
                            of("index", 51, "by_mail", 1),
                            of("check", 52, "contact_mail_check", 1),
                            of("index", 53, "c2_by_mail", 2)));

    private static CatalogObject schema(String name) {
        return object("schema", name.hashCode(), name, Optional.empty());
    }

    private static CatalogObject of(String kind, long id, String name, long table) {
        return object(kind, id, name, Optional.of("table:" + table));
    }

    private static CatalogObject object(
            String kind, long id, String name, Optional<String> partOf) {
        return new CatalogObject(
                kind,
                id,
                "crm",
                name,
                List.of("CREATE INDEX " + name + " ON crm.contact (id)"),
                CatalogObject.Stage.AFTER_ROWS,
                List.of(),
                "",
                List.of(),
                Optional.empty(),
                "",
                partOf,
                Optional.empty());
    }

    private static Catalog renamed(String... renames) {
        List<Rename> all = List.of(renames).stream().map(Rename::parse).toList();
        return Renaming.of(all, WHOLE).catalog(WHOLE);
    }

    private static List<String> names(Catalog catalog) {
        return catalog.objects().stream()
                .filter(object -> object.partOf().isPresent())
                .map(object -> object.schema() + "." + object.name())
                .toList();
    }

    private static TidemarkException refusal(String... renames) {
        return catchThrowableOfType(TidemarkException.class, () -> renamed(renames));
    }

    @Test
    void whatSharesTheSpaceOfTablesGetsNamesThatFitAndConstraintsKeepTheirs() {
        Catalog catalog = renamed("contact=contact_1403");

        assertThat(catalog.tables())
                .extracting(Table::displayName)
                .containsExactly("crm.contact_1403", "crm.deal", "hr.deal");
        assertThat(names(catalog))
                .containsExactlyInAnyOrder(
                        "crm.contact_1403_pkey",
                        "crm.contact_1403_by_mail",
                        "crm.contact_mail_check",
                        "crm.c2_by_mail");
        assertThat(catalog.objects())
                .filteredOn(object -> object.name().equals("contact_1403_by_mail"))
                .flatExtracting(CatalogObject::definition)
                .containsExactly(
                        "CREATE INDEX \"contact_1403_by_mail\" ON \"crm\".\"contact_1403\" (id)");
    }

    @Test
    void inAnotherSchemaNamesStayAndTheSchemaIsMade() {
        Catalog catalog = renamed("crm.contact=old.contact");

        assertThat(names(catalog))
                .containsExactlyInAnyOrder(
                        "old.contact_pkey",
                        "old.by_mail",
                        "old.contact_mail_check",
                        "crm.c2_by_mail");
        assertThat(catalog.objects())
                .filteredOn(object -> object.name().equals("old"))
                .flatExtracting(CatalogObject::definition)
                .containsExactly("CREATE SCHEMA IF NOT EXISTS \"old\"");
    }

    @Test
    void aNameThatAnotherThingOfThePartHasIsNotGivenAgain() {
        assertThat(names(renamed("contact=c2"))).contains("crm.c2_by_mail", "crm.c2_by_mail_1");
    }

    @Test
    void namesAreCutToWhatPostgresTakes() {
        String longest = "ä".repeat(31) + "x";

        Catalog catalog = renamed("contact=" + longest);

        assertThat(names(catalog))
                .contains(
                        "crm." + "ä".repeat(29) + "_pkey",
                        "crm." + "ä".repeat(27) + "_by_mail",
                        "crm.contact_mail_check");
    }

    @Test
    void whatCannotBeNamedSoIsRefused() {
        assertThat(refusal("crm.contact=deal")).hasMessage("two tables would be crm.deal");
        assertThat(refusal("deal=x"))
                .hasMessage("cannot rename 'deal=x': there are several tables of that name");
        assertThat(refusal("contacts=x"))
                .hasMessage(
                        "cannot rename 'contacts=x': the table is no part of what is asked for");
        assertThat(refusal("contacts=x").hint())
                .startsWith("The nearest names there are crm.contact, ");
        assertThat(refusal("contact=x", "crm.contact=y"))
                .hasMessage("table crm.contact is renamed twice");
        assertThat(refusal("contact=" + "ä".repeat(32)))
                .hasMessage("the name '%s' is too long".formatted("ä".repeat(32)));
    }
}

package dev.tidemark.replay.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.catalog.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mask file held against a database. */
final class MaskPlanTest {
    private static final Path FILE = Path.of("masks.yaml");
    private static final String SIMPLE = "";
    private static final String FULL = " MATCH FULL";

    private static Catalog catalog(String match) {
        CatalogObject key =
                new CatalogObject(
                        "foreign key",
                        20,
                        "crm",
                        "of_account",
                        List.of(
                                "ALTER TABLE ONLY crm.contact ADD CONSTRAINT of_account FOREIGN KEY (tenant, account)"
                                        + " REFERENCES crm.account(tenant, id)"
                                        + match
                                        + " ON DELETE CASCADE"),
                        CatalogObject.Stage.AFTER_ROWS,
                        List.of("table:1", "table:2"),
                        "",
                        List.of(),
                        Optional.empty(),
                        "",
                        Optional.of("table:2"),
                        Optional.empty());
        return new Catalog(
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
                List.of(table(1, "account", "tenant", "id"), contact()),
                List.of(key));
    }

    private static Table contact() {
        return table(2, "contact", "tenant", "account", "level");
    }

    private static Table table(long id, String name, String... columns) {
        List<Column> all =
                java.util.stream.IntStream.range(0, columns.length)
                        .mapToObj(i -> Column.provisional(i + 1, columns[i]))
                        .toList();
        return Table.provisional(id, "crm", name, all);
    }

    private static MaskPlan plan(String match, String yaml) {
        return MaskPlan.of(MaskFile.parse(yaml, FILE), catalog(match), Set.of());
    }

    private static void assertRefused(String match, String yaml, String... problems) {
        assertThatThrownBy(() -> plan(match, yaml))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "the mask file masks.yaml does not fit what is to be restored:\n  "
                                + String.join("\n  ", problems));
    }

    @Test
    void oneNullOfAKeyIsEnoughWhereItsTableIsDropped() {
        String masks =
                """
                tables:
                  crm.account: drop-rows
                  crm.contact: {tenant: keep, account: null, level: keep}
                """;

        assertThat(plan(SIMPLE, masks).dropped()).containsExactly("crm.account");
        assertRefused(
                FULL,
                masks,
                "crm.contact: the foreign key of_account of its columns tenant, account is MATCH FULL: make all of them null,"
                        + " or none");
        assertThat(plan(FULL, masks.replace("tenant: keep", "tenant: null")).dropped())
                .containsExactly("crm.account");
        assertRefused(
                SIMPLE,
                masks.replace("account: null", "account: keep"),
                "crm.contact.account: it refers to crm.account.id, whose rows are dropped; make it null, or drop its table's"
                        + " rows too",
                "crm.contact.tenant: it refers to crm.account.tenant, whose rows are dropped; make it null, or drop its table's"
                        + " rows too");
    }

    @Test
    void oneNullOfAKeyIsEnoughWhereTheOtherEndsAreMaskedOtherwise() {
        String masks =
                """
                tables:
                  crm.account: {tenant: hash, id: keep}
                  crm.contact: {tenant: keep, account: null, level: keep}
                """;

        assertThat(plan(SIMPLE, masks).dropped()).isEmpty();
        assertRefused(
                SIMPLE,
                masks.replace("account: null", "account: keep"),
                "crm.contact.tenant: keep, but it refers to crm.account.tenant, which is hash: they would not match");
    }

    @Test
    void whatIsProposedIsAFileThatLeavesColumnsOpen() {
        String proposal = new MaskTemplate(catalog(SIMPLE)).text();

        assertThat(proposal)
                .contains("\n# key-file: masks.key", "  crm.account:\n    # tenant: keep");
        assertRefused(
                SIMPLE,
                proposal,
                "5 columns have no decision: crm.account (tenant, id); crm.contact (tenant, account, level)");
        assertThat(plan(SIMPLE, proposal.replaceAll("(?m)^    # ", "    ")).dropped()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "de-AT", "de-DE", "pt-BR", "zh-CN"})
    void thereAreNamesInALanguage(String locale) {
        assertThat(MaskFile.parse("locale: " + locale + "\ntables: {}", FILE).locale())
                .hasToString(locale.replace('-', '_'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xx", "zh", "deutsch", "!"})
    void aLanguageWithoutNamesIsRefused(String locale) {
        assertThatThrownBy(() -> MaskFile.parse("locale: '" + locale + "'\ntables: {}", FILE))
                .hasMessage(
                        "1 problem in masks.yaml:\n  locale: no invented names in '%s'; expected a language such as en, de, fr, pt-BR or zh-CN"
                                .formatted(locale));
    }
}

package dev.tidemark.replay.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileFileTest {
    @Test
    void allThatIsWrongInAFileIsNamedAtOnce() {
        String yaml =
                """
                extends: odo
                modifer: x
                modifier: [a, 7]
                soft-delete: deleted
                name: "{first {last}"
                tenant: {a: b}
                users: {table: users, name: "}{"}
                tables:
                  a: b
                  c: {soft-delete: {x: []}, users: y}
                references: {from: a.b}
                custom-fields: x
                """;

        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class, () -> ProfileFile.parse(yaml, "crm.yaml"));

        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.USAGE);
        assertThat(thrown)
                .hasMessage(
                        """
                        13 problems in crm.yaml:
                          modifer: unknown key; did you mean 'modifier'?
                          extends: 'odo' is no ready profile; did you mean 'odoo'?
                          modifier: expected a text
                          soft-delete: expected a column with its values, such as {deleted: true} or {deleted_at: not null}
                          name: expected a column, or a text such as "{first_name} {last_name}"
                          tenant: expected a text
                          tables.a: expected keys and values
                          tables.c.users: unknown key; expected one of modifier, creator, soft-delete, name, tenant, json
                          tables.c.soft-delete.x: expected values, or 'not null'
                          users.key: is missing
                          users.name: expected a column, or a text such as "{first_name} {last_name}"
                          references: an entry lacks from or to
                          custom-fields: expected a list"""
                                .stripIndent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | it says nothing",
                "'# a: b'              | it says nothing",
                "a                     | expected keys and values, such as 'modifier: modified_by'",
                "'{a: b, a: c}'        | line 1: not YAML: Duplicate field 'a' for `ObjectNode`",
                "'modifier: []'        | modifier: an empty list; write none if there is nothing of the kind",
                "'modifier:'           | modifier: expected a text",
                "'users: {}'           | users.table: is missing"
            })
    void whatIsNoProfileIsRefused(String yaml, String problem) {
        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class, () -> ProfileFile.parse(yaml, "crm.yaml"));

        assertThat(thrown).message().contains(" in crm.yaml:\n  " + problem);
    }

    @Test
    void aFileThatIsNotThereIsNamed(@TempDir Path directory) {
        Path file = directory.resolve("none.yaml");

        TidemarkException thrown =
                catchThrowableOfType(TidemarkException.class, () -> ProfileFile.read(file));

        assertThat(thrown)
                .hasMessage(
                        "cannot read the profile %s: no such file or directory".formatted(file));
    }
}

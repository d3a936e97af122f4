package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code profile} says of an archive that needs no server. */
final class ProfileCommandTest {
    private static final Path GOLDEN = Path.of("../archive/src/test/resources/golden-merged");

    @TempDir private Path directory;

    @BeforeEach
    void configure() throws IOException {
        configure("");
    }

    private void configure(String more) throws IOException {
        Files.writeString(
                directory.resolve("tidemark.yaml"),
                "archive: {url: \"file://%s\"}\n%s".formatted(GOLDEN.toRealPath(), more));
    }

    private Outcome profile(String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "profile";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return Outcome.of(directory, Instant.parse("2026-11-20T14:00:00Z"), arguments);
    }

    @Test
    void withoutAProfileNamesOfColumnsAloneCount() {
        assertThat(profile())
                .isEqualTo(
                        new Outcome(
                                0,
                                """
                                table            changed by  made by  deleted when  name  tenant  JSON  said by
                                public.contacts
                                public.notes
                                users are in no table that is known
                                2 of 2 tables, without a profile: by names and types of columns alone
                                """,
                                ""));
    }

    @Test
    void aFileBesideTheConfigurationSaysWhatItMeansForEachTable() throws IOException {
        configure("profile: crm.yaml\n");
        Files.writeString(
                directory.resolve("crm.yaml"),
                """
                modifier: name
                tables: {contacts: {name: "{name} ({id})", soft-delete: {name: [gone, left]}}}
                users: {table: contacts, key: id, name: name}
                references: [{from: notes.text, to: contacts.id, when: {text: [a, b]}}]
                custom-fields: [{from: notes.text, to: contacts.id}]
                """);

        assertThat(profile("--check", "--limit", "1"))
                .isEqualTo(
                        new Outcome(
                                0,
                                """
                                table            changed by  made by  deleted when          name           tenant  JSON  said by
                                public.contacts  name                 name is gone or left  {name} ({id})                crm.yaml
                                users are in public.contacts.id
                                reference public.notes.text → public.contacts.id when text is a or b
                                reference public.notes.text → public.contacts.id
                                custom fields of public.contacts in public.notes
                                1 of 2 tables, by the profile crm.yaml
                                """,
                                ""));
        assertThat(profile("--json", "--limit", "1").out())
                .isEqualTo(
                        """
                        {
                          "profile" : "crm.yaml",
                          "tables" : [ {
                            "table" : "public.contacts",
                            "modifier" : "name",
                            "creator" : null,
                            "softDelete" : "name is gone or left",
                            "name" : "{name} ({id})",
                            "tenant" : null,
                            "json" : [ ],
                            "users" : "public.contacts.id",
                            "sources" : {
                              "modifier" : "crm.yaml",
                              "name" : "crm.yaml",
                              "soft-delete" : "crm.yaml"
                            }
                          } ],
                          "references" : [ {
                            "from" : "public.notes.text",
                            "to" : "public.contacts.id",
                            "when" : {
                              "text" : [ "a", "b" ]
                            }
                          }, {
                            "from" : "public.notes.text",
                            "to" : "public.contacts.id",
                            "when" : { }
                          } ],
                          "customFields" : [ {
                            "table" : "public.notes",
                            "column" : "text",
                            "owner" : "public.contacts",
                            "ownerColumn" : "id",
                            "when" : { },
                            "valued" : null
                          } ]
                        }
                        """);
    }

    @Test
    void whatDoesNotFitTheSchemaIsRefused() throws IOException {
        configure("profile: crm.yaml\n");
        Path file =
                Files.writeString(
                        directory.resolve("crm.yaml"), "tables: {contact: {name: name}}\n");

        assertThat(profile())
                .isEqualTo(
                        new Outcome(
                                3,
                                "",
                                """
                                error: the profile %s does not fit the archive's schema:
                                  tables.contact: there is no such table; did you mean 'contacts'?
                                HINT: Correct the file; docs/profile.md describes it.
                                """
                                        .formatted(file)));
    }

    @Test
    void aProposalIsMadeFromTheArchiveAlone() {
        assertThat(profile("--suggest").out())
                .isEqualTo(
                        """
                        # A proposal for a profile, by 'tidemark profile --suggest': by names and types of columns, and by values of
                        # some rows. These are guesses: look at each line. docs/profile.md describes the file.

                        # No ready profile (espocrm, odoo, suitecrm, twenty) fits: none of the columns by which they are known is there.

                        name: name    # in public.contacts: what people rather call a row by than its key
                        """);
    }

    @Test
    void aReadyOneIsPrintedAsItIsWrittenAndCountsByItsName() throws IOException {
        configure("profile: odoo\n");

        assertThat(profile("--ready", "odoo").out())
                .contains("\nmodifier: write_uid\ncreator: create_uid\n");
        assertThat(profile().out()).endsWith("2 of 2 tables, by the profile odoo\n");
        assertThat(profile("--ready", "odo"))
                .isEqualTo(
                        new Outcome(
                                2,
                                "",
                                """
                                error: there is no ready profile 'odo'
                                HINT: There are espocrm, odoo, suitecrm, twenty.
                                """));
        assertThat(profile("--suggest", "--json").err())
                .isEqualTo(
                        """
                        error: --suggest and --ready print a file in YAML, and --json another one
                        HINT: Leave --json out.
                        """);
    }
}

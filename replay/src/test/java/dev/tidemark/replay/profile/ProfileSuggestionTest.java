package dev.tidemark.replay.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileSuggestionTest {
    private static final SampleSchema CRM =
            SampleSchema.of(
                    """
                    crm.users: id integer, login, full_name
                    crm.accounts: id bigint, name, is_deleted smallint, tenant_id integer, modified_by, created_by
                    crm.contacts: id bigint, first_name, last_name, billing_account_id bigint, deleted_at timestamp with time zone, \
                    modified_by
                    crm.activities: id bigint, subject, parent_type, parent_id bigint, modified_by
                    crm.contacts_cstm: id_c bigint, size_c
                    """);

    @Test
    void eachLineHasItsReason() {
        ValueSample sample = new ValueSample();
        sample.add(CRM.table("crm.users"), Samples.row("1", "ann", "Ann Lee"));
        sample.add(CRM.table("crm.users"), Samples.row("2", "bob", "Bob Ray"));
        sample.add(CRM.table("crm.accounts"), Samples.row("7", "ACME", "0", "1", "ann", "bob"));
        sample.add(CRM.table("crm.activities"), Samples.row("7", "Call", "Account", "1", "import"));
        sample.add(CRM.table("crm.activities"), Samples.row("8", "Call", "Robot", "1", "bob"));
        sample.add(CRM.table("crm.activities"), Samples.row("9", "Call", "CONTACTS", "1", "bob"));

        String text = ProfileSuggestion.text(CRM.catalog(), sample);

        assertThat(text)
                .isEqualTo(
                        """
                        # A proposal for a profile, by 'tidemark profile --suggest': by names and types of columns, and by values of
                        # some rows. These are guesses: look at each line. docs/profile.md describes the file.

                        # No ready profile (espocrm, odoo, suitecrm, twenty) fits: none of the columns by which they are known is there.

                        modifier: modified_by    # in crm.accounts, crm.activities, crm.contacts: a name that many applications give to who changed a row last
                        creator: created_by    # in crm.accounts: a name that many applications give to who made a row
                        soft-delete: [{is_deleted: true}, {deleted_at: not null}]    # in crm.accounts, crm.contacts: rows stay there, and the application takes them for deleted
                        name: ["{first_name} {last_name}", name, subject, full_name]    # in crm.accounts, crm.activities, crm.contacts and 1 more: what people rather call a row by than its key
                        tenant: tenant_id    # in crm.accounts: a name that many applications give to whose a row is

                        users:
                          table: crm.users    # by its name
                          key: login    # 2 of 3 modifiers that were looked at are in it
                          name: full_name    # by the name of the column

                        references:
                          - from: crm.activities.parent_id    # values of parent_type that are no table's name: Robot
                            by: parent_type
                            to:
                              Account: crm.accounts.id
                              CONTACTS: crm.contacts.id
                          - {from: crm.contacts.billing_account_id, to: crm.accounts.id}    # by its name, and both are bigint

                        custom-fields:
                          - {from: crm.contacts_cstm.id_c, to: crm.contacts.id}    # by its name: a row of it for each row of the other
                        """);
        assertThat(Profile.of(ProfileFile.parse(text, "x.yaml"), CRM.catalog()).references())
                .hasSize(4);
    }

    @Test
    void rowsAreWantedOfTablesWithKindsOfUsersAndOfSomeWithModifiers() {
        assertThat(ProfileSuggestion.wanted(CRM.catalog()))
                .containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
    }

    @ParameterizedTest
    @CsvSource({
        "Contacts, contact",
        "App\\Models\\Contact, contact",
        "Crm::Case, case",
        "opportunities, opportunity",
        "addresses, address",
        "sale.order, saleorder",
        "sale_order, saleorder",
        "statuses, statuse",
        "business, business"
    })
    void wordsMeanTables(String word, String plain) {
        assertThat(TableWords.plain(word)).isEqualTo(plain);
    }
}

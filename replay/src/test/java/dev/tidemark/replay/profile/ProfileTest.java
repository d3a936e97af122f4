package dev.tidemark.replay.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileTest {
    private static final SampleSchema CRM =
            SampleSchema.of(
                    """
                    crm.users: id integer, login, full_name
                    crm.accounts: id bigint, name, deleted boolean, created_by integer, modified_by integer
                    crm.contacts: id bigint, first_name, last_name, account_id bigint, deleted boolean, changed_by integer, \
                    modified_by integer
                    crm.notes: id bigint, subject, about_type, about_id bigint, gone_at timestamp with time zone, extra, facts jsonb
                    crm.contacts_cstm: id_c bigint, size_c
                    crm.field_values: id bigint, row_id bigint, of_table, field_id integer, value
                    crm.fields: id integer, label
                    """);

    private static Profile profile(String yaml) {
        return Profile.of(ProfileFile.parse(yaml, "crm.yaml"), CRM.catalog());
    }

    private static TableProfile of(Profile profile, String table) {
        return profile.of(CRM.table(table));
    }

    @Test
    void whoChangedOrMadeARowIsKnownByCommonNamesOfColumnsWithoutAProfile() {
        Profile none = Profile.none(CRM.catalog());

        assertThat(of(none, "crm.accounts"))
                .isEqualTo(
                        new TableProfile(
                                "crm.accounts",
                                Optional.of("modified_by"),
                                Optional.of("created_by"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                Map.of(
                                        Subject.MODIFIER, "name of the column",
                                        Subject.CREATOR, "name of the column")));
        assertThat(of(none, "crm.users").isEmpty()).isTrue();
        assertThat(of(none, "crm.notes").json()).containsExactly("facts");
        assertThat(none.users(CRM.table("crm.accounts"))).isEmpty();
        assertThat(none.references()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "modified_by_id", "modifiedById", "modified_by", "modified_user_id", "updated_by",
        "updatedBy", "updated_by_id", "last_modified_by", "LastModifiedById", "write_uid",
        "last_updated_by", "changed_by"
    })
    void eachOfTheCommonNamesIsKnown(String column) {
        SampleSchema schema = SampleSchema.of("crm.thing: id, %s".formatted(column));

        assertThat(Profile.none(schema.catalog()).of(schema.table("crm.thing")).modifier())
                .contains(column);
    }

    @Test
    void aRowSaysWhoChangedItButNotWhoDeletedIt() {
        TableProfile accounts = of(Profile.none(CRM.catalog()), "crm.accounts");
        RowFields made = CRM.fields("crm.accounts", "1", "ACME", "f", "7", "null");
        RowFields changed = CRM.fields("crm.accounts", "1", "ACME", "f", "7", "8");
        RowFields unknown = CRM.fields("crm.accounts", "1", "?", "?", "?", "?");

        assertThat(accounts.claim(Operation.INSERT, made)).contains("7");
        assertThat(accounts.claim(Operation.INSERT, changed)).contains("8");
        assertThat(accounts.claim(Operation.UPDATE, changed)).contains("8");
        assertThat(accounts.claim(Operation.UPDATE, made)).isEmpty();
        assertThat(accounts.claim(Operation.UPDATE, unknown)).isEmpty();
        assertThat(accounts.claim(Operation.DELETE, changed)).isEmpty();
    }

    @Test
    void whatIsSaidOfATableGoesBeforePatternsAndTheseBeforeWhatIsSaidOfAll() {
        Profile profile =
                profile(
                        """
                        modifier: [modified_by, changed_by]
                        creator: created_by
                        soft-delete: {deleted: true}
                        name: [name, "{first_name} {last_name}"]
                        tables:
                          crm.contacts:
                            modifier: changed_by
                          crm.note*:
                            name: subject
                            soft-delete: {gone_at: not null}
                            json: extra
                          accounts:
                            creator: none
                        """);

        assertThat(of(profile, "crm.contacts").modifier()).contains("changed_by");
        assertThat(of(profile, "crm.accounts").modifier()).contains("modified_by");
        assertThat(of(profile, "crm.accounts").creator()).isEmpty();
        assertThat(of(profile, "crm.contacts").softDelete()).asString().contains("deleted is true");
        assertThat(of(profile, "crm.notes").softDelete())
                .asString()
                .contains("gone_at is not null");
        assertThat(of(profile, "crm.notes").json()).containsExactly("extra", "facts");
        assertThat(of(profile, "crm.users").softDelete()).isEmpty();
        assertThat(of(profile, "crm.notes").sources())
                .isEqualTo(
                        Map.of(
                                Subject.SOFT_DELETE, "crm.yaml",
                                Subject.NAME, "crm.yaml",
                                Subject.JSON, "crm.yaml"));
    }

    @Test
    void whatAFileSaysGoesBeforeTheReadyOneThatItExtends() {
        Profile profile =
                profile("{extends: suitecrm, tables: {contacts: {modifier: changed_by}}}");

        assertThat(of(profile, "crm.contacts").sources())
                .isEqualTo(
                        Map.of(
                                Subject.MODIFIER, "crm.yaml",
                                Subject.SOFT_DELETE, "suitecrm",
                                Subject.NAME, "suitecrm"));
        assertThat(of(profile, "crm.contacts").displayName())
                .hasToString("Optional[{first_name} {last_name}]");
        assertThat(of(profile, "crm.contacts").modifier()).contains("changed_by");
    }

    @Test
    void aTableThatHadAnotherNameIsKnownByItsNameOfToday() {
        Table then = CRM.table("crm.contacts");
        Table old = then.renamed("crm", "people", then.columns());

        assertThat(profile("{tables: {crm.contacts: {modifier: changed_by}}}").of(old).modifier())
                .contains("changed_by");
    }

    @Test
    void usersAreLookedForInTheSchemaOfTheirTableFirst() {
        SampleSchema schema =
                SampleSchema.of(
                        """
                        a.member: id uuid, name
                        b.member: id uuid, name
                        b.deal: id uuid, title
                        c.deal: id uuid, title
                        """);
        Profile profile =
                Profile.of(
                        ProfileFile.parse("users: {table: member, key: id, name: name}", "x.yaml"),
                        schema.catalog());

        assertThat(profile.users(schema.table("b.deal")))
                .hasValueSatisfying(
                        users -> {
                            assertThat(users.table()).isEqualTo(schema.table("b.member"));
                            assertThat(users.key()).isEqualTo("id");
                            assertThat(users.name().of(schema.fields("b.member", "7", "Ann")))
                                    .contains("Ann");
                        });
        assertThat(profile.users(schema.table("c.deal"))).isEmpty();
    }

    @Test
    void referencesAndCustomFieldsAreFoundByPatternsToo() {
        Profile profile =
                profile(
                        """
                        references:
                          - {from: "*.modified_by", to: users.id}
                          - {from: notes.about_id, by: about_type, to: {Account: accounts.id, Contact: crm.contacts.id}}
                        custom-fields:
                          - {from: "*_cstm.id_c", to: "*.id"}
                          - from: field_values.row_id
                            to: contacts.id
                            when: {of_table: contacts}
                            field: field_id
                            value: value
                            names: {table: fields, key: id, name: label}
                        """);

        assertThat(profile.references())
                .containsExactly(
                        reference("accounts", "modified_by", "users", Map.of()),
                        reference("contacts", "modified_by", "users", Map.of()),
                        reference(
                                "notes",
                                "about_id",
                                "accounts",
                                Map.of("about_type", List.of("Account"))),
                        reference(
                                "notes",
                                "about_id",
                                "contacts",
                                Map.of("about_type", List.of("Contact"))),
                        reference("contacts_cstm", "id_c", "contacts", Map.of()),
                        reference(
                                "field_values",
                                "row_id",
                                "contacts",
                                Map.of("of_table", List.of("contacts"))));
        assertThat(profile.customFields())
                .containsExactly(
                        new CustomFields(
                                "crm.contacts_cstm",
                                "id_c",
                                "crm.contacts",
                                "id",
                                Map.of(),
                                Optional.empty()),
                        new CustomFields(
                                "crm.field_values",
                                "row_id",
                                "crm.contacts",
                                "id",
                                Map.of("of_table", List.of("contacts")),
                                Optional.of(
                                        new CustomFields.Valued(
                                                "field_id",
                                                "value",
                                                Optional.of(
                                                        new CustomFields.Names(
                                                                "crm.fields", "id", "label"))))));
    }

    private static VirtualReference reference(
            String from, String column, String to, Map<String, List<String>> when) {
        return new VirtualReference(
                "\"crm\".\"%s\".\"%s\"".formatted(from, column),
                "\"crm\".\"%s\".\"id\"".formatted(to),
                when);
    }

    @Test
    void allThatIsNotThereIsNamedAtOnceWithTheNearest() {
        String yaml =
                """
                modifier: [modified_by, modified_bye]
                tables:
                  crm.contcts: {name: last_name}
                  crm.contacts: {name: "{first_name} {lastname}", soft-delete: {delted: true}}
                  crm.quote*: {modifier: changed_by}
                  "crm.*s": {tenant: tenant_id}
                users: {table: user, key: id, name: login}
                references:
                  - {from: notes.about_idd, to: accounts.id}
                  - {from: "*_x.id", to: accounts.id}
                  - {from: notes.facts, to: accounts.id}
                custom-fields:
                  - {from: field_values.row_id, to: contacts.id, field: fieldid, value: value}
                """;

        TidemarkException thrown =
                catchThrowableOfType(TidemarkException.class, () -> profile(yaml));

        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
        assertThat(thrown.hint()).isEqualTo("Correct the file; docs/profile.md describes it.");
        assertThat(thrown)
                .hasMessage(
                        """
                        the profile crm.yaml does not fit the archive's schema:
                          modifier: no table has column 'modified_bye'; did you mean 'modified_by'?
                          tables.crm.contcts: there is no such table; did you mean 'crm.contacts'?
                          tables.crm.contacts.soft-delete: crm.contacts has no column 'delted'; did you mean 'deleted'?
                          tables.crm.contacts.name: crm.contacts has no column 'lastname'; did you mean 'last_name'?
                          tables.crm.quote*: there is no table of such a name
                          tables.crm.*s.tenant: none of these tables has column 'tenant_id'
                          users.table: there is no table 'user'; did you mean 'users'?
                          references: notes.about_idd → accounts.id: there is no column 'about_idd' in crm.notes. \
                        There are, the nearest first: about_id, about_type, id, gone_at, subject, extra, facts. \
                        A text stands in single quotes, and capitals in a name need double ones.
                          references: *_x.id → accounts.id: there are no such tables
                          references: notes.facts → accounts.id: "crm"."notes"."facts" → "crm"."accounts"."id" cannot be followed: \
                        facts is jsonb and id is bigint. When two values of these types are equal is not known without the server.
                          custom-fields.field: crm.field_values has no column 'fieldid'; did you mean 'field_id'?"""
                                .stripIndent());
    }

    @Test
    void aReadyOneMaySpeakOfWhatIsNotThereAndSoMayAnOldSchema() {
        assertThat(Profile.of(ProfileFile.ready("odoo"), CRM.catalog()).references()).isEmpty();
        assertThat(
                        Profile.at(
                                        ProfileFile.parse("{tables: {later: {name: x}}}", "x.yaml"),
                                        CRM.catalog())
                                .of(CRM.table("crm.users"))
                                .isEmpty())
                .isTrue();
    }
}

package dev.tidemark.replay.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each ready profile held against a part of the schema that it is for, as that is documented. */
class ReadyProfilesTest {
    static final List<String> READY = ProfileFile.READY;

    private static final SampleSchema SUITECRM =
            SampleSchema.of(
                    """
                    suitecrm.users: id character(36), user_name, user_hash, first_name, last_name, date_modified timestamp without time zone, \
                    modified_user_id character(36), created_by character(36), deleted smallint
                    suitecrm.accounts: id character(36), name, modified_user_id character(36), created_by character(36), deleted smallint, \
                    assigned_user_id character(36), parent_id character(36)
                    suitecrm.contacts: id character(36), first_name, last_name, modified_user_id character(36), created_by character(36), \
                    deleted smallint, assigned_user_id character(36), reports_to_id character(36)
                    suitecrm.contacts_cstm: id_c character(36), shoe_size_c
                    suitecrm.contacts_audit: id character(36), parent_id character(36), date_created timestamp without time zone, \
                    created_by character varying(36), field_name, before_value_string, after_value_string
                    suitecrm.calls: id character(36), name, modified_user_id character(36), created_by character(36), deleted smallint, \
                    parent_type character varying(255), parent_id character(36)
                    suitecrm.email_addr_bean_rel: id character(36), email_address_id character(36), bean_id character(36), \
                    bean_module character varying(100), deleted smallint
                    suitecrm.emails_beans: id character(36), email_id character(36), bean_id character(36), bean_module character varying(100), \
                    deleted smallint
                    suitecrm.accounts_contacts: id character varying(36), contact_id character varying(36), account_id character varying(36), \
                    deleted smallint
                    suitecrm.securitygroups_records: id character(36), securitygroup_id character(36), record_id character(36), module, deleted smallint
                    """);

    private static final SampleSchema ESPOCRM =
            SampleSchema.of(
                    """
                    public.user: id character varying(17), user_name, first_name, last_name, deleted boolean, created_by_id character varying(17)
                    public.account: id character varying(17), name, deleted boolean, created_by_id character varying(17), \
                    modified_by_id character varying(17), assigned_user_id character varying(17)
                    public.contact: id character varying(17), first_name, last_name, deleted boolean, account_id character varying(17), \
                    created_by_id character varying(17), modified_by_id character varying(17)
                    public.call: id character varying(17), name, deleted boolean, parent_id character varying(17), parent_type, \
                    modified_by_id character varying(17)
                    public.note: id character varying(17), post, data text, type, parent_id character varying(17), parent_type, \
                    related_id character varying(17), related_type, deleted boolean, modified_by_id character varying(17)
                    public.entity_team: id bigint, entity_id character varying(17), team_id character varying(17), entity_type, deleted boolean
                    public.array_value: id character varying(17), value, entity_id character varying(17), entity_type, deleted boolean
                    public.c_project: id character varying(17), name, deleted boolean, modified_by_id character varying(17)
                    """);

    private static final SampleSchema ODOO =
            SampleSchema.of(
                    """
                    public.res_users: id integer, login, partner_id integer, active boolean, create_uid integer, write_uid integer, company_id integer
                    public.res_partner: id integer, name, complete_name, active boolean, create_uid integer, write_uid integer, company_id integer
                    public.res_company: id integer, name, partner_id integer, create_uid integer, write_uid integer
                    public.crm_lead: id integer, name, partner_id integer, active boolean, create_uid integer, write_uid integer, company_id integer
                    public.crm_stage: id integer, name jsonb, create_uid integer, write_uid integer
                    public.product_template: id integer, name jsonb, active boolean, create_uid integer, write_uid integer, company_id integer
                    public.mail_message: id integer, subject, record_name, model, res_id integer, create_uid integer, write_uid integer
                    public.mail_activity: id integer, summary, res_name, res_model, res_id integer, create_uid integer, write_uid integer
                    public.ir_attachment: id integer, name, res_model, res_id integer, create_uid integer, write_uid integer, company_id integer
                    public.ir_model: id integer, model, name jsonb
                    """);

    private static final SampleSchema TWENTY =
            SampleSchema.of(
                    """
                    core.user: id uuid, firstName, lastName, email, deletedAt timestamp with time zone
                    core.workspace: id uuid, displayName, deletedAt timestamp with time zone
                    core.userWorkspace: id uuid, userId uuid, workspaceId uuid, deletedAt timestamp with time zone
                    workspace_1abc.workspaceMember: id uuid, nameFirstName, nameLastName, userEmail, userId uuid, deletedAt timestamp with time zone
                    workspace_1abc.person: id uuid, nameFirstName, nameLastName, createdBySource, createdByWorkspaceMemberId uuid, createdByName, \
                    updatedBySource, updatedByWorkspaceMemberId uuid, updatedByName, deletedAt timestamp with time zone
                    workspace_1abc.company: id uuid, name, createdByWorkspaceMemberId uuid, createdByName, deletedAt timestamp with time zone
                    workspace_1abc.note: id uuid, title, updatedByWorkspaceMemberId uuid, deletedAt timestamp with time zone
                    workspace_1abc.noteTarget: id uuid, noteId uuid, deletedAt timestamp with time zone
                    workspace_1abc.timelineActivity: id uuid, name, linkedRecordCachedName, workspaceMemberId uuid, happensAt timestamp with time zone
                    workspace_2xyz.workspaceMember: id uuid, nameFirstName, nameLastName, userEmail, userId uuid, deletedAt timestamp with time zone
                    workspace_2xyz.company: id uuid, name, createdByWorkspaceMemberId uuid, createdByName, deletedAt timestamp with time zone
                    """);

    @ParameterizedTest
    @FieldSource("READY")
    void eachCanBeReadAndNamesTheVersionThatWasLookedAt(String name) {
        assertThat(ProfileFile.ready(name).name()).isEqualTo(name);
        assertThat(ProfileFile.text(name).lines().limit(2))
                .anyMatch(line -> line.contains(" as of "));
    }

    private static String line(Profile profile, Table table) {
        TableProfile there = profile.of(table);
        return "%s: %s, %s, %s, %s, %s"
                .formatted(
                        there.table(),
                        there.modifier().orElse("-"),
                        there.creator().orElse("-"),
                        there.softDelete().map(SoftDelete::toString).orElse("-"),
                        there.displayName().map(DisplayName::toString).orElse("-"),
                        there.tenant().map(Tenant::toString).orElse("-"));
    }

    private static List<String> lines(String ready, SampleSchema schema) {
        Profile profile = Profile.of(ProfileFile.ready(ready), schema.catalog());
        return schema.catalog().tables().stream().map(table -> line(profile, table)).toList();
    }

    private static List<String> references(String ready, SampleSchema schema) {
        return Profile.of(ProfileFile.ready(ready), schema.catalog()).references().stream()
                .map(ReadyProfilesTest::shown)
                .toList();
    }

    private static String shown(VirtualReference reference) {
        String names = reference.toString().replace("\"", "");
        return reference.when().isEmpty() ? names : names + " " + reference.when();
    }

    @Test
    void suiteCrm() {
        assertThat(lines("suitecrm", SUITECRM))
                .containsExactly(
                        "suitecrm.users: modified_user_id, created_by, deleted is true, {first_name} {last_name} or {user_name}, -",
                        "suitecrm.accounts: modified_user_id, created_by, deleted is true, {name}, -",
                        "suitecrm.contacts: modified_user_id, created_by, deleted is true, {first_name} {last_name}, -",
                        "suitecrm.contacts_cstm: -, -, -, -, -",
                        "suitecrm.contacts_audit: created_by, created_by, -, {field_name}, -",
                        "suitecrm.calls: modified_user_id, created_by, deleted is true, {name}, -",
                        "suitecrm.email_addr_bean_rel: -, -, deleted is true, -, -",
                        "suitecrm.emails_beans: -, -, deleted is true, -, -",
                        "suitecrm.accounts_contacts: -, -, deleted is true, -, -",
                        "suitecrm.securitygroups_records: -, -, deleted is true, -, -");
        assertThat(references("suitecrm", SUITECRM))
                .contains(
                        "suitecrm.contacts_cstm.id_c → suitecrm.contacts.id",
                        "suitecrm.contacts_audit.parent_id → suitecrm.contacts.id",
                        "suitecrm.accounts.assigned_user_id → suitecrm.users.id",
                        "suitecrm.calls.parent_id → suitecrm.accounts.id {parent_type=[Accounts]}",
                        "suitecrm.calls.parent_id → suitecrm.contacts.id {parent_type=[Contacts]}",
                        "suitecrm.email_addr_bean_rel.bean_id → suitecrm.contacts.id {bean_module=[Contacts]}",
                        "suitecrm.securitygroups_records.record_id → suitecrm.accounts.id {module=[Accounts]}",
                        "suitecrm.accounts_contacts.account_id → suitecrm.accounts.id")
                .noneMatch(reference -> reference.contains("leads"));
    }

    @Test
    void espoCrm() {
        assertThat(lines("espocrm", ESPOCRM))
                .containsExactly(
                        "public.user: -, created_by_id, deleted is true, {first_name} {last_name} or {user_name}, -",
                        "public.account: modified_by_id, created_by_id, deleted is true, {name}, -",
                        "public.contact: modified_by_id, created_by_id, deleted is true, {first_name} {last_name}, -",
                        "public.call: modified_by_id, -, deleted is true, {name}, -",
                        "public.note: modified_by_id, -, deleted is true, {type} {post}, -",
                        "public.entity_team: -, -, deleted is true, -, -",
                        "public.array_value: -, -, deleted is true, -, -",
                        "public.c_project: modified_by_id, -, deleted is true, {name}, -");
        assertThat(references("espocrm", ESPOCRM))
                .contains(
                        "public.account.modified_by_id → public.user.id",
                        "public.c_project.modified_by_id → public.user.id",
                        "public.contact.account_id → public.account.id",
                        "public.call.parent_id → public.account.id {parent_type=[Account]}",
                        "public.note.related_id → public.call.id {related_type=[Call]}",
                        "public.entity_team.entity_id → public.contact.id {entity_type=[Contact]}");
        Profile profile = Profile.of(ProfileFile.ready("espocrm"), ESPOCRM.catalog());
        assertThat(profile.of(ESPOCRM.table("public.note")).json()).containsExactly("data");
        assertThat(profile.users(ESPOCRM.table("public.note")).orElseThrow().key()).isEqualTo("id");
    }

    @Test
    void odoo() {
        assertThat(lines("odoo", ODOO))
                .containsExactly(
                        "public.res_users: write_uid, create_uid, -, {login}, InColumn[column=company_id]",
                        "public.res_partner: write_uid, create_uid, -, {complete_name} or {name}, InColumn[column=company_id]",
                        "public.res_company: write_uid, create_uid, -, {name}, InColumn[column=id]",
                        "public.crm_lead: write_uid, create_uid, -, {name}, InColumn[column=company_id]",
                        "public.crm_stage: write_uid, create_uid, -, {name->en_US}, -",
                        "public.product_template: write_uid, create_uid, -, {name->en_US}, InColumn[column=company_id]",
                        "public.mail_message: write_uid, create_uid, -, {subject} or {record_name}, -",
                        "public.mail_activity: write_uid, create_uid, -, {summary} or {res_name}, -",
                        "public.ir_attachment: write_uid, create_uid, -, {name}, InColumn[column=company_id]",
                        "public.ir_model: -, -, -, {name}, -");
        assertThat(references("odoo", ODOO))
                .contains(
                        "public.mail_message.res_id → public.crm_lead.id {model=[crm.lead]}",
                        "public.mail_activity.res_id → public.res_partner.id {res_model=[res.partner]}",
                        "public.ir_attachment.res_id → public.product_template.id {res_model=[product.template]}");
    }

    @Test
    void anUserOfOdooIsCalledAsHisPartner() {
        UserTable users =
                Profile.of(ProfileFile.ready("odoo"), ODOO.catalog())
                        .users(ODOO.table("public.crm_lead"))
                        .orElseThrow();

        assertThat(users.table().name()).isEqualTo("res_users");
        assertThat(users.person().orElseThrow().column()).isEqualTo("partner_id");
        assertThat(
                        users.person()
                                .orElseThrow()
                                .name()
                                .of(
                                        ODOO.fields(
                                                "public.res_partner",
                                                "3",
                                                "Ann Lee",
                                                "ACME, Ann Lee",
                                                "t",
                                                "1",
                                                "1",
                                                "null")))
                .contains("Ann Lee");
    }

    @Test
    void whatIsArchivedInOdooIsDeletedWhereAProfileSaysSo() {
        Profile profile =
                Profile.of(
                        ProfileFile.parse(
                                "{extends: odoo, soft-delete: {active: false}}", "own.yaml"),
                        ODOO.catalog());

        SoftDelete rule = profile.of(ODOO.table("public.crm_lead")).softDelete().orElseThrow();

        assertThat(
                        rule.effect(
                                ODOO.fields("public.crm_lead", "7", "x", "1", "t", "1", "1", "1"),
                                ODOO.fields("public.crm_lead", "7", "x", "1", "f", "1", "1", "1")))
                .isEqualTo(SoftDelete.Effect.DELETE);
        assertThat(profile.of(ODOO.table("public.crm_stage")).softDelete()).isEmpty();
    }

    @Test
    void twenty() {
        assertThat(lines("twenty", TWENTY))
                .containsExactly(
                        "core.user: -, -, deletedAt is not null, {firstName} {lastName}, -",
                        "core.workspace: -, -, deletedAt is not null, {displayName}, InColumn[column=id]",
                        "core.userWorkspace: -, -, deletedAt is not null, -, InColumn[column=workspaceId]",
                        "workspace_1abc.workspaceMember: -, -, deletedAt is not null, {nameFirstName} {nameLastName},"
                                + " InSchema[schema=workspace_1abc]",
                        "workspace_1abc.person: updatedByWorkspaceMemberId, createdByWorkspaceMemberId, deletedAt is not null,"
                                + " {nameFirstName} {nameLastName}, InSchema[schema=workspace_1abc]",
                        "workspace_1abc.company: -, createdByWorkspaceMemberId, deletedAt is not null, {name},"
                                + " InSchema[schema=workspace_1abc]",
                        "workspace_1abc.note: updatedByWorkspaceMemberId, -, deletedAt is not null, {title},"
                                + " InSchema[schema=workspace_1abc]",
                        "workspace_1abc.noteTarget: -, -, deletedAt is not null, -, InSchema[schema=workspace_1abc]",
                        "workspace_1abc.timelineActivity: workspaceMemberId, -, -, {name} {linkedRecordCachedName},"
                                + " InSchema[schema=workspace_1abc]",
                        "workspace_2xyz.workspaceMember: -, -, deletedAt is not null, {nameFirstName} {nameLastName},"
                                + " InSchema[schema=workspace_2xyz]",
                        "workspace_2xyz.company: -, createdByWorkspaceMemberId, deletedAt is not null, {name},"
                                + " InSchema[schema=workspace_2xyz]");
        assertThat(references("twenty", TWENTY))
                .containsExactly(
                        "workspace_1abc.workspaceMember.userId → core.user.id",
                        "workspace_2xyz.workspaceMember.userId → core.user.id");
        assertThat(
                        Profile.of(ProfileFile.ready("twenty"), TWENTY.catalog())
                                .users(TWENTY.table("workspace_2xyz.company"))
                                .map(users -> users.table().displayName()))
                .isEqualTo(Optional.of("workspace_2xyz.workspaceMember"));
    }

    @Test
    void theReadyOneThatFitsIsProposed() {
        assertThat(ReadyFit.best(SUITECRM.catalog()).name()).isEqualTo("suitecrm");
        assertThat(ReadyFit.best(ESPOCRM.catalog()).name()).isEqualTo("espocrm");
        assertThat(ReadyFit.best(ODOO.catalog()).name()).isEqualTo("odoo");
        assertThat(ReadyFit.best(TWENTY.catalog()).name()).isEqualTo("twenty");
        assertThat(
                        List.of(SUITECRM, ESPOCRM, ODOO, TWENTY).stream()
                                .map(schema -> ReadyFit.best(schema.catalog())))
                .allMatch(ReadyFit::isEnough);
        assertThat(ProfileSuggestion.text(TWENTY.catalog(), new ValueSample()))
                .contains(
                        """

                        extends: twenty    # it fits best: 6 of 8 columns by which it is known are there: person.nameFirstName, \
                        company.createdByWorkspaceMemberId, workspaceMember.userId, noteTarget.noteId, timelineActivity.happensAt, \
                        userWorkspace.workspaceId
                        """);
    }
}

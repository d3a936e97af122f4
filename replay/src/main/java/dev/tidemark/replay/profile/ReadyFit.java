package dev.tidemark.replay.profile;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well a ready profile fits a schema: how many columns are there by which its application is
 * known. Immutable.
 *
 * @param name of the profile
 * @param found those that are there, {@code table.column}
 * @param wanted how many there would be
 */
record ReadyFit(String name, List<String> found, int wanted) {
    /** Columns that others rather do not have under these names. */
    private static final Map<String, List<String>> SIGNS = signs();

    private static Map<String, List<String>> signs() {
        Map<String, List<String>> signs = new LinkedHashMap<>();
        signs.put(
                "espocrm",
                List.of(
                        "account.modified_by_id",
                        "contact.account_id",
                        "entity_team.entity_type",
                        "entity_email_address.entity_type",
                        "note.related_type",
                        "lead.created_account_id",
                        "user.user_name",
                        "array_value.entity_type"));
        signs.put(
                "odoo",
                List.of(
                        "res_users.login",
                        "res_partner.write_uid",
                        "ir_model.model",
                        "ir_model_data.module",
                        "ir_attachment.res_model",
                        "mail_message.res_id",
                        "crm_lead.partner_id",
                        "res_company.partner_id"));
        signs.put(
                "suitecrm",
                List.of(
                        "accounts.modified_user_id",
                        "contacts.modified_user_id",
                        "users.user_hash",
                        "email_addr_bean_rel.bean_module",
                        "emails_beans.bean_module",
                        "securitygroups_records.record_id",
                        "fields_meta_data.custom_module",
                        "aos_quotes.modified_user_id"));
        signs.put(
                "twenty",
                List.of(
                        "person.nameFirstName",
                        "company.createdByWorkspaceMemberId",
                        "opportunity.pointOfContactId",
                        "workspaceMember.userId",
                        "noteTarget.noteId",
                        "timelineActivity.happensAt",
                        "objectMetadata.nameSingular",
                        "userWorkspace.workspaceId"));
        return signs;
    }

    ReadyFit {
        found = List.copyOf(found);
    }

    /** The one of which most is there; the first by name of several. */
    static ReadyFit best(Catalog catalog) {
        return SIGNS.entrySet().stream()
                .map(one -> of(one.getKey(), one.getValue(), catalog))
                .max(
                        Comparator.comparingInt((ReadyFit fit) -> fit.found().size())
                                .thenComparing(ReadyFit::name, Comparator.reverseOrder()))
                .orElseThrow();
    }

    private static ReadyFit of(String name, List<String> signs, Catalog catalog) {
        return new ReadyFit(
                name, signs.stream().filter(sign -> isThere(sign, catalog)).toList(), signs.size());
    }

    private static boolean isThere(String sign, Catalog catalog) {
        String table = sign.substring(0, sign.indexOf('.'));
        OneColumn column = new OneColumn(sign.substring(sign.indexOf('.') + 1));
        return catalog.tables().stream()
                .filter(Table::holdsRows)
                .anyMatch(there -> there.name().equals(table) && column.fits(there));
    }

    /** Half of it is enough: modules may be missing, and names have changed. */
    boolean isEnough() {
        return found.size() * 2 >= wanted;
    }
}

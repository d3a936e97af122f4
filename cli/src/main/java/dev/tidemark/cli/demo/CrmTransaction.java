package dev.tidemark.cli.demo;

import java.sql.SQLException;

/**
 * The kinds of transactions of {@link CrmWorkload}, each with its share: so many in a thousand,
 * about.
 */
public enum CrmTransaction {
    CREATE_LEAD(140, WorkPeople::createLead),
    CONVERT_LEAD(50, WorkPeople::convertLead),
    RATE_LEAD(40, WorkPeople::rateLead),
    EDIT_CONTACT(50, WorkPeople::editContact),
    EDIT_ACCOUNT(40, WorkPeople::editAccount),
    SIGN_IN(10, WorkPeople::recordSignIn),
    MERGE_CONTACTS(8, WorkPeople::mergeContacts),
    GIVE_CONSENT(10, WorkPeople::giveConsent),
    SOFT_DELETE(25, WorkRemoval::softDelete),
    HARD_DELETE(20, WorkRemoval::hardDelete),
    MOVE_STAGE(120, WorkSales::moveStage),
    CREATE_QUOTE(40, WorkSales::createQuote),
    EDIT_QUOTE_LINE(20, WorkSales::editQuoteLine),
    ACCEPT_QUOTE(20, WorkSales::acceptQuote),
    CHANGE_PRICE(8, WorkSales::changePrice),
    PLAN_TARGET(10, WorkSales::planTarget),
    LOG_ACTIVITY(120, WorkTraces::logActivity),
    FINISH_ACTIVITY(40, WorkTraces::finishActivity),
    OPEN_CASE(20, WorkTraces::openCase),
    CLOSE_CASE(15, WorkTraces::closeCase),
    RECEIVE_EMAIL(15, WorkFiles::receiveEmail),
    EDIT_EMAIL_BODY(10, WorkFiles::editEmailBody),
    FLAG_EMAIL(40, WorkFiles::flagEmail),
    MOVE_EMAIL(20, WorkFiles::moveEmail),
    ATTACH_FILE(10, WorkFiles::attach),
    RENAME_FILE(20, WorkFiles::rename),
    REPLACE_FILE(2, WorkFiles::replace),
    TAG(60, WorkTags::tag),
    UNTAG(40, WorkTags::untag),
    RETAG(10, WorkTags::retag),
    SET_FIELDS(60, WorkTags::setFields),
    DEFINE_FIELD(3, WorkTags::defineField),
    IMPORT(4, WorkBulk::importRows),
    TRUNCATE_STAGING(1, WorkBulk::truncateStaging),
    BULK_UPDATE(3, WorkBulk::bulkUpdate),
    SAVEPOINT(20, WorkBulk::savepoint),
    ROLLBACK(20, WorkBulk::rollBack);

    /** How a transaction's body wants it to end. */
    enum End {
        COMMIT,
        ROLL_BACK,
        /** It found no row that suits it. */
        NOTHING_TO_DO
    }

    /** The statements between begin and end. */
    @FunctionalInterface
    interface Body {
        End run(CrmClient crm) throws SQLException;
    }

    private final int share;

    @SuppressWarnings("ImmutableEnumChecker") // references to static methods hold no state
    private final Body body;

    CrmTransaction(int share, Body body) {
        this.share = share;
        this.body = body;
    }

    int share() {
        return share;
    }

    End run(CrmClient crm) throws SQLException {
        return body.run(crm);
    }
}

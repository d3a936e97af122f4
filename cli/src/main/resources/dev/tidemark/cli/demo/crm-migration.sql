-- All at once and in one order, so that a session that holds one of them cannot hold up half of it.
LOCK TABLE crm.accounts, crm.contacts, crm.leads, crm.cases IN ACCESS EXCLUSIVE MODE;
ALTER TABLE crm.contacts ADD COLUMN lifetime_value numeric(12, 2) DEFAULT 0 NOT NULL;
ALTER TABLE crm.accounts ADD COLUMN segment text;
ALTER TABLE crm.leads RENAME COLUMN rating TO grade;
ALTER TABLE crm.cases DROP COLUMN legacy_code;
CREATE TABLE crm.consents (
    contact_id bigint NOT NULL REFERENCES crm.contacts ON DELETE CASCADE,
    channel    text NOT NULL,
    given      boolean NOT NULL,
    given_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (contact_id, channel)
);

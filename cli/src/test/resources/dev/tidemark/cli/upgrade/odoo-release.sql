-- A day of work in Odoo, then the upgrade of its modules: one transaction, repeatable read as all of Odoo's are.
-- Translations become jsonb as in its version 16, values that depend on the company as in 18.
SET ROLE upgrade_odoo;
BEGIN ISOLATION LEVEL REPEATABLE READ;
INSERT INTO mail_message (date, message_type, model, res_id, subtype_id, mail_activity_type_id, author_id)
    VALUES ('2024-06-01', 'notification', 'crm.lead', 1, 1, 1, 1);
INSERT INTO mail_tracking_value (field_id, old_value_integer, new_value_integer, old_value_char, new_value_char, mail_message_id)
    SELECT f.id, 2, 4, 'Qualified', 'Won', currval('mail_message_id_seq') FROM ir_model_fields f WHERE f.model = 'crm.lead' AND f.name = 'stage_id';
UPDATE crm_lead SET stage_id = 4, probability = 100, date_closed = '2024-06-01', write_uid = 1, write_date = '2024-06-01 09:00:00.5' WHERE id % 10 = 1;
UPDATE crm_lead SET active = false, lost_reason = 2, probability = 0 WHERE id % 10 = 2;
DELETE FROM crm_lead WHERE id = 120;
COMMIT;
BEGIN ISOLATION LEVEL REPEATABLE READ;
INSERT INTO sale_order (name, state, date_order, partner_id, team_id, currency_id, amount_total)
    SELECT 'S0' || nextval('ir_sequence_001'), 'draft', '2024-06-01', 3, 2, 2, 12.340;
UPDATE crm_stage SET name = name || '{"de_DE": "Gewonnen"}' WHERE is_won;
SELECT nextval('base_registry_signaling'), nextval('base_cache_signaling_default');
COMMIT;

BEGIN ISOLATION LEVEL REPEATABLE READ;
DROP VIEW crm_activity_report;
DROP VIEW sale_report CASCADE;
ALTER TABLE mail_message_subtype ALTER COLUMN description TYPE jsonb
    USING CASE WHEN description IS NOT NULL THEN jsonb_build_object('en_US', description::varchar) END;
ALTER TABLE crm_lost_reason ALTER COLUMN name DROP DEFAULT, ALTER COLUMN name TYPE jsonb USING jsonb_build_object('en_US', name);
ALTER TABLE res_partner ALTER COLUMN credit_limit TYPE jsonb USING jsonb_build_object('1', credit_limit, '2', credit_limit);
ALTER TABLE res_partner ALTER COLUMN barcode TYPE jsonb USING CASE WHEN barcode IS NOT NULL THEN jsonb_build_object('1', barcode) END;
CREATE INDEX res_partner_barcode_index ON res_partner USING btree ((barcode IS NOT NULL)) WHERE barcode IS NOT NULL;
ALTER TABLE res_partner ALTER COLUMN email TYPE varchar;
ALTER TABLE crm_lead RENAME COLUMN planned_revenue TO expected_revenue;
ALTER TABLE crm_lead ALTER COLUMN expected_revenue TYPE numeric;
ALTER TABLE crm_lead RENAME COLUMN lost_reason TO lost_reason_id;
ALTER TABLE crm_lead RENAME CONSTRAINT crm_lead_lost_reason_fkey TO crm_lead_lost_reason_id_fkey;
ALTER INDEX crm_lead_lost_reason_index RENAME TO crm_lead__lost_reason_id_index;
UPDATE ir_model_fields SET name = 'lost_reason_id' WHERE model = 'crm.lead' AND name = 'lost_reason';
CREATE TABLE crm_recurring_plan (id SERIAL NOT NULL, PRIMARY KEY (id));
COMMENT ON TABLE crm_recurring_plan IS 'CRM Recurring revenue plans';
ALTER TABLE crm_recurring_plan ADD COLUMN number_of_months integer, ADD COLUMN name jsonb;
COMMENT ON COLUMN crm_recurring_plan.number_of_months IS '# Months';
INSERT INTO crm_recurring_plan (name, number_of_months) VALUES ('{"en_US": "Monthly"}', 1), ('{"en_US": "Yearly"}', 12);
ALTER TABLE crm_recurring_plan ALTER COLUMN name SET NOT NULL;
ALTER TABLE crm_recurring_plan ADD CONSTRAINT crm_recurring_plan_check_number_of_months CHECK (number_of_months >= 0);
COMMENT ON CONSTRAINT crm_recurring_plan_check_number_of_months ON crm_recurring_plan IS 'CHECK(number_of_months >= 0)';
ALTER TABLE crm_lead ADD COLUMN recurring_revenue numeric, ADD COLUMN recurring_plan integer;
ALTER TABLE crm_lead ADD CONSTRAINT crm_lead_recurring_plan_fkey FOREIGN KEY (recurring_plan)
    REFERENCES crm_recurring_plan (id) ON DELETE SET NULL;
COMMENT ON COLUMN crm_lead.recurring_plan IS 'Recurring Plan';
UPDATE crm_lead SET recurring_revenue = 10.50, recurring_plan = 2 WHERE id % 5 = 0;
ALTER TABLE crm_lead DROP CONSTRAINT crm_lead_check_probability;
UPDATE crm_lead SET probability = 100 WHERE stage_id = 4;
ALTER TABLE crm_lead ADD CONSTRAINT crm_lead_check_probability CHECK (probability >= 0 AND probability <= 100);
ALTER TABLE crm_lead DROP COLUMN day_open CASCADE;
ALTER TABLE sale_order DROP CONSTRAINT sale_order_opportunity_id_fkey;
ALTER TABLE sale_order ADD FOREIGN KEY (opportunity_id) REFERENCES crm_lead (id) ON DELETE CASCADE;
ALTER TABLE sale_order ALTER COLUMN date_order SET NOT NULL;
ALTER TABLE crm_tag RENAME TO crm_lead_tag;
ALTER SEQUENCE crm_tag_id_seq RENAME TO crm_lead_tag_id_seq;
ALTER TABLE crm_lead_tag RENAME CONSTRAINT crm_tag_name_uniq TO crm_lead_tag_name_uniq;
DROP INDEX product_category_complete_name_index;
ALTER TABLE product_category DROP COLUMN complete_name;
CREATE TABLE crm_lead_res_partner_rel (crm_lead_id integer NOT NULL, res_partner_id integer NOT NULL, PRIMARY KEY (crm_lead_id, res_partner_id));
INSERT INTO crm_lead_res_partner_rel SELECT id, partner_id FROM crm_lead WHERE partner_id IS NOT NULL;
ALTER TABLE crm_lead_res_partner_rel ADD FOREIGN KEY (crm_lead_id) REFERENCES crm_lead ON DELETE CASCADE,
    ADD FOREIGN KEY (res_partner_id) REFERENCES res_partner ON DELETE CASCADE;
ALTER SEQUENCE ir_sequence_001 INCREMENT BY 10;
CREATE VIEW crm_activity_report AS
    SELECT m.id, m.date, m.author_id, l.id AS lead_id, l.stage_id, l.lost_reason_id, l.expected_revenue, l.recurring_plan
      FROM mail_message m JOIN crm_lead l ON m.res_id = l.id
     WHERE m.model = 'crm.lead' AND m.mail_activity_type_id IS NOT NULL;
CREATE VIEW sale_report AS
    SELECT min(l.id) AS id, s.name, s.state, sum(l.product_uom_qty) AS qty, sum(l.price_unit * l.product_uom_qty) AS price_total,
           concat('sale.order', ',', s.id) AS order_reference
      FROM sale_order_line l JOIN sale_order s ON s.id = l.order_id WHERE l.display_type IS NULL GROUP BY s.id;
COMMIT;

BEGIN ISOLATION LEVEL REPEATABLE READ;
INSERT INTO crm_lead (name, type, active, partner_id, stage_id, expected_revenue, probability, recurring_plan)
    VALUES ('Élan', 'opportunity', true, 3, 1, 1234.50, 12.3, 1);
INSERT INTO crm_lead_tag (name) VALUES ('{"en_US": "Design"}');
UPDATE res_partner SET credit_limit = jsonb_set(credit_limit, '{2}', '0') WHERE id < 5;
COMMIT;

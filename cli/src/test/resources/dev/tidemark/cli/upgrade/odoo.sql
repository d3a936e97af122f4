-- Odoo with CRM and Sales, as https://www.odoo.com/documentation/17.0/developer/reference/backend/orm.html
-- and its changelog describe models in a database: a table for each with a serial key and four columns of its
-- log, varchar without length, times without zone, translations and properties as jsonb, labels as comments,
-- many-to-many tables of two keys, indexes by kind (btree, btree_not_null, trigram), reports as views. In
-- public, as a role that is no superuser. Some names and types are of older versions, for odoo-release.sql.
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE SCHEMA unaccent_schema;
BEGIN; CREATE EXTENSION unaccent SCHEMA unaccent_schema;
ALTER FUNCTION unaccent_schema.unaccent(text) IMMUTABLE;
COMMIT;
CREATE FUNCTION public.unaccent(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN unaccent_schema.unaccent('unaccent_schema.unaccent'::regdictionary, value);
GRANT USAGE ON SCHEMA unaccent_schema, audit TO upgrade_odoo;
GRANT EXECUTE ON FUNCTION public.unaccent(text) TO upgrade_odoo;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA unaccent_schema TO upgrade_odoo;
GRANT INSERT ON audit.log TO upgrade_odoo;
GRANT ALL ON SCHEMA public TO upgrade_odoo;
SET ROLE upgrade_odoo;

CREATE SEQUENCE base_registry_signaling INCREMENT BY 1 START WITH 1;
CREATE SEQUENCE base_cache_signaling_default;
CREATE TABLE ir_model (id serial, model varchar NOT NULL, name jsonb NOT NULL, "order" varchar NOT NULL DEFAULT 'id',
    state varchar, transient boolean, info text, PRIMARY KEY (id), CONSTRAINT ir_model_obj_name_uniq UNIQUE (model));
CREATE TABLE ir_model_fields (id serial PRIMARY KEY, model_id integer NOT NULL REFERENCES ir_model ON DELETE CASCADE,
    model varchar NOT NULL, name varchar NOT NULL, ttype varchar NOT NULL, field_description jsonb, help jsonb,
    "index" boolean, "translate" boolean, "size" integer, store boolean, on_delete varchar, state varchar NOT NULL,
    CONSTRAINT ir_model_fields_name_unique UNIQUE (model, name),
    CONSTRAINT ir_model_fields_size_gt_zero CHECK ("size" >= 0),
    CONSTRAINT ir_model_fields_name_manual_field CHECK (state <> 'manual' OR name LIKE 'x\_%'));
CREATE TABLE ir_model_data (id serial PRIMARY KEY, module varchar NOT NULL, name varchar NOT NULL, model varchar NOT NULL,
    res_id integer, noupdate boolean DEFAULT false);
CREATE UNIQUE INDEX ir_model_data_module_name_uniq_index ON ir_model_data (module, name);
CREATE INDEX ir_model_data_model_res_id_index ON ir_model_data (model, res_id);
CREATE TABLE ir_sequence (id serial PRIMARY KEY, name varchar NOT NULL, code varchar, implementation varchar NOT NULL,
    prefix varchar, padding integer NOT NULL, number_next integer NOT NULL, number_increment integer NOT NULL);
CREATE SEQUENCE ir_sequence_001 INCREMENT BY 5 START WITH 1000;
CREATE TABLE ir_attachment (id serial PRIMARY KEY, name varchar NOT NULL, type varchar NOT NULL, res_model varchar,
    res_field varchar, res_id integer, public boolean, url varchar(1024), db_datas bytea, store_fname varchar,
    file_size integer, checksum varchar(40), mimetype varchar, index_content text);
CREATE INDEX ir_attachment_res_idx ON ir_attachment (res_model, res_id);

CREATE TABLE res_currency (id serial PRIMARY KEY, name varchar NOT NULL, symbol varchar NOT NULL, rounding numeric,
    decimal_places integer, active boolean, CONSTRAINT res_currency_unique_name UNIQUE (name),
    CONSTRAINT res_currency_rounding_gt_zero CHECK (rounding > 0));
CREATE TABLE res_country (id serial PRIMARY KEY, name jsonb NOT NULL, code varchar(2) NOT NULL, phone_code integer,
    currency_id integer REFERENCES res_currency ON DELETE SET NULL, CONSTRAINT res_country_code_uniq UNIQUE (code));
CREATE TABLE res_company (id serial PRIMARY KEY, name varchar NOT NULL, partner_id integer NOT NULL,
    currency_id integer NOT NULL REFERENCES res_currency ON DELETE RESTRICT,
    parent_id integer REFERENCES res_company ON DELETE RESTRICT, parent_path varchar,
    CONSTRAINT res_company_name_uniq UNIQUE (name));
CREATE INDEX res_company_parent_path_index ON res_company (parent_path varchar_pattern_ops);
CREATE TABLE res_users (id serial PRIMARY KEY, login varchar NOT NULL, password varchar, active boolean DEFAULT true,
    partner_id integer NOT NULL, company_id integer NOT NULL REFERENCES res_company ON DELETE RESTRICT,
    share boolean, signature text, CONSTRAINT res_users_login_key UNIQUE (login));
CREATE TABLE res_partner (id serial PRIMARY KEY, name varchar, company_id integer REFERENCES res_company ON DELETE SET NULL,
    parent_id integer REFERENCES res_partner ON DELETE SET NULL, commercial_partner_id integer, type varchar,
    user_id integer REFERENCES res_users ON DELETE SET NULL, country_id integer REFERENCES res_country ON DELETE RESTRICT,
    email varchar(240), phone varchar, vat varchar, barcode varchar, credit_limit float8, lang varchar, tz varchar,
    is_company boolean, active boolean, partner_latitude numeric(10, 7), comment text,
    CONSTRAINT res_partner_check_name CHECK (type = 'contact' AND name IS NOT NULL OR type <> 'contact'));
ALTER TABLE res_partner ADD FOREIGN KEY (commercial_partner_id) REFERENCES res_partner ON DELETE SET NULL;
ALTER TABLE res_users ADD FOREIGN KEY (partner_id) REFERENCES res_partner ON DELETE RESTRICT;
ALTER TABLE res_company ADD FOREIGN KEY (partner_id) REFERENCES res_partner ON DELETE RESTRICT;
CREATE INDEX res_partner_plain_name ON res_partner (unaccent_schema.unaccent(name));
CREATE INDEX res_partner_name_index ON res_partner USING gin (unaccent(name) gin_trgm_ops);
CREATE INDEX res_partner_vat_index ON res_partner USING btree (vat) WHERE vat IS NOT NULL;
COMMENT ON INDEX res_partner_vat_index IS 'btree_not_null';

CREATE TABLE crm_team (id serial PRIMARY KEY, name jsonb NOT NULL, sequence integer, active boolean,
    company_id integer REFERENCES res_company ON DELETE SET NULL, user_id integer REFERENCES res_users ON DELETE SET NULL,
    lead_properties_definition jsonb, assignment_domain varchar);
CREATE TABLE crm_stage (id serial PRIMARY KEY, name jsonb NOT NULL, sequence integer, is_won boolean, fold boolean,
    team_id integer REFERENCES crm_team ON DELETE SET NULL, requirements text);
CREATE TABLE crm_tag (id serial PRIMARY KEY, name jsonb NOT NULL, color integer, CONSTRAINT crm_tag_name_uniq UNIQUE (name));
CREATE TABLE crm_lost_reason (id serial PRIMARY KEY, name varchar NOT NULL, active boolean);
CREATE TABLE crm_lead (id serial PRIMARY KEY, name varchar NOT NULL, type varchar NOT NULL, active boolean, priority varchar,
    partner_id integer REFERENCES res_partner ON DELETE SET NULL, user_id integer REFERENCES res_users ON DELETE SET NULL,
    team_id integer REFERENCES crm_team ON DELETE SET NULL, stage_id integer REFERENCES crm_stage ON DELETE RESTRICT,
    company_id integer REFERENCES res_company ON DELETE SET NULL, lost_reason integer REFERENCES crm_lost_reason ON DELETE RESTRICT,
    email_normalized varchar, phone_sanitized varchar, description text, planned_revenue float8, probability float8,
    automated_probability float8, day_open float8, date_open timestamp, date_closed timestamp, date_deadline date,
    date_last_stage_update timestamp, lead_properties jsonb, duration_tracking jsonb,
    CONSTRAINT crm_lead_check_probability CHECK (probability >= 0 AND probability <= 100));
COMMENT ON CONSTRAINT crm_lead_check_probability ON crm_lead IS 'check(probability >= 0 and probability <= 100)';
CREATE INDEX crm_lead_user_id_team_id_type_index ON crm_lead (user_id, team_id, type);
CREATE INDEX crm_lead_default_order_idx ON crm_lead (priority DESC, id DESC) WHERE active IS TRUE;
CREATE INDEX crm_lead_email_normalized_index ON crm_lead USING gin (email_normalized gin_trgm_ops);
CREATE INDEX crm_lead_lost_reason_index ON crm_lead USING btree (lost_reason) WHERE lost_reason IS NOT NULL;
CREATE TABLE crm_tag_rel (lead_id integer NOT NULL REFERENCES crm_lead ON DELETE CASCADE,
    tag_id integer NOT NULL REFERENCES crm_tag ON DELETE CASCADE, PRIMARY KEY (lead_id, tag_id));
COMMENT ON TABLE crm_tag_rel IS 'RELATION BETWEEN crm_lead AND crm_tag';
CREATE INDEX ON crm_tag_rel (tag_id, lead_id);

CREATE TABLE calendar_event (id serial PRIMARY KEY, name varchar NOT NULL, start timestamp NOT NULL, stop timestamp NOT NULL,
    allday boolean, duration float8, show_as varchar NOT NULL, res_model varchar, res_id integer,
    user_id integer REFERENCES res_users ON DELETE SET NULL, opportunity_id integer REFERENCES crm_lead ON DELETE SET NULL);
CREATE TABLE calendar_event_res_partner_rel (calendar_event_id integer NOT NULL REFERENCES calendar_event ON DELETE CASCADE,
    res_partner_id integer NOT NULL REFERENCES res_partner ON DELETE CASCADE, PRIMARY KEY (calendar_event_id, res_partner_id));
CREATE TABLE mail_message_subtype (id serial PRIMARY KEY, name jsonb NOT NULL, description varchar, res_model varchar,
    internal boolean, "default" boolean, hidden boolean);
CREATE TABLE mail_activity_type (id serial PRIMARY KEY, name jsonb NOT NULL, delay_count integer, delay_unit varchar NOT NULL);
CREATE TABLE mail_message (id serial PRIMARY KEY, subject varchar, date timestamp, body text, message_type varchar NOT NULL,
    parent_id integer REFERENCES mail_message ON DELETE SET NULL, model varchar, res_id integer,
    subtype_id integer REFERENCES mail_message_subtype ON DELETE SET NULL,
    mail_activity_type_id integer REFERENCES mail_activity_type ON DELETE SET NULL,
    author_id integer REFERENCES res_partner ON DELETE SET NULL, message_id varchar);
CREATE INDEX mail_message_model_res_id_id_idx ON mail_message (model, res_id, id);
CREATE TABLE mail_tracking_value (id serial PRIMARY KEY, field_id integer REFERENCES ir_model_fields ON DELETE SET NULL,
    old_value_integer integer, new_value_integer integer, old_value_float float8, new_value_float float8,
    old_value_char varchar, new_value_char varchar, new_value_datetime timestamp,
    mail_message_id integer NOT NULL REFERENCES mail_message ON DELETE CASCADE);
CREATE TABLE mail_activity (id serial PRIMARY KEY, res_model_id integer NOT NULL REFERENCES ir_model ON DELETE CASCADE,
    res_model varchar, res_id integer, activity_type_id integer REFERENCES mail_activity_type ON DELETE RESTRICT,
    user_id integer NOT NULL REFERENCES res_users ON DELETE RESTRICT, date_deadline date NOT NULL, summary varchar, note text,
    CONSTRAINT mail_activity_check_res_id_is_set CHECK (res_id IS NOT NULL AND res_id <> 0));

CREATE TABLE product_category (id serial PRIMARY KEY, name varchar NOT NULL, complete_name varchar, parent_path varchar,
    parent_id integer REFERENCES product_category ON DELETE CASCADE);
CREATE INDEX product_category_complete_name_index ON product_category USING gin (unaccent(complete_name) gin_trgm_ops);
CREATE TABLE product_template (id serial PRIMARY KEY, name jsonb NOT NULL, list_price numeric, active boolean,
    categ_id integer NOT NULL REFERENCES product_category ON DELETE RESTRICT, description_sale jsonb);
CREATE INDEX product_template_name_index ON product_template
    USING gin (unaccent(jsonb_path_query_array(name, '$.*')::text) gin_trgm_ops);
CREATE TABLE product_product (id serial PRIMARY KEY, product_tmpl_id integer NOT NULL REFERENCES product_template ON DELETE CASCADE,
    default_code varchar, combination_indices varchar, standard_price jsonb, weight numeric, active boolean);
CREATE UNIQUE INDEX product_product_combination_unique ON product_product (product_tmpl_id, combination_indices)
    WHERE active IS TRUE;
CREATE TABLE sale_order (id serial PRIMARY KEY, name varchar NOT NULL, state varchar, date_order timestamp,
    partner_id integer NOT NULL REFERENCES res_partner ON DELETE RESTRICT, team_id integer REFERENCES crm_team ON DELETE SET NULL,
    currency_id integer REFERENCES res_currency ON DELETE RESTRICT, opportunity_id integer REFERENCES crm_lead ON DELETE SET NULL,
    amount_total numeric, note text, CONSTRAINT sale_order_date_order_conditional_required
        CHECK (state = 'sale' AND date_order IS NOT NULL OR state <> 'sale'));
CREATE INDEX sale_order_date_order_id_idx ON sale_order (date_order DESC, id DESC);
CREATE TABLE sale_order_line (id serial PRIMARY KEY, order_id integer NOT NULL REFERENCES sale_order ON DELETE CASCADE,
    sequence integer, display_type varchar, name text NOT NULL, product_id integer REFERENCES product_product ON DELETE RESTRICT,
    product_uom_qty numeric NOT NULL, price_unit numeric NOT NULL, discount numeric, analytic_distribution jsonb,
    CONSTRAINT sale_order_line_accountable_required_fields CHECK (display_type IS NOT NULL OR product_id IS NOT NULL));
CREATE INDEX sale_order_line_analytic_distribution_gin_index ON sale_order_line USING gin (analytic_distribution);

-- What the ORM does alike with each model: the columns of its log, its reflection in ir_model, comments.
DO $$
DECLARE
    t name;
    field record;
  BEGIN
    FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.oid
    LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN create_uid integer REFERENCES res_users ON DELETE SET NULL,
                        ADD COLUMN create_date timestamp without time zone,
                        ADD COLUMN write_uid integer REFERENCES res_users ON DELETE SET NULL,
                        ADD COLUMN write_date timestamp without time zone', t);
        EXECUTE format('COMMENT ON TABLE %I IS %L', t, initcap(replace(t, '_', ' ')));
        INSERT INTO ir_model (model, name, state) VALUES (replace(t, '_', '.'), jsonb_build_object('en_US', t, 'fr_FR', 'Modèle ' || t), 'base');
    END LOOP;
    INSERT INTO ir_model_fields (model_id, model, name, ttype, field_description, state, store)
        SELECT m.id, m.model, a.attname, format_type(a.atttypid, NULL),
               jsonb_build_object('en_US', initcap(replace(a.attname, '_', ' ')), 'de_DE', 'Feld "' || a.attname || '"'), 'base', true
          FROM ir_model m JOIN pg_attribute a ON a.attrelid = replace(m.model, '.', '_')::regclass AND a.attnum > 0
         ORDER BY m.id, a.attnum;
    FOR field IN SELECT replace(model, '.', '_') AS t, name, field_description ->> 'en_US' AS label FROM ir_model_fields
    LOOP
        EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', field.t, field.name, field.label);
    END LOOP;
END $$;
CREATE VIEW crm_activity_report AS
    SELECT m.id, l.create_date AS lead_create_date, m.subtype_id, m.mail_activity_type_id, m.author_id, m.date, m.body,
           l.id AS lead_id, l.user_id, l.team_id, l.stage_id, l.probability, l.lost_reason, l.type AS lead_type, l.active
      FROM mail_message m JOIN crm_lead l ON m.res_id = l.id
     WHERE m.model = 'crm.lead' AND m.mail_activity_type_id IS NOT NULL;
CREATE VIEW sale_report AS
    WITH rates AS (SELECT id, CASE WHEN rounding = 0 THEN 1.0 ELSE rounding END AS rate FROM res_currency)
    SELECT min(l.id) AS id, s.name, s.state, t.categ_id, p.country_id, sum(l.product_uom_qty) AS qty, count(*) AS nbr,
           sum(l.price_unit * l.product_uom_qty * (1.0 - coalesce(l.discount, 0) / 100.0)) / r.rate AS price_total,
           concat('sale.order', ',', s.id) AS order_reference
      FROM sale_order_line l JOIN sale_order s ON s.id = l.order_id JOIN res_partner p ON p.id = s.partner_id
      LEFT JOIN product_product v ON v.id = l.product_id LEFT JOIN product_template t ON t.id = v.product_tmpl_id
      JOIN rates r ON r.id = s.currency_id
     WHERE l.display_type IS NULL GROUP BY s.id, t.categ_id, p.country_id, r.rate;

INSERT INTO res_currency (name, symbol, rounding, decimal_places, active) VALUES ('EUR', '€', 0.010000, 2, true), ('JPY', '¥', 1, 0, true);
INSERT INTO res_country (name, code, currency_id) VALUES ('{"en_US": "Germany", "de_DE": "Deutschland"}', 'DE', 1), ('{"en_US": "Japan", "ja_JP": "日本"}', 'JP', 2);
INSERT INTO res_partner (name, type, country_id, email, vat, barcode, credit_limit, lang, tz, is_company, active, partner_latitude)
    SELECT CASE WHEN n % 7 > 0 THEN 'Société Générique ' || n END, CASE WHEN n % 7 > 0 THEN 'contact' ELSE 'invoice' END, 1 + n % 2,
           'P' || n || '@example.com', CASE WHEN n % 2 = 0 THEN 'DE' || n END, nullif(n % 3, 0)::text, n * 100.1, 'de_DE', 'Europe/Berlin',
           n % 2 = 0, true, 52.5 + n / 1000.0 FROM generate_series(1, 40) n;
UPDATE res_partner SET parent_id = id / 2, commercial_partner_id = 1 WHERE id > 10;
INSERT INTO res_company (name, partner_id, currency_id, parent_id, parent_path) VALUES ('My Company', 1, 1, NULL, '1/'), ('Branch', 2, 1, 1, '1/2/');
INSERT INTO res_users (login, password, partner_id, company_id, share) SELECT 'user' || n, NULL, n, 1 + n % 2, n > 5 FROM generate_series(1, 8) n;
INSERT INTO crm_team (name, sequence, active, company_id, user_id, lead_properties_definition)
    SELECT jsonb_build_object('en_US', 'Sales ' || n), n, true, 1, n, '[{"name": "7f3a", "type": "selection", "string": "Source"}]' FROM generate_series(1, 3) n;
INSERT INTO crm_stage (name, sequence, is_won) VALUES ('{"en_US": "New"}', 1, false), ('{"en_US": "Qualified", "fr_FR": "Qualifié"}', 2, false),
    ('{"en_US": "Proposition"}', 3, false), ('{"en_US": "Won"}', 70, true);
INSERT INTO crm_tag (name, color) VALUES ('{"en_US": "Software"}', 1), ('{"en_US": "Training"}', NULL), ('{"en_US": "Other", "de_DE": "Übrige"}', 3);
INSERT INTO crm_lost_reason (name, active) VALUES ('Too expensive', true), ('Not "enough" stock', true);
INSERT INTO crm_lead (name, type, active, priority, partner_id, user_id, team_id, stage_id, lost_reason, email_normalized, planned_revenue, probability, date_open, lead_properties, create_uid, create_date)
    SELECT 'Opportunity ' || n, CASE WHEN n % 4 = 0 THEN 'lead' ELSE 'opportunity' END, n % 9 > 0, n % 4, 1 + n % 40, nullif(n % 9, 0), 1 + n % 3, 1 + n % 4,
           CASE WHEN n % 9 = 0 THEN 1 + n % 2 END, 'p' || n || '@example.com', n * 0.1, (n * 1.37)::numeric % 100, '2024-02-29 12:00:00.123456',
           jsonb_build_object('7f3a', 'v' || n), 1, '2024-02-28' FROM generate_series(1, 120) n;
INSERT INTO crm_tag_rel SELECT id, 1 + id % 3 FROM crm_lead WHERE id % 2 = 0;
INSERT INTO calendar_event (name, start, stop, allday, duration, show_as, opportunity_id) SELECT 'Demo ' || n, '2024-03-01', '2024-03-01 01:30:00', false, 1.5, 'busy', n FROM generate_series(1, 10) n;
INSERT INTO calendar_event_res_partner_rel SELECT e, p FROM generate_series(1, 10) e, generate_series(1, 3) p;
INSERT INTO mail_message_subtype (name, description, res_model, "default") VALUES ('{"en_US": "Stage Changed"}', 'Stage changed', 'crm.lead', false), ('{"en_US": "Note"}', NULL, NULL, true);
INSERT INTO mail_activity_type (name, delay_count, delay_unit) VALUES ('{"en_US": "Call"}', 2, 'days'), ('{"en_US": "To-Do"}', 5, 'days');
INSERT INTO mail_message (date, body, message_type, model, res_id, subtype_id, mail_activity_type_id, author_id, message_id)
    SELECT '2024-03-01'::timestamp + n * interval '1 hour', '<p>Done &amp; ' || repeat('said ', n * 30) || '</p>', 'notification', 'crm.lead', 1 + n % 120,
           1 + n % 2, nullif(n % 3, 0), 1 + n % 8, '<' || n || '@odoo>' FROM generate_series(1, 200) n;
INSERT INTO mail_activity (res_model_id, res_model, res_id, activity_type_id, user_id, date_deadline, note)
    SELECT id, model, 7, 1, 1, '2024-04-01', '' FROM ir_model WHERE model = 'crm.lead';
INSERT INTO ir_attachment (name, type, res_model, res_id, db_datas, checksum) SELECT 'a' || n || '.bin', 'binary', 'crm.lead', n, sha256(n::text::bytea), md5(n::text) FROM generate_series(1, 5) n;
INSERT INTO ir_model_data (module, name, model, res_id) SELECT 'crm', 'stage_lead' || id, 'crm.stage', id FROM crm_stage;
INSERT INTO ir_sequence (name, code, implementation, prefix, padding, number_next, number_increment) VALUES ('Sales Order', 'sale.order', 'standard', 'S', 5, 1000, 5);
INSERT INTO product_category (name, complete_name, parent_id, parent_path) VALUES ('All', 'All', NULL, '1/'), ('Café', 'All / Café', 1, '1/2/');
INSERT INTO product_template (name, list_price, active, categ_id) SELECT jsonb_build_object('en_US', 'Chair ' || n, 'fr_FR', 'Chaise ' || n), n * 9.99, true, 2 FROM generate_series(1, 6) n;
INSERT INTO product_product (product_tmpl_id, combination_indices, standard_price, active) SELECT id, '', jsonb_build_object('1', id * 3.50), true FROM product_template;
INSERT INTO sale_order (name, state, date_order, partner_id, team_id, currency_id, opportunity_id, amount_total)
    SELECT 'S0' || nextval('ir_sequence_001'), CASE WHEN n % 2 = 0 THEN 'sale' ELSE 'draft' END, '2024-05-01'::timestamp + n * interval '1 day', n, 1, 1, n, n FROM generate_series(1, 30) n;
INSERT INTO sale_order_line (order_id, sequence, name, product_id, product_uom_qty, price_unit, discount, analytic_distribution)
    SELECT 1 + n % 30, 10, 'Chair', 1 + n % 6, 1.000, 19.990, n % 10, '{"1": 100.0}' FROM generate_series(1, 90) n;
INSERT INTO sale_order_line (order_id, display_type, name, product_uom_qty, price_unit) VALUES (1, 'line_section', 'Extras', 0, 0);

-- Publications, with what PostgreSQL got in version 15.
CREATE PUBLICATION "every 'thing'" FOR ALL TABLES WITH (publish = 'insert, truncate', publish_via_partition_root = true);
CREATE PUBLICATION several FOR TABLE app.hen (egg, id), app.bag WHERE (a > 1 AND b <> 'it''s'), ONLY app.parent,
    app."Konto ""x""" ("ID", "weird ''col""umn") WHERE ("ID" > 5);
COMMENT ON PUBLICATION several IS 'a few';
CREATE PUBLICATION nothing WITH (publish = '');
CREATE PUBLICATION whole FOR TABLES IN SCHEMA app, "Odd ""Schema"" 'x'", TABLE app.hen WHERE (true);
CREATE PUBLICATION tree FOR TABLE app.orders (region, id, day, amount) WHERE (amount > 0), app.top
    WITH (publish_via_partition_root = true);
CREATE PUBLICATION part FOR TABLE app.orders_2024_north, "Odd ""Schema"" 'x'"."Table.with.dots" ("a.b");

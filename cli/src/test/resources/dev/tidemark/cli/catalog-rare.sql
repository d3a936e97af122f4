-- Kinds of objects that few databases have; by functions that PostgreSQL brings along.
CREATE ACCESS METHOD another_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE app.other_store (id integer PRIMARY KEY, v text) USING another_heap;
INSERT INTO app.other_store VALUES (1, 'a');
CREATE TABLE app.other_child (w text) INHERITS (app.other_store) USING another_heap WITH (fillfactor = 70);
CREATE MATERIALIZED VIEW app.other_view USING another_heap AS SELECT v FROM app.other_store;
CREATE CONVERSION app.from_latin1 FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TRANSFORM FOR integer LANGUAGE sql
    (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE TEXT SEARCH TEMPLATE app.simply (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH PARSER app.words
    (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
COMMENT ON TEXT SEARCH PARSER app.words IS 'splits';
COMMENT ON CONVERSION app.from_latin1 IS 'from the west';
COMMENT ON SCHEMA public IS NULL;

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
CREATE TYPE app.words_type;
CREATE FUNCTION app.words_in(cstring) RETURNS app.words_type LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION app.words_out(app.words_type) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION app.words_send(app.words_type) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'textsend';
CREATE TYPE app.words_type (INPUT = app.words_in, OUTPUT = app.words_out, SEND = app.words_send, LIKE = text,
    CATEGORY = 'S', PREFERRED = true, DEFAULT = 'it''s', DELIMITER = ';', COLLATABLE = true);
COMMENT ON TYPE app.words_type IS 'a base type';
CREATE TYPE app.number_type;
CREATE FUNCTION app.aaa_number_in(cstring) RETURNS app.number_type LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION app.number_out(app.number_type) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE app.number_type (INPUT = app.aaa_number_in, OUTPUT = app.number_out, INTERNALLENGTH = 4, PASSEDBYVALUE);
CREATE FUNCTION app.aaa_words(app.words_type, app.number_type) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT NULL::text';
CREATE CAST (app.words_type AS text) WITHOUT FUNCTION AS IMPLICIT;
CREATE TABLE app.of_words (id integer PRIMARY KEY, w app.words_type DEFAULT 'x', ws app.words_type[], n app.number_type);
INSERT INTO app.of_words VALUES (1, 'a ''b''', '{a;"b c"}', '7');
CREATE TYPE app.only_shell;
ALTER TYPE app.number_type SET (STORAGE = plain);
GRANT USAGE ON TYPE app.words_type TO PUBLIC;
ALTER FUNCTION app.words_send(app.words_type) RENAME TO words_sent;
ALTER TYPE app.number_type RENAME TO no_type;

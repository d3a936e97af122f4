package dev.tidemark.replay.query;

import static dev.tidemark.replay.query.AskedArchive.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL that does more than to ask the archive is refused. */
class LockdownTest {
    @TempDir Path folder;

    private AskedArchive archive;

    @BeforeEach
    void write() throws Exception {
        archive = AskedArchive.of(folder, KeyChain.EMPTY);
        Files.writeString(folder.resolve("secret.csv"), "a,b\n1,2\n");
        Files.writeString(folder.resolve("secret.json"), "{\"a\": 1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_csv('FOLDER/secret.csv')",
                "SELECT * FROM read_csv_auto('FOLDER/secret.csv')",
                "SELECT * FROM sniff_csv('FOLDER/secret.csv')",
                "SELECT * FROM read_text('FOLDER/secret.csv')",
                "SELECT * FROM read_blob('FOLDER/secret.csv')",
                "SELECT * FROM read_json('FOLDER/secret.json')",
                "SELECT * FROM read_json_objects('FOLDER/secret.json')",
                "SELECT * FROM read_ndjson('FOLDER/secret.json')",
                "SELECT * FROM read_parquet('FOLDER/*.parquet')",
                "SELECT * FROM parquet_scan('FOLDER/*.parquet')",
                "SELECT * FROM parquet_metadata('FOLDER/*.parquet')",
                "SELECT * FROM parquet_schema('FOLDER/*.parquet')",
                "SELECT * FROM parquet_kv_metadata('FOLDER/*.parquet')",
                "SELECT * FROM parquet_file_metadata('FOLDER/*.parquet')",
                "SELECT * FROM glob('FOLDER/*')",
                "SELECT * FROM 'FOLDER/secret.csv'",
                "SELECT * FROM \"FOLDER/secret.csv\"",
                "SELECT * FROM 'https://example.com/data.parquet'",
                "SELECT * FROM '/etc/passwd'",
                "FROM 'FOLDER/secret.json'",
                "SELECT (SELECT count(*) FROM read_text('/etc/passwd'))",
                "WITH a AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM a",
                "SELECT 1 UNION ALL SELECT count(*) FROM glob('/*')",
                "SELECT * FROM contact WHERE id IN (SELECT count(*) FROM glob('/*'))",
                "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
                "SELECT * FROM query_table('FOLDER/secret.csv')",
                "SELECT * FROM query_table(['public.contact'])",
                "SELECT * FROM duckdb_secrets()",
                "SELECT * FROM duckdb_settings()",
                "SELECT * FROM duckdb_extensions()",
                "SELECT * FROM duckdb_databases()",
                "SELECT * FROM duckdb_views()",
                "SELECT * FROM duckdb_logs()",
                "SELECT * FROM duckdb_temporary_files()",
                "SELECT * FROM duckdb_external_file_cache()",
                "SELECT * FROM duckdb_views",
                "SELECT * FROM pg_catalog.pg_settings",
                "SELECT * FROM sqlite_master",
                "SELECT * FROM which_secret('s3://bucket', 's3')",
                "SELECT * FROM pragma_database_list",
                "SELECT * FROM pragma_show('contact')",
                "SELECT * FROM pragma_user_agent()",
                "SELECT * FROM json_execute_serialized_sql('{}')",
                "SELECT * FROM from_substrait('')",
                "SELECT * FROM checkpoint()",
                "SELECT * FROM force_checkpoint()",
                "SELECT * FROM sql_auto_complete('SEL')",
                "SELECT * FROM test_all_types()",
                "SELECT * FROM enable_logging()",
                "SELECT * FROM enable_profiling()",
                "SELECT * FROM arrow_scan(1, 2, 3)",
                "SELECT * FROM seq_scan('contact')",
                "SELECT * FROM summary((SELECT 1))",
                "SELECT getenv('HOME')",
                "SELECT nextval('s')",
                "SELECT write_log('hello')",
                "SELECT current_setting('temp_directory')",
                "SELECT __internal_decompress_string(1)",
                "SELECT finalize('x'::BLOB)",
                "SELECT * FROM (WITH \"FOLDER/secret.csv\" AS (SELECT 1) SELECT 2), \"FOLDER/secret.csv\"",
                "SELECT * FROM read_duckdb('FOLDER/x.db')",
                "SELECT * FROM register_external_resource('a', 'b')",
                "SELECT * FROM system.main.read_text('/etc/passwd')",
                "SHOW DATABASES",
                "SHOW VARIABLES",
                "COPY (SELECT 1) TO 'FOLDER/out.csv'",
                "COPY contact FROM 'FOLDER/secret.csv'",
                "EXPORT DATABASE 'FOLDER/out'",
                "IMPORT DATABASE 'FOLDER/out'",
                "ATTACH 'FOLDER/other.db' AS other",
                "ATTACH ':memory:' AS other",
                "DETACH history",
                "INSTALL httpfs",
                "LOAD httpfs",
                "LOAD 'FOLDER/evil.duckdb_extension'",
                "UPDATE EXTENSIONS",
                "SET memory_limit = '10GB'",
                "SET enable_external_access = true",
                "RESET memory_limit",
                "SET VARIABLE a = 1",
                "PRAGMA database_list",
                "PRAGMA enable_profiling",
                "PRAGMA table_info('contact')",
                "CALL pragma_version()",
                "CREATE TABLE a (b INTEGER)",
                "CREATE TEMP TABLE a AS SELECT 1",
                "CREATE VIEW a AS SELECT 1",
                "CREATE MACRO a() AS 1",
                "CREATE SECRET (TYPE s3)",
                "CREATE SCHEMA a",
                "CREATE SEQUENCE s",
                "CREATE TYPE a AS ENUM ('b')",
                "INSERT INTO contact VALUES (9, 'x', NULL, NULL)",
                "UPDATE contact SET id = 9",
                "DELETE FROM contact",
                "WITH a AS (SELECT 1) INSERT INTO contact SELECT * FROM a",
                "MERGE INTO contact USING note ON false WHEN NOT MATCHED THEN INSERT VALUES (1)",
                "TRUNCATE contact",
                "DROP VIEW contact",
                "ALTER TABLE contact ADD COLUMN x INTEGER",
                "COMMENT ON TABLE contact IS 'x'",
                "BEGIN",
                "COMMIT",
                "CHECKPOINT",
                "VACUUM",
                "ANALYZE",
                "USE history",
                "PREPARE a AS SELECT 1",
                "EXECUTE a",
                "DEALLOCATE a",
                "EXPLAIN DELETE FROM contact",
                "EXPLAIN ANALYZE COPY (SELECT 1) TO 'FOLDER/out.csv'",
                "EXPLAIN ANALYZE INSERT INTO contact VALUES (9)",
                "DESCRIBE SELECT * FROM read_text('/etc/passwd')",
                "SUMMARIZE SELECT * FROM read_text('/etc/passwd')",
                "DESCRIBE '/etc/passwd'",
                "SUMMARIZE 'FOLDER/secret.csv'",
                "SELECT 1; SELECT 2",
                "SELECT 1; DROP VIEW contact",
                "SELECT 1; COPY (SELECT 1) TO 'FOLDER/out.csv'",
                "PIVOT read_csv('FOLDER/secret.csv') ON a",
                "SELECT * FROM system.information_schema.tables",
                "SELECT * FROM temp.information_schema.tables",
                "SELECT * FROM memory.public.contact",
            })
    void itIsRefused(String sql) throws Exception {
        TidemarkException refused =
                catchThrowableOfType(
                        TidemarkException.class,
                        () ->
                                archive.asOf(5)
                                        .ask(sql.replace("FOLDER", folder.toString()), LIMITS));

        assertThat(refused).as(sql).isNotNull();
        assertThat(refused.kind()).as(refused.toString()).isEqualTo(TidemarkException.Kind.REFUSED);
        assertThat(folder.resolve("out.csv")).doesNotExist();
        assertThat(folder.resolve("out")).doesNotExist();
    }
}

package dev.tidemark.schemas.catalog;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings under which PostgreSQL's text form of a value is defined for Tidemark. Every session
 * that reads or writes values (the replication stream, base, restore, comparison) sets them, so
 * that settings of a server, database or role change nothing.
 */
public final class TextForm {
    /** Setting to value, as for {@code SET name = 'value'}. */
    public static final Map<String, String> SETTINGS = settings();

    /** There from PostgreSQL 17 on. */
    private static final String NO_TRANSACTION_TIMEOUT =
            "SELECT pg_catalog.set_config('transaction_timeout', '0', false)"
                    + " WHERE pg_catalog.current_setting('transaction_timeout', true) IS NOT NULL";

    private TextForm() {}

    /** All of them as one SQL text, for the start of a session. */
    public static String sql() {
        return SETTINGS.entrySet().stream()
                        .map(
                                setting ->
                                        "SET "
                                                + setting.getKey()
                                                + " = '"
                                                + setting.getValue()
                                                + "'")
                        .collect(Collectors.joining("; "))
                + "; "
                + NO_TRANSACTION_TIMEOUT;
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("datestyle", "ISO, MDY");
        settings.put("intervalstyle", "postgres");
        settings.put("timezone", "UTC");
        settings.put("bytea_output", "hex");
        settings.put("extra_float_digits", "1");
        settings.put("lc_monetary", "C");
        settings.put("xmloption", "content");
        settings.put("search_path", "pg_catalog"); // reg* types print names relative to it
        settings.put("quote_all_identifiers", "off");
        settings.put("standard_conforming_strings", "on"); // in expressions of the catalog
        settings.put("array_nulls", "on");
        // What follows changes no text, but could end a session or forbid it to write.
        settings.put("default_transaction_isolation", "read committed");
        settings.put("default_transaction_read_only", "off");
        settings.put("statement_timeout", "0");
        settings.put("lock_timeout", "0");
        settings.put("idle_in_transaction_session_timeout", "0");
        settings.put("idle_session_timeout", "0");
        return java.util.Collections.unmodifiableMap(settings);
    }
}

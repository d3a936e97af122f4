package dev.tidemark.schemas.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is no URL of a database is named without what may be a password. */
final class DatabaseUrlTest {
    @Test
    void noMessageHoldsAPassword() {
        Map<String, String> said = new LinkedHashMap<>();
        said.put(
                "postgresql://me:ge/heim@h/x",
                "the database URL lacks a host or a database: postgresql://me:***@h/x");
        said.put(
                "postgresql://me:ge@heim@h/x",
                "the database URL lacks a host or a database: postgresql://me:***@h/x");
        said.put("postgresql://me:ge heim@h/x", "not a database URL: postgresql://me:***@h/x");
        said.put(
                "postgresql://me:ge?heim@h/x",
                "the database URL lacks a host or a database: postgresql://me:***@***");
        said.put(
                "postgresql://me:geheim",
                "the database URL lacks a host or a database: postgresql://me:***");
        said.put(
                "postgresql://me:geheim@h/x",
                "the database URL holds a password: postgresql://me:***@h/x");
        said.put(
                "postgresql://me%3Ageheim@h/x",
                "the database URL holds a password: postgresql://me***@h/x");
        said.put(
                "postgresql://h/x?user=me&password=geheim",
                "the database URL lacks a user: postgresql://h/x?***");
        said.put(
                "postgresql://h/x?password=ge@heim",
                "the database URL lacks a user: postgresql://h***@***");
        said.put("me:geheim@h/x", "not a PostgreSQL URL: me:***@h/x");
        said.put(
                "postgresql://me@h/x?password=geheim",
                "unknown option in the database URL: password");
        said.put(
                "postgresql://me@h/x?sslmode=require&geheim",
                "an option in the database URL has no value");

        said.forEach((text, message) -> assertThat(refusal(text)).as(text).isEqualTo(message));
    }

    @Test
    void whatIsNoSecretIsSaid() {
        assertThat(refusal("postgresql://[::1]:5432/x"))
                .isEqualTo("the database URL lacks a user: postgresql://[::1]:5432/x");
        assertThat(refusal("postgresql://me@h:5432"))
                .isEqualTo("the database URL lacks a host or a database: postgresql://me@h:5432");
        assertThat(DatabaseUrl.withoutSecret("./crm.db")).isEqualTo("./crm.db");
    }

    private static String refusal(String text) {
        TidemarkException refused =
                catchThrowableOfType(TidemarkException.class, () -> DatabaseUrl.parse(text));
        return String.valueOf(refused.getMessage());
    }
}

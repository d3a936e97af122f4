package dev.tidemark.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasesTest {
    private static final DatabaseUrl URL = DatabaseUrl.parse("postgresql://tidemark@db/crm");
    private static final DatabaseUrl ADMIN = DatabaseUrl.parse("postgresql://postgres@db/crm");

    @TempDir private Path directory;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void theEnvironmentGoesBeforeTheFile() throws Exception {
        Path file = file("from-file\n", "rw-------");

        Database source =
                databases(Map.of("TIDEMARK_SOURCE_PASSWORD", "from-environment"))
                        .source(settings(file));

        assertThat(source).isEqualTo(new Database("source", URL, Optional.of("from-environment")));
    }

    @Test
    void oneLineEndIsNoPartOfThePassword() throws Exception {
        Path file = file(" two words \n\r\n", "rw-------");

        Database source = databases(Map.of()).source(settings(file));

        assertThat(source.password()).contains(" two words \n");
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFileThatOthersCanReadIsWarnedOf() throws Exception {
        Path file = file("secret", "rw-r--r--");

        databases(Map.of()).source(settings(file));

        assertThat(warnings)
                .containsExactly(
                        "every user of this machine can read the password file "
                                + file
                                + ": run 'chmod 600' on it");
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = directory.resolve("none");

        TidemarkException error =
                catchThrowableOfType(
                        TidemarkException.class, () -> databases(Map.of()).source(settings(file)));

        assertThat(error)
                .hasMessage("cannot read the password file " + file + ": NoSuchFileException");
        assertThat(error.hint())
                .isEqualTo("Check that it exists, is text in UTF-8, and that you may read it.");
    }

    @Test
    void anEmptyFileIsRefused() throws Exception {
        Path file = file("\n", "rw-------");

        TidemarkException error =
                catchThrowableOfType(
                        TidemarkException.class, () -> databases(Map.of()).source(settings(file)));

        assertThat(error).hasMessage("the password file " + file + " is empty");
    }

    @Test
    void eachRoleHasItsOwnPassword() {
        var databases =
                databases(
                        Map.of(
                                "TIDEMARK_SOURCE_PASSWORD", "s",
                                "TIDEMARK_ADMIN_PASSWORD", "a",
                                "TIDEMARK_TARGET_PASSWORD", "t"));
        var settings =
                new SourceSettings(
                        "crm", URL, Optional.empty(), Optional.of(ADMIN), Optional.empty());

        assertThat(databases.source(settings).password()).contains("s");
        assertThat(databases.admin(settings))
                .isEqualTo(new Database("admin", ADMIN, Optional.of("a")));
        assertThat(databases.target(URL).password()).contains("t");
    }

    @Test
    void withoutAnAdminUrlTheSourcesUserPrepares() {
        var settings =
                new SourceSettings(
                        "crm", URL, Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(databases(Map.of()).admin(settings))
                .isEqualTo(new Database("source", URL, Optional.empty()));
    }

    @Test
    void noTextHoldsAPassword() {
        var databases = databases(Map.of("TIDEMARK_TARGET_PASSWORD", "secret"));

        assertThat(databases.toString() + databases.target(URL)).doesNotContain("secret");
    }

    private Databases databases(Map<String, String> environment) {
        return new Databases(environment, warnings::add);
    }

    private static SourceSettings settings(Path passwordFile) {
        return new SourceSettings(
                "crm", URL, Optional.of(passwordFile), Optional.empty(), Optional.empty());
    }

    private Path file(String content, String permissions) throws Exception {
        Path file = Files.writeString(directory.resolve("password"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}

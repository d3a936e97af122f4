package dev.tidemark.cli.config;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The databases that the settings name, with their passwords: from the environment ({@code
 * TIDEMARK_SOURCE_PASSWORD}, {@code …ADMIN…}, {@code …TARGET…}), else from the file that is set,
 * else none, and then the driver looks into ~/.pgpass. No message holds a password.
 *
 * @param warnings gets a sentence when others can read a password's file
 */
public record Databases(Map<String, String> environment, Consumer<String> warnings) {
    public Databases {
        environment = Map.copyOf(environment);
    }

    /** As the user that capture works as. */
    public Database source(SourceSettings settings) {
        return new Database(
                Database.Role.SOURCE, settings.url(), password("SOURCE", settings.passwordFile()));
    }

    /** The source as the user that prepares it; without an admin-url that is the same user. */
    public Database admin(SourceSettings settings) {
        if (settings.adminUrl().isEmpty()) {
            return source(settings);
        }
        return new Database(
                Database.Role.ADMIN,
                settings.adminUrl().get(),
                password("ADMIN", settings.adminPasswordFile()));
    }

    /** Where a restore goes. */
    public Database target(DatabaseUrl url) {
        return new Database(Database.Role.TARGET, url, password("TARGET", Optional.empty()));
    }

    /** Without the environment: it holds passwords. */
    @Override
    public String toString() {
        return "Databases";
    }

    private Optional<String> password(String role, Optional<Path> file) {
        String variable = environment.getOrDefault("TIDEMARK_" + role + "_PASSWORD", "");
        return variable.isEmpty() ? file.map(this::content) : Optional.of(variable);
    }

    private String content(Path file) {
        try {
            warnIfOthersCanRead(file);
            // Editors end a file with a line end that is no part of the password.
            String password = Files.readString(file).replaceFirst("\\r?\\n\\z", "");
            if (password.isEmpty()) {
                throw TidemarkException.usage(
                        "the password file " + file + " is empty",
                        "Write the password into it, or take the setting out of the configuration.");
            }
            return password;
        } catch (IOException e) {
            throw TidemarkException.usage(
                    "cannot read the password file "
                            + file
                            + ": "
                            + TidemarkException.reason(e, file),
                    "Check that it exists, is text in UTF-8, and that you may read it.");
        }
    }

    private void warnIfOthersCanRead(Path file) throws IOException {
        var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null
                && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
            warnings.accept(
                    "every user of this machine can read the password file "
                            + file
                            + ": run 'chmod 600' on it");
        }
    }
}

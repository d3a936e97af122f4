package dev.tidemark.cli.command;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** What a restore builds, as {@code --into} names it. */
sealed interface RestoreInto {
    /** Of a database; empty for a file. */
    default Optional<DatabaseUrl> url() {
        return switch (this) {
            case OfDatabase(DatabaseUrl of) -> Optional.of(of);
            case OfFile(Kind kind, Path path) -> Optional.empty();
        };
    }

    /** A database on a server. */
    record OfDatabase(DatabaseUrl of) implements RestoreInto {
        @Override
        public String toString() {
            return of.toString();
        }
    }

    /**
     * A file.
     *
     * @param path perhaps relative
     */
    record OfFile(Kind kind, Path path) implements RestoreInto {
        @Override
        public String toString() {
            return kind.prefix + path;
        }
    }

    /** The kinds of files. */
    enum Kind {
        /** Typed tables, to look at. */
        DUCKDB("duckdb:"),
        /** Statements. */
        SQL("sql:");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    /**
     * Reads one.
     *
     * @throws TidemarkException (usage) when it is none
     */
    static RestoreInto parse(String text) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.prefix)) {
                return new OfFile(kind, path(text, text.substring(kind.prefix.length())));
            }
        }
        if (!text.startsWith("postgres")) {
            throw TidemarkException.usage(
                    "not something to restore into: " + DatabaseUrl.withoutSecret(text),
                    "Give postgresql://user@host:5432/database, duckdb:FILE or sql:FILE.");
        }
        return new OfDatabase(DatabaseUrl.parse(text));
    }

    private static Path path(String text, String path) {
        try {
            if (path.isEmpty() || path.endsWith("/") || path.startsWith("//")) {
                throw noFile(text);
            }
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw noFile(text);
        }
    }

    private static TidemarkException noFile(String text) {
        return TidemarkException.usage(
                "%s names no file".formatted(text),
                "Give the name of a new file behind the colon, such as duckdb:crm.duckdb.");
    }
}

package dev.tidemark.replay.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What somebody says of the tables of an application, before it is known what there is.
 * docs/profile.md describes the format. Immutable.
 */
public final class ProfileFile {
    /** Those that come with Tidemark, by their names. */
    public static final List<String> READY = List.of("espocrm", "odoo", "suitecrm", "twenty");

    private static final long BYTES_MAX = 4 * 1024 * 1024; // ten thousand tables take less

    private final Content content;

    /** Who wrote it. */
    enum Author {
        /** What it names has to be there. */
        USER,
        /** It speaks of modules that may not be there. */
        TIDEMARK
    }

    /**
     * What one file says.
     *
     * @param name for messages
     * @param extending the ready one that it goes before
     * @param all of all tables
     * @param tables of some, in the file's order
     */
    record Content(
            String name,
            Author author,
            Optional<String> extending,
            Rules all,
            List<TableRules> tables,
            Optional<UsersRule> users,
            List<VirtualReference> references,
            List<CustomFieldsRule> customFields) {
        Content {
            tables = List.copyOf(tables);
            references = List.copyOf(references);
            customFields = List.copyOf(customFields);
        }

        /** The name without folders, for who reads what it says. */
        String source() {
            return name.substring(name.lastIndexOf('/') + 1);
        }
    }

    ProfileFile(Content content) {
        this.content = content;
    }

    Content content() {
        return content;
    }

    /** For messages. */
    public String name() {
        return content.name();
    }

    /**
     * Reads one that a user wrote.
     *
     * @throws TidemarkException (usage) with all that is wrong in it
     */
    public static ProfileFile read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw TidemarkException.usage(
                        "the profile %s has more than %d bytes".formatted(file, BYTES_MAX),
                        "Give a file that says what your tables hold; docs/profile.md describes it.");
            }
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw TidemarkException.usage(
                    "cannot read the profile %s: %s"
                            .formatted(file, TidemarkException.reason(e, file)),
                    "Check that it exists, is text in UTF-8, and that you may read it.");
        }
    }

    /** The same from its text. */
    static ProfileFile parse(String yaml, String name) {
        return new ProfileFile(new ProfileFileReader(name, Author.USER).read(yaml));
    }

    /** One of {@link #READY}. */
    public static ProfileFile ready(String name) {
        return new ProfileFile(new ProfileFileReader(name, Author.TIDEMARK).read(text(name)));
    }

    /** A ready one as it is written. */
    public static String text(String ready) {
        try (InputStream in = ProfileFile.class.getResourceAsStream(ready + ".yaml")) {
            if (in == null || !READY.contains(ready)) {
                throw new IllegalArgumentException("no ready profile " + ready);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

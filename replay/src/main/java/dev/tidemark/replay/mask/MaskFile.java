package dev.tidemark.replay.mask;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody decided about the tables of a database, before it is known what there is.
 * docs/masks.md describes the format.
 *
 * @param name for messages
 * @param keyFile where the key is
 * @param locale of invented names
 * @param tables by {@code schema.name}
 */
public record MaskFile(
        String name, Optional<Path> keyFile, Locale locale, Map<String, TableMask> tables) {
    private static final long BYTES_MAX = 16 * 1024 * 1024; // a thousand tables take a tenth of it

    public MaskFile {
        tables = Map.copyOf(tables);
    }

    /**
     * Reads one.
     *
     * @throws TidemarkException (usage) with all that is wrong in it
     */
    public static MaskFile read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw TidemarkException.usage(
                        "the mask file %s has more than %d bytes".formatted(file, BYTES_MAX),
                        "Give a file that says what each column shall be; docs/masks.md describes it.");
            }
            return parse(Files.readString(file), file);
        } catch (IOException e) {
            throw TidemarkException.usage(
                    "cannot read the mask file %s: %s"
                            .formatted(file, TidemarkException.reason(e, file)),
                    "Check that it exists, is text in UTF-8, and that you may read it.");
        }
    }

    /**
     * The same from its text.
     *
     * @param file in whose folder a relative key-file is
     */
    static MaskFile parse(String yaml, Path file) {
        return new MaskFileReader(file).read(yaml);
    }
}

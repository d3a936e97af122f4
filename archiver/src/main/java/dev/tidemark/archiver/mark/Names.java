package dev.tidemark.archiver.mark;

import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.schemas.TidemarkException;

/** Names that people give. */
final class Names {
    private Names() {}

    /**
     * Can it be one?
     *
     * @param what it would name, for people
     */
    static void check(String what, String name) {
        if (!Mark.isName(name)) {
            throw TidemarkException.usage(
                    "not a name of a %s: '%s'".formatted(what, name),
                    "Up to %d characters without control characters, and no space at either end."
                            .formatted(Mark.NAME_MAX));
        }
    }
}

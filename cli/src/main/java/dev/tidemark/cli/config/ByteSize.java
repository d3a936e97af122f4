package dev.tidemark.cli.config;

import dev.tidemark.schemas.TidemarkException;

/** Reads a size on the command line as the configuration has sizes. */
public final class ByteSize {
    private ByteSize() {}

    /**
     * In bytes.
     *
     * @throws TidemarkException (usage) when it is none
     */
    public static long parse(String text) {
        try {
            return ValueType.size(text);
        } catch (IllegalArgumentException e) {
            throw TidemarkException.usage(
                    "not a size: '" + text + "'", "Write it as 500kB, 64MiB or 1GiB.");
        }
    }
}

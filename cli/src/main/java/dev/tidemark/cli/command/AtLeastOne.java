package dev.tidemark.cli.command;

import dev.tidemark.schemas.TidemarkException;
import picocli.CommandLine.ITypeConverter;

/** Reads an option that counts something. */
final class AtLeastOne implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw TidemarkException.usage(
                    "not a number of at least 1: '" + text + "'",
                    "Write digits only, such as 8 or 1000.");
        }
        return Integer.valueOf(text);
    }
}

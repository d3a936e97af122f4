package dev.tidemark.cli.command;

import dev.tidemark.cli.config.ByteSize;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.schemas.TidemarkException;
import picocli.CommandLine.ITypeConverter;

/** Reads how much memory changes may take while a moment is computed. */
final class FoldBytes implements ITypeConverter<Long> {
    private static final long BYTES_MIN = 1 << 20; // less would write a file for a few rows

    /** The other part is for files that are read and written meanwhile. */
    private static final int HEAP_PART = 2;

    @Override
    public Long convert(String text) {
        long bytes = ByteSize.parse(text);
        long most = Runtime.getRuntime().maxMemory() / HEAP_PART;
        if (bytes < BYTES_MIN || bytes > most) {
            throw TidemarkException.usage(
                    "--memory %s is not between %s and %s, half of the heap"
                            .formatted(text, Figures.bytes(BYTES_MIN), Figures.bytes(most)),
                    "Give another size, or a larger heap with TIDEMARK_HEAP.");
        }
        return bytes;
    }
}

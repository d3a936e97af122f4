package dev.tidemark.cli.command;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;

/** What a command says when reading the archive breaks off. */
final class ArchiveErrors {
    private ArchiveErrors() {}

    static TidemarkException reading(IOException e) {
        return TidemarkException.failed(
                "reading the archive broke off: " + TidemarkException.reason(e),
                "Check that the archive can be reached and that temporary-directory has room.",
                e);
    }
}

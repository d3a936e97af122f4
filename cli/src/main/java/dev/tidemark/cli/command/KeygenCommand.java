package dev.tidemark.cli.command;

import dev.tidemark.archive.crypt.KeyEncryptionKey;
import dev.tidemark.archive.crypt.LocalKey;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark keygen}. */
@Command(
        name = "keygen",
        header = "Make a key.",
        description = {
            "%nWrites it into a new file that only you can read. Needs no configuration, and never writes over a file."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark keygen --encryption crm.key"})
final class KeygenCommand implements TidemarkCommand {
    @Option(
            names = "--encryption",
            paramLabel = "FILE",
            description =
                    "A key for encryption.key-file: whoever has it can read the archive, and without it nobody can.")
    Optional<Path> encryption = Optional.empty();

    @Override
    public ExitCode run(CommandContext context) {
        if (encryption.isEmpty()) {
            throw TidemarkException.usage(
                    "it was not said what the key is for", "Write --encryption FILE.");
        }
        encryption.ifPresent(file -> makeEncryptionKey(context, file));
        return ExitCode.DONE;
    }

    private static void makeEncryptionKey(CommandContext context, Path file) {
        KeyEncryptionKey key = LocalKey.generate(context.directory().resolve(file));
        context.out()
                .printf(
                        """
                        The key %s is in %s.
                        Keep a copy of it where neither this machine nor the archive's storage can lose it: without the key
                        nobody can read what it encrypts.
                        """,
                        key.id(), file);
    }
}

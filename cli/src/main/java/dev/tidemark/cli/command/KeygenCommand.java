package dev.tidemark.cli.command;

import dev.tidemark.archive.crypt.KeyEncryptionKey;
import dev.tidemark.archive.crypt.LocalKey;
import dev.tidemark.archive.proof.SigningKey;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark keygen}. */
@Command(
        name = "keygen",
        header = "Make a key for the archive.",
        description = {
            "%nWith --signing: the private key that what is published is signed with, in a file that only you may read, and its"
                    + " public half in FILE.pub, for those who verify.",
            "%nWith --encryption: the key that everything is encrypted with, in a file that only you may read.",
            "%nWith --mask: the key that masked values of 'tidemark restore --mask' depend on.",
            "%nNeeds no configuration, and never writes over a file."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark keygen --signing /etc/tidemark/signing.pem",
            "  tidemark keygen --encryption /etc/tidemark/crm.key",
            "  tidemark keygen --mask /etc/tidemark/masks.key"
        })
final class KeygenCommand implements TidemarkCommand {
    @ArgGroup(multiplicity = "1")
    Kind kind = new Kind();

    /** What the key is for. */
    static final class Kind {
        // No Optional here: picocli takes one as given, and the group as complete.
        @Option(
                names = "--signing",
                paramLabel = "FILE",
                description = "Where to write a new private key for signatures.")
        String signing = "";

        @Option(
                names = "--encryption",
                paramLabel = "FILE",
                description =
                        "Where to write a new key for encryption.key-file: whoever has it can read the archive, and without it"
                                + " nobody can.")
        String encryption = "";

        @Option(
                names = "--mask",
                paramLabel = "FILE",
                description =
                        "Where to write a new key for the key-file of a mask file, or for TIDEMARK_MASK_KEY: whoever has it can find"
                                + " out what a guessed value became.")
        String mask = "";
    }

    @Override
    public ExitCode run(CommandContext context) {
        if (!kind.mask.isEmpty()) {
            LocalKey.generate(context.directory().resolve(kind.mask));
            context.out()
                    .printf("The masks' key is in %s. It has no place in staging.%n", kind.mask);
        } else if (kind.encryption.isEmpty()) {
            makeSigningKey(context, Path.of(kind.signing));
        } else {
            makeEncryptionKey(context, Path.of(kind.encryption));
        }
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

    private static void makeSigningKey(CommandContext context, Path name) {
        Path file = context.directory().resolve(name);
        Path publicFile = SigningKey.create(file);
        context.out()
                .printf(
                        """
                        private key  %s
                        public key   %s

                        Those who write the archive need the private key (proof.signing-key), and nobody else: not the storage,
                        and no backup in it. Should it get lost, make another one, and let who verifies trust both.
                        Give the public key to whoever verifies (proof.trusted-keys), on a way that the storage has no part in.
                        """,
                        file, publicFile);
    }
}

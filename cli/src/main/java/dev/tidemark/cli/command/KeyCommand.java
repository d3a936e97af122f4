package dev.tidemark.cli.command;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.crypt.KeyEncryptionKey;
import dev.tidemark.archive.crypt.Keyring;
import dev.tidemark.archive.crypt.LocalKey;
import dev.tidemark.archive.manifest.ArchiveKeys;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.cli.config.EncryptionSettings;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark key}. */
@Command(
        name = "key",
        header = "Look at the key of an encrypted archive, or exchange it.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {KeyCommand.Show.class, KeyCommand.Rotate.class},
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark key show", "  tidemark key rotate --to new.key --key-kept-elsewhere"})
final class KeyCommand {
    @Command(
            name = "show",
            header = "Which key opens the archive?",
            description =
                    "%nOpens it with the key of the configuration, and prints the key's id and how many data keys it wraps."
                            + " Never prints a key.",
            footerHeading = "%nExamples:%n",
            footer = {"  tidemark key show", "  tidemark key show --json"})
    static final class Show implements TidemarkCommand {
        @Option(names = "--json", description = "Print the result as JSON.")
        boolean isJson;

        /** What --json prints. */
        private record Shown(String archive, String key, int dataKeys) {}

        @Override
        public ExitCode run(CommandContext context) {
            Parts parts = context.parts(Section.ARCHIVE);
            try (ObjectStore store = parts.store()) {
                Keyring keyring = ArchiveKeys.of(store, parts.keys());
                Shown shown = new Shown(store.url(), keyring.neededKey(), keyring.dataKeys());
                if (isJson) {
                    context.printJson(shown);
                } else {
                    context.out()
                            .printf(
                                    "The archive %s is encrypted with the key %s, which wraps %s.%n",
                                    shown.archive(),
                                    shown.key(),
                                    Figures.counted(shown.dataKeys(), "data key"));
                }
                return ExitCode.DONE;
            } catch (IOException e) {
                throw ArchiveErrors.reading(e);
            }
        }
    }

    @Command(
            name = "rotate",
            header = "Exchange the key of an encrypted archive. No file is written anew.",
            description = {
                "%nWraps the archive's data keys with the key of --to. From then on that one opens the archive, and the key"
                        + " of the configuration no more. Put the new key into the file of encryption.key-file: services"
                        + " that are at work take it from there. Where another file or variable is to hold it, change the"
                        + " configuration and start the services anew; a service that is at work goes on meanwhile.",
                "%nWith kafka.encrypt-values: keep the old key as encryption.previous-key-file, until all that was captured"
                        + " with it is archived.",
                "%nWith --data-key the archive gets another data key as well, or alone: services encrypt with it within"
                        + " five minutes. Whoever had the old key and a copy of"
                        + " the archive can read what is encrypted with data keys of before, for ever."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  tidemark key rotate --to new.key --key-kept-elsewhere",
                "  tidemark key rotate --to-env NEW_KEY --data-key --key-kept-elsewhere",
                "  tidemark key rotate --data-key"
            })
    static final class Rotate implements TidemarkCommand {
        @Option(
                names = "--to",
                paramLabel = "FILE",
                description = "The new key, as 'tidemark keygen --encryption' makes it.")
        Optional<Path> file = Optional.empty();

        @Option(
                names = "--to-env",
                paramLabel = "NAME",
                description = "The variable of the environment that holds the new key.")
        Optional<String> variable = Optional.empty();

        @Option(names = "--data-key", description = "Add a data key for files from now on.")
        boolean isDataKeyAdded;

        @Option(
                names = KeptElsewhere.OPTION,
                description =
                        "There is a copy of the new key that neither this machine nor the archive's storage can lose.")
        boolean isKeyKeptElsewhere;

        @Override
        public ExitCode run(CommandContext context) {
            refuseWhatDoesNotFit();
            Parts parts = context.parts(Section.ARCHIVE);
            Optional<KeyEncryptionKey> next = next(context, parts);
            next.ifPresent(new KeptElsewhere(isKeyKeptElsewhere)::insist);
            try (ObjectStore store = parts.store()) {
                rotate(context, parts, store, next);
                return ExitCode.DONE;
            } catch (IOException e) {
                throw TidemarkException.failed(
                        "exchanging the keys of the archive broke off: "
                                + TidemarkException.reason(e),
                        "Either the old key opens the archive or the new one; 'tidemark key show' tells. Run it again.",
                        e);
            }
        }

        private void refuseWhatDoesNotFit() {
            if (file.isPresent() && variable.isPresent()) {
                throw TidemarkException.usage(
                        "--to and --to-env both name the new key", "Leave one of them out.");
            }
            if (file.isEmpty() && variable.isEmpty() && !isDataKeyAdded) {
                throw TidemarkException.usage(
                        "it was not said what to exchange",
                        "Write --to FILE or --to-env NAME for another key, --data-key for another data key.");
            }
        }

        private Optional<KeyEncryptionKey> next(CommandContext context, Parts parts) {
            return file.map(name -> LocalKey.read(context.directory().resolve(name)))
                    .or(
                            () ->
                                    variable.map(
                                            name ->
                                                    EncryptionSettings.inVariable(
                                                            parts.databases().environment(),
                                                            name)));
        }

        /** The data key first: so it is wrapped by the old key for a moment only. */
        private void rotate(
                CommandContext context,
                Parts parts,
                ObjectStore store,
                Optional<KeyEncryptionKey> next)
                throws IOException {
            Keyring keyring = ArchiveKeys.of(store, held(parts, next));
            if (isDataKeyAdded) {
                keyring.addDataKey(context.clock().instant());
                context.out()
                        .println(
                                "The archive has another data key: services that are at work use it within five minutes.");
            }
            if (next.isPresent()) {
                keyring.rotate(next.get(), context.clock().instant());
                context.out()
                        .printf(
                                "The key %s opens the archive %s from now on, and no other: set encryption.key-file or encryption.key-env to it.%n",
                                next.get().id(), store.url());
            }
        }

        /** The new one too: a run that broke off may have wrapped with it already. */
        private static KeyChain held(Parts parts, Optional<KeyEncryptionKey> next) {
            return next.isEmpty() ? parts.keys() : parts.keys().and(next.get());
        }
    }
}

package dev.tidemark.cli.wiring;

import dev.tidemark.archive.access.AccessEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What a command asks of an archive, for the access log. Immutable.
 *
 * @param reader who asks; empty when nobody wants it to be logged
 * @param command its name
 * @param text what is asked where the arguments do not have it
 */
public record Inquiry(
        Optional<String> reader, String command, List<String> arguments, Optional<String> text) {
    /** Nothing is logged. */
    static final Inquiry NONE = new Inquiry(Optional.empty(), "", List.of(), Optional.empty());

    public Inquiry {
        arguments = List.copyOf(arguments);
    }

    Inquiry saying(String said) {
        return new Inquiry(reader, command, arguments, Optional.of(said));
    }

    /**
     * Notes it in the archive, before anything is answered.
     *
     * @throws TidemarkException (refused) when it cannot be noted
     */
    void note(Archive archive, Clock clock) {
        if (reader.isEmpty()) {
            return;
        }
        AccessEntry entry =
                new AccessEntry(
                        AccessEntry.FORMAT,
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        reader.get(),
                        System.getProperty("user.name"),
                        command,
                        arguments,
                        text,
                        archive.state().last());
        try {
            archive.access().add(entry);
        } catch (IOException | TidemarkException e) {
            throw TidemarkException.refused(
                    "this cannot be logged in access/%s/ of %s: %s"
                            .formatted(reader.get(), archive.url(), TidemarkException.reason(e)),
                    "Nothing is answered that is not logged, as access.reader of the configuration wants it. Give the reader the"
                            + " right to write below access/%s/, and nowhere else."
                                    .formatted(reader.get()),
                    e);
        }
    }
}

package dev.tidemark.archive.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that was asked of an archive, see docs/format.md.
 *
 * @param time when, by the clock of who asked
 * @param reader who asks, by the configuration; the entry's folder has the same name
 * @param user the same, by the operating system
 * @param command its name
 * @param arguments of the command
 * @param text what was asked, where it is not among the arguments: SQL from a file or a prompt
 * @param manifest the number of the newest manifest then; −1 for none
 */
public record AccessEntry(
        int format,
        Instant time,
        String reader,
        String user,
        String command,
        List<String> arguments,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> text,
        long manifest) {
    /** The format that this version writes. */
    public static final int FORMAT = 1;

    /** Refuses what lacks a field: whoever may write there can write anything. */
    public AccessEntry {
        for (Object field : new Object[] {time, reader, user, command, arguments, text}) {
            if (field == null) {
                throw new IllegalArgumentException("an entry of the access log lacks a field");
            }
        }
        arguments = List.copyOf(arguments);
    }
}

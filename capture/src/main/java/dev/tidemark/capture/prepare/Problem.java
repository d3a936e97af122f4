package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.TidemarkException;

/**
 * Something about a source, or the way from it to the archive, that makes a later restore inexact
 * or impossible.
 *
 * @param what lower case, without a full stop
 * @param hint what to do, in whole sentences
 */
public record Problem(Severity severity, String what, String hint) {
    /** How bad it is. */
    public enum Severity {
        /** Capture cannot start, or would lose changes. */
        ERROR,
        /** Something is left out or may go wrong later. */
        WARNING
    }

    public static Problem error(String what, String hint) {
        return new Problem(Severity.ERROR, what, hint);
    }

    /** An error that stood in the way of a look. */
    public static Problem of(TidemarkException error) {
        return error(String.valueOf(error.getMessage()), error.hint());
    }

    public static Problem warning(String what, String hint) {
        return new Problem(Severity.WARNING, what, hint);
    }
}

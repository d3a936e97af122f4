package dev.tidemark.capture.prepare;

/**
 * Something about a source that makes a later restore inexact or impossible.
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

    static Problem error(String what, String hint) {
        return new Problem(Severity.ERROR, what, hint);
    }

    static Problem warning(String what, String hint) {
        return new Problem(Severity.WARNING, what, hint);
    }
}

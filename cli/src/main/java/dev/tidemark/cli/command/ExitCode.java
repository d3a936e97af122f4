package dev.tidemark.cli.command;

import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.schemas.TidemarkException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How a command ended, for the shell. */
public enum ExitCode {
    DONE(0, "done"),
    NO(1, "the answer is no: something differs, problems were found"),
    USAGE(2, "wrong usage: the command line or the configuration"),
    REFUSED(3, "refused: bad input, an unmet precondition, a gap; nothing was changed"),
    FAILED(4, "failed: something broke on the way"),
    UNSIGNED(5, "verify: a manifest is not signed by a trusted key"),
    MISSING(6, "verify: a manifest or file is missing"),
    ALTERED(7, "verify: a manifest or file was altered"),
    DIVERGED(8, "verify: the archive is not the one that the anchor knows, or was rolled back"),
    /** As a shell reports a program that Ctrl-C ended. */
    INTERRUPTED(130, "interrupted by Ctrl-C or SIGTERM");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    public static ExitCode of(TidemarkException.Kind kind) {
        return switch (kind) {
            case USAGE -> USAGE;
            case REFUSED -> REFUSED;
            case FAILED -> FAILED;
        };
    }

    static ExitCode of(Verdict verdict) {
        return switch (verdict) {
            case GOOD -> DONE;
            case INCONSISTENT -> NO;
            case UNSIGNED, UNTRUSTED -> UNSIGNED;
            case MISSING -> MISSING;
            case ALTERED -> ALTERED;
            case DIVERGED -> DIVERGED;
        };
    }

    /** All of them, one a line, for the help. */
    static String table() {
        return Arrays.stream(values())
                .map(code -> "  %3d  %s".formatted(code.number, code.meaning))
                .collect(Collectors.joining("\n"));
    }
}

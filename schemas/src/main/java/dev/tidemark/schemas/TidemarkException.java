package dev.tidemark.schemas;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An error as a user meets it: what failed, on which thing, with the values (lower case, no full
 * stop), and a hint that says what to do (whole sentences).
 *
 * <p>It is thrown where the cause is known and printed once, by {@code main}, which turns the
 * {@link Kind} into the exit code.
 */
public final class TidemarkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Who has to act, and so the exit code. */
    public enum Kind {
        /** The command line or the configuration is wrong. */
        USAGE,
        /**
         * The request is understood and declined: bad input, an unmet precondition, a gap. Nothing
         * was changed.
         */
        REFUSED,
        /** Something broke on the way. */
        FAILED
    }

    private final Kind kind;
    private final String hint;

    private TidemarkException(Kind kind, String message, String hint, Throwable... causes) {
        super(message);
        this.kind = kind;
        this.hint = hint;
        if (causes.length > 0) {
            initCause(causes[0]);
        }
    }

    public static TidemarkException usage(String message, String hint) {
        return new TidemarkException(Kind.USAGE, message, hint);
    }

    public static TidemarkException refused(String message, String hint) {
        return new TidemarkException(Kind.REFUSED, message, hint);
    }

    public static TidemarkException refused(String message, String hint, Throwable cause) {
        return new TidemarkException(Kind.REFUSED, message, hint, cause);
    }

    public static TidemarkException failed(String message, String hint) {
        return new TidemarkException(Kind.FAILED, message, hint);
    }

    public static TidemarkException failed(String message, String hint, Throwable cause) {
        return new TidemarkException(Kind.FAILED, message, hint, cause);
    }

    /** The same error, with more in its hint. */
    public TidemarkException hinting(String more) {
        return new TidemarkException(kind, String.valueOf(getMessage()), hint + " " + more, this);
    }

    public Kind kind() {
        return kind;
    }

    public String hint() {
        return hint;
    }

    /**
     * The message of this error or, for another, of the deepest cause that has one: what a log line
     * or a wrapper should say.
     */
    public static String reason(Throwable error) {
        Throwable deepest = error;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        String message =
                switch (deepest) {
                    case FileSystemException file -> String.join(": ", nameOf(file), why(file));
                    case CharacterCodingException coding -> "it is not text in UTF-8";
                    default -> deepest.getMessage();
                };
        return message == null ? deepest.getClass().getSimpleName() : message.strip();
    }

    /**
     * The error's own message where that ends with the reason, and so says more; else the reason
     * alone: what a log line should say of an error that nobody has put into words.
     */
    public static String messageOf(Throwable error) {
        String reason = reason(error);
        String message = String.valueOf(error.getMessage());
        boolean isOfJava = message.contains("Exception: "); // a cause, told by its class
        return message.endsWith(": " + reason) && !isOfJava ? message : reason;
    }

    /** The reason, of an error whose message names this file already. */
    public static String reason(Throwable error, Path named) {
        String reason = reason(error);
        String name = named + ": ";
        return reason.startsWith(name) ? reason.substring(name.length()) : reason;
    }

    private static String nameOf(FileSystemException error) {
        return Stream.of(error.getFile(), error.getOtherFile())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" -> "));
    }

    /** Where the operating system's error has a class of its own, the JDK leaves out its words. */
    private static String why(FileSystemException error) {
        if (error.getReason() != null) {
            return error.getReason();
        }
        return switch (error) {
            case NoSuchFileException e -> "no such file or directory";
            case AccessDeniedException e -> "permission denied";
            case FileAlreadyExistsException e -> "a file with this name exists";
            case DirectoryNotEmptyException e -> "the directory is not empty";
            default -> error.getClass().getSimpleName();
        };
    }
}

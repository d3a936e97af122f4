package dev.tidemark.cli.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;

/** Shows what is longer than the terminal page by page, by the program that the user has for it. */
final class Pager {
    private final String program;

    /**
     * @param program as {@code PAGER} names it, with its options
     */
    Pager(String program) {
        this.program = program;
    }

    /**
     * Shows a text until the user has seen enough.
     *
     * @return false when there is no such program
     */
    boolean show(String text) throws InterruptedException {
        try {
            Process pager =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "command -v ${1%% *} >/dev/null || exit 127; exec $1",
                                    "sh",
                                    program)
                            .redirectOutput(Redirect.INHERIT)
                            .redirectError(Redirect.INHERIT)
                            .start();
            write(pager, text);
            return pager.waitFor() != 127;
        } catch (IOException e) {
            return false; // not started: there is no sh
        }
    }

    private static void write(Process pager, String text) {
        try (OutputStream in = pager.getOutputStream()) {
            in.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            // It was left before the end.
        }
    }
}

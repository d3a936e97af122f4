package dev.tidemark.cli.embedded;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The environment of a server that we start: what finds programs and folders, and says how to write
 * text, and nothing else. Whatever is secret in ours, under whatever name, is no concern of a
 * server's, whose environment others may be shown.
 */
final class ChildEnvironment {
    private static final Set<String> KEPT =
            Set.of(
                    "PATH",
                    "HOME",
                    "USER",
                    "LOGNAME",
                    "SHELL",
                    "TMPDIR",
                    "LANG",
                    "LANGUAGE",
                    "TZ",
                    "TZDIR",
                    "LOCALE_ARCHIVE",
                    "LD_LIBRARY_PATH",
                    "DYLD_LIBRARY_PATH",
                    "JAVA_HOME",
                    "SystemRoot");

    private static final Pattern LOCALE = Pattern.compile("LC_[A-Z]+");

    private ChildEnvironment() {}

    /** Takes everything else out of what a child would inherit. */
    static ProcessBuilder cleaned(ProcessBuilder builder) {
        builder.environment()
                .keySet()
                .removeIf(name -> !KEPT.contains(name) && !LOCALE.matcher(name).matches());
        return builder;
    }
}

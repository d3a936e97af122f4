package dev.tidemark.cli.embedded;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How a program that refuses to run as root is run by root nevertheless. PostgreSQL does, for the
 * good reason that who breaks into it would own the machine; a throw-away server on the loopback of
 * a container is where that must not stop anybody.
 */
enum Unprivileged {
    /** We are not root. */
    AS_IS,
    /** Still root outside, but nobody in particular in a user namespace of its own (Linux). */
    USER_NAMESPACE,
    /** As the user "nobody", where namespaces are forbidden, as in most containers. */
    OTHER_USER;

    /** The user "nobody" on every Linux. */
    static final int NOBODY = 65_534;

    /** The trial runs {@code true}, which takes milliseconds. */
    private static final int TRIAL_SECONDS_MAX = 10;

    /** The first way that works here. */
    static Unprivileged here() {
        List<Unprivileged> ways =
                switch (System.getProperty("user.name")) {
                    case "root" -> List.of(USER_NAMESPACE, OTHER_USER);
                    // A number without a name, as containers have it; PostgreSQL insists on a name.
                    case "?" -> List.of(USER_NAMESPACE);
                    default -> List.of(AS_IS);
                };
        return ways.stream()
                .filter(Unprivileged::works)
                .findFirst()
                .orElseThrow(
                        () ->
                                TidemarkException.refused(
                                        "PostgreSQL does not run as root or as a user without a"
                                                + " name, and no other user can be taken here",
                                        "Run the command as an ordinary user."));
    }

    /** The words that go before the program's own command line. */
    List<String> prefix() {
        return switch (this) {
            case AS_IS -> List.of();
            case USER_NAMESPACE -> List.of("unshare", "--user");
            case OTHER_USER ->
                    List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        };
    }

    /** Lets the program write to a folder of ours. */
    void admit(Path folder) throws IOException {
        if (this == OTHER_USER) {
            FileTrees.giveTo(NOBODY, folder);
        }
    }

    /** Where binaries are cached: a folder of the user's, but one that the program can reach. */
    Path cache() {
        Map<String, String> environment = System.getenv();
        String named = environment.get("TIDEMARK_CACHE");
        if (named != null) {
            return Path.of(named);
        }
        if (this == OTHER_USER) {
            return Path.of("/var/cache/tidemark");
        }
        String caches = environment.get("XDG_CACHE_HOME");
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        return (caches == null ? Path.of(home, ".cache") : Path.of(caches)).resolve("tidemark");
    }

    private boolean works() {
        if (this == AS_IS) {
            return true;
        }
        List<String> trial = new ArrayList<>(prefix());
        trial.add("true");
        try {
            Process process =
                    new ProcessBuilder(trial)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(TRIAL_SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            // The tool is not installed.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** True when the tool is in a folder of the search path. */
    static boolean isInstalled(String tool) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}

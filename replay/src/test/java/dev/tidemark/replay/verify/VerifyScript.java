package dev.tidemark.replay.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code docs/verify.py}. */
final class VerifyScript {
    static final Path FILE = Path.of("..", "docs", "verify.py");

    private VerifyScript() {}

    record Outcome(int code, String text) {}

    static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder(
                                    "python3",
                                    "-c",
                                    "import sys; sys.exit(sys.version_info < (3, 8))")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Puts all objects of a store into a folder, which the script can read. */
    static void copy(ObjectStore store, Path folder) throws IOException {
        for (String name : store.list("", "", 10_000)) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, store.get(name));
        }
    }

    static Outcome run(Path folder, List<String> options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("python3", FILE.toString(), folder.toString()));
        command.addAll(options);
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(python.getInputStream().readAllBytes(), UTF_8);
        return new Outcome(python.waitFor(), text);
    }

    static int code(Verdict verdict) {
        return switch (verdict) {
            case GOOD -> 0;
            case INCONSISTENT -> 1;
            case UNSIGNED, UNTRUSTED -> 5;
            case MISSING -> 6;
            case ALTERED -> 7;
            case DIVERGED -> 8;
        };
    }
}

package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds docs/architecture.md, reliability.md and runbook.md against the sources: what they name in
 * backticks must exist. A word there is taken for a type when it begins with an upper-case letter
 * and has a lower-case one, for a package or a key of the configuration when it begins with a
 * module's or section's name and a dot.
 */
final class ArchitectureDocTest {
    private static final Path TOP = Path.of("..");
    private static final List<String> MODULES =
            List.of("schemas", "archive", "capture", "archiver", "replay", "cli");

    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern TYPE =
            Pattern.compile("(?=.*[a-z])[A-Z][A-Za-z0-9]*(\\.[A-Za-z][A-Za-z0-9]*)?");
    private static final Pattern DOTTED =
            Pattern.compile(
                    "(schemas|archive|capture|archiver|replay|cli|source|kafka|segment)(\\.[a-z0-9-]+)+");

    /** Sources by the name of their type. */
    private final Map<String, Path> sources = new TreeMap<>();

    private final TreeSet<String> packages = new TreeSet<>();

    ArchitectureDocTest() {
        for (String module : MODULES) {
            for (String part : List.of("main", "test")) {
                read(TOP.resolve(module).resolve("src/" + part + "/java/dev/tidemark"));
            }
        }
    }

    private void read(Path folder) {
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(
                            file -> {
                                sources.put(
                                        file.getFileName().toString().replace(".java", ""), file);
                                packages.add(
                                        folder.relativize(file.resolveSibling(""))
                                                .toString()
                                                .replace('/', '.'));
                            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyTypeAndTestThatIsNamedExists() throws IOException {
        assertThat(named(TYPE.asMatchPredicate()).filter(name -> !exists(name))).isEmpty();
    }

    @Test
    void everyPackageAndKeyThatIsNamedExists() throws IOException {
        String configuration = Files.readString(TOP.resolve("docs/configuration.md"));

        assertThat(
                        named(DOTTED.asMatchPredicate())
                                .filter(name -> !packages.contains(name))
                                .filter(name -> !configuration.contains("`" + name + "`")))
                .isEmpty();
    }

    @Test
    void everyFileThatIsLinkedExists() throws IOException {
        assertThat(
                        Pattern.compile("\\]\\(([^)#:]+)[^):]*\\)")
                                .matcher(document())
                                .results()
                                .map(link -> link.group(1))
                                .filter(file -> Files.notExists(TOP.resolve("docs").resolve(file))))
                .isEmpty();
    }

    @Test
    void everyPackageHasItsLine() throws IOException {
        String document = document();

        assertThat(packages)
                .allMatch(name -> isTestOnly(name) || document.contains("`" + name + "`"));
    }

    private boolean isTestOnly(String name) {
        return sources.values().stream()
                .filter(file -> file.toString().contains("/src/main/"))
                .map(file -> file.resolveSibling("").toString().replace('/', '.'))
                .noneMatch(folder -> folder.endsWith(".dev.tidemark." + name));
    }

    private static Stream<String> named(Predicate<String> kind) throws IOException {
        return CODE.matcher(FENCED.matcher(document()).replaceAll(""))
                .results()
                .map(code -> code.group(1))
                .filter(kind)
                .distinct();
    }

    private static String document() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("architecture", "reliability", "runbook")) {
            all.append(Files.readString(TOP.resolve("docs/" + name + ".md"))).append('\n');
        }
        return all.toString();
    }

    /** {@code Type}, {@code Type.Nested} or {@code Type.method}. */
    private boolean exists(String name) {
        String[] parts = name.split("\\.", 2);
        Optional<Path> source = Optional.ofNullable(sources.get(parts[0]));
        if (source.isEmpty() || parts.length == 1) {
            return source.isPresent();
        }
        Pattern member =
                Pattern.compile(
                        "(class|record|interface|enum|void) "
                                + parts[1]
                                + "\\b|\\b"
                                + parts[1]
                                + "\\(");
        try {
            return member.matcher(Files.readString(source.get())).find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

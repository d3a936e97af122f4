package dev.tidemark.cli.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.cli.embedded.Release;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What pg_dump says of a database: an outside oracle, where one of the server's own major version
 * or a later one is installed. Older ones refuse a newer server.
 *
 * <p>A dump is taken apart into its entries, one an object, since their order depends on the
 * numbers of objects, which a restore does not keep. Left out is what belongs to Tidemark, where
 * sequences stand, which is sampled, and user mappings, whose secrets are not held.
 */
public final class PgDump {
    private static final Map<Integer, Optional<Path>> FOUND = new ConcurrentHashMap<>();
    private static final Pattern HEADER =
            Pattern.compile(
                    "(?m)^--\\n-- (?:Data for )?Name: (.*); Type: ([A-Z ]+); Schema: .*\\n--\\n");

    /** The name of a trigger that PostgreSQL made, which ends with its number. */
    private static final Pattern OF_CONSTRAINT =
            Pattern.compile("((?:RI|PK|Unique)_ConstraintTrigger_(?:[ac]_)?)\\d+");

    /** Types of entries whose lines come in an order that says nothing. */
    private static final Set<String> UNORDERED = Set.of("ACL", "DEFAULT ACL", "TABLE DATA");

    private PgDump() {}

    /**
     * The entries, sorted; none without a fitting pg_dump.
     *
     * @param connection in the transaction whose snapshot counts
     * @param kinds of facts that are compared elsewhere; with none of them only the rows are dumped
     */
    public static List<String> entries(Connection connection, Set<String> kinds)
            throws SQLException {
        Optional<Path> program = FOUND.computeIfAbsent(version(connection), PgDump::find);
        if (program.isEmpty()) {
            return List.of();
        }
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program.get().toString(),
                                "--dbname="
                                        + connection
                                                .getMetaData()
                                                .getURL()
                                                .replaceFirst("^jdbc:", "")
                                                .replaceFirst("\\?.*", ""),
                                "--username=" + connection.getMetaData().getUserName(),
                                "--snapshot=" + ask(connection, "SELECT pg_export_snapshot()"),
                                "--exclude-schema=tidemark*",
                                "--no-unlogged-table-data",
                                "--extra-float-digits=1"));
        if (kinds.isEmpty()) {
            command.add("--data-only");
        }
        List<String> entries = parted(OF_CONSTRAINT.matcher(run(command)).replaceAll("$1"));
        if (!kinds.contains("identity")) {
            entries.replaceAll(
                    entry -> entry.replaceAll("\nALTER TABLE ONLY .* REPLICA IDENTITY .*;", ""));
        }
        return entries;
    }

    private static int version(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    private static Optional<Path> find(int version) {
        Optional<Path> program =
                IntStream.rangeClosed(version, Release.NEWEST.version())
                        .mapToObj(PgDump::installed)
                        .flatMap(Optional::stream)
                        .findFirst();
        System.out.println(
                program.map(file -> "PostgreSQL " + version + " is compared by " + file + " too")
                        .orElse("no pg_dump " + version + " is installed: compared without it"));
        return program;
    }

    private static Optional<Path> installed(int version) {
        return Stream.concat(
                        Stream.of(
                                Path.of("/usr/lib/postgresql/" + version + "/bin"),
                                Path.of("/usr/pgsql-" + version + "/bin")),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of))
                .map(folder -> folder.resolve("pg_dump"))
                .filter(Files::isExecutable)
                .filter(
                        file ->
                                run(List.of(file.toString(), "--version"))
                                        .matches("(?s).*PostgreSQL\\) " + version + "\\D.*"))
                .findFirst();
    }

    private static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(
                        command
                                + " ended with "
                                + code
                                + ": "
                                + out.lines()
                                        .filter(line -> line.startsWith("pg_dump: "))
                                        .toList());
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pg_dump ran", e);
        }
    }

    private static List<String> parted(String dump) {
        List<String> entries = new ArrayList<>();
        Matcher header = HEADER.matcher(dump);
        boolean found = header.find();
        while (found) {
            String name = header.group(1);
            String type = header.group(2);
            int start = header.end();
            found = header.find();
            String text = dump.substring(start, found ? header.start() : dump.length());
            if (!isLeftOut(name, type)) {
                entries.add(type + " " + name + ": " + normal(type, text));
            }
        }
        entries.sort(null);
        return entries;
    }

    private static boolean isLeftOut(String name, String type) {
        return type.equals("SEQUENCE SET")
                || type.equals("USER MAPPING")
                || name.matches("(SCHEMA |EVENT TRIGGER |PUBLICATION )?\"?tidemark.*");
    }

    private static String normal(String type, String text) {
        Stream<String> lines =
                text.lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("--"))
                        .filter(
                                line ->
                                        !line.matches(
                                                "SET default_\\w+ = .*|\\\\(un)?restrict .*"));
        return (UNORDERED.contains(type) ? lines.sorted() : lines)
                .collect(Collectors.joining("\n"));
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}

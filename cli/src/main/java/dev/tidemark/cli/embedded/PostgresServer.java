package dev.tidemark.cli.embedded;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A real PostgreSQL server in a directory: its data in {@code data}, its log in {@code server.log}.
 * It listens on 127.0.0.1 only, and trusts whoever connects, unless it is made with a password.
 *
 * <p>The data outlives the server: started again on the same directory, it goes on where it was,
 * after a kill too, and on the same port when that is still free. It ends with this process. Any
 * thread may use it.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String SUPERUSER = "postgres";

    /**
     * A start takes 0.1 s, a recovery some seconds; a loaded machine is given twenty times that.
     */
    private static final Duration READY_MAX = Duration.ofSeconds(60);

    /** A fast stop writes one checkpoint. */
    private static final Duration STOP_MAX = Duration.ofSeconds(60);

    /**
     * The server of a process that was killed stops by itself, which takes some tenths of a second.
     */
    private static final Duration ORPHAN_MAX = Duration.ofSeconds(3);

    /** initdb takes a second. */
    private static final Duration INITDB_MAX = Duration.ofSeconds(60);

    /** Another process may take the free port before the server does; three times is no chance. */
    private static final int ATTEMPTS_MAX = 3;

    /**
     * Runs the server and stops it fast (SIGINT) when standard input closes. The watcher is ended
     * before the server's number can be given to another process.
     */
    private static final String UNTIL_INPUT_CLOSES =
            """
            exec 3<&0
            "$@" </dev/null 3<&- &
            server=$!
            { cat <&3 >/dev/null; kill -INT $server; } &
            watcher=$!
            exec 3<&-
            wait $server
            code=$?
            kill $watcher 2>/dev/null
            exit $code
            """;

    private final int port;
    private final ServerProcess process;

    /**
     * Where a server lives, which programs it is made of, as whom they run, and who may connect.
     */
    private record Place(
            Path directory, Path programs, Unprivileged way, Optional<String> password) {
        Path data() {
            return directory.resolve("data");
        }

        String program(String name) {
            return programs.resolve(name).toString();
        }
    }

    private PostgresServer(int port, ServerProcess process) {
        this.port = port;
        this.process = process;
    }

    /** Starts a server with logical decoding enabled; {@code settings} go before that. */
    public static PostgresServer start(
            Path directory, PostgresBinaries binaries, Map<String, String> settings) {
        return start(directory, binaries, settings, Unprivileged.here(), Optional.empty());
    }

    /**
     * The same for a new directory, where only who knows the password may connect: what is in it is
     * no business of this machine's other users.
     */
    public static PostgresServer startWithPassword(
            Path directory,
            PostgresBinaries binaries,
            Map<String, String> settings,
            String password) {
        return start(directory, binaries, settings, Unprivileged.here(), Optional.of(password));
    }

    static PostgresServer start(
            Path directory,
            PostgresBinaries binaries,
            Map<String, String> settings,
            Unprivileged way) {
        return start(directory, binaries, settings, way, Optional.empty());
    }

    private static PostgresServer start(
            Path directory,
            PostgresBinaries binaries,
            Map<String, String> settings,
            Unprivileged way,
            Optional<String> password) {
        Path absolute = directory.toAbsolutePath();
        Path programs = binaries.unpackedUnder(way.cache()).resolve("bin");
        try {
            Files.createDirectories(absolute);
            way.admit(absolute);
            var place = new Place(absolute, programs, way, password);
            initialise(place);
            awaitOrphan(place.data().resolve("postmaster.pid"));
            return launch(place, settings);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot start the embedded PostgreSQL in %s: %s"
                            .formatted(absolute, TidemarkException.reason(e, absolute)),
                    "Check that the directory can be written.",
                    e);
        }
    }

    /** Makes the data directory under another name first, so that it exists once it is whole. */
    private static void initialise(Place place) throws IOException {
        if (Files.exists(place.data())) {
            return;
        }
        Path unfinished = place.directory.resolve("data.unfinished");
        FileTrees.delete(unfinished);
        // No sync: if the machine stops now, the unfinished directory is made anew.
        var command = new ArrayList<>(place.way.prefix());
        command.addAll(List.of(place.program("initdb"), "-D", unfinished.toString()));
        command.addAll(List.of("--username=" + SUPERUSER, "--no-sync"));
        command.addAll(List.of("--encoding=UTF8", "--locale=C", "--no-instructions"));
        Path passwordFile = place.directory.resolve("password");
        if (place.password.isPresent()) {
            writeForOwner(passwordFile, place.password.get());
            place.way.admit(passwordFile);
            command.addAll(List.of("--auth=scram-sha-256", "--pwfile=" + passwordFile));
        } else {
            command.add("--auth=trust");
        }
        try {
            initialise(place, command);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Files.move(unfinished, place.data());
    }

    private static void writeForOwner(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private static void initialise(Place place, List<String> command) throws IOException {
        var initdb =
                ServerProcess.start(
                        "initdb", environment(command), place.directory.resolve("initdb.log"));
        if (!initdb.endsWithin(INITDB_MAX)) {
            initdb.kill();
            throw initdb.failure("did not end in " + INITDB_MAX.toSeconds() + " s");
        }
        if (initdb.exitCode() != 0) {
            throw initdb.failure("ended with code " + initdb.exitCode());
        }
    }

    /** Gives a server that is about to stop the time for it; whether it did, the next one finds. */
    private static void awaitOrphan(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        String pid = Files.readString(pidFile).lines().findFirst().orElse("");
        if (pid.matches("[0-9]{1,18}")) {
            ServerProcess.endsWithin(ProcessHandle.of(Long.parseLong(pid)), ORPHAN_MAX);
        }
    }

    private static PostgresServer launch(Place place, Map<String, String> settings)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            var port = LoopbackPort.rememberedIn(place.directory.resolve("port"));
            var process =
                    ServerProcess.start(
                            "PostgreSQL",
                            environment(command(place, settings, port)),
                            place.directory.resolve("server.log"));
            if (process.awaitReady(() -> accepts(place, port), READY_MAX)) {
                return new PostgresServer(port.number(), process);
            }
            if (process.output().contains("lock file \"postmaster.pid\" already exists")) {
                throw TidemarkException.refused(
                        "the embedded PostgreSQL in %s is already running"
                                .formatted(place.directory),
                        "Stop the other process that uses this directory, or name another one.");
            }
            if (attempt == ATTEMPTS_MAX || port.isFree()) {
                throw process.failure("ended with code " + process.exitCode());
            }
        }
    }

    private static List<String> command(
            Place place, Map<String, String> settings, LoopbackPort port) {
        var all = new TreeMap<String, String>();
        all.put("wal_level", "logical");
        all.put("max_replication_slots", "10");
        all.put("max_wal_senders", "10");
        all.put("timezone", "UTC");
        all.put("log_timezone", "UTC");
        all.putAll(settings);
        all.put("listen_addresses", LoopbackPort.ADDRESS);
        all.put("port", Integer.toString(port.number()));
        // No socket in the file system: its path may be too long, and nobody looks for it.
        all.put("unix_socket_directories", "");
        var command = new ArrayList<String>();
        if (Unprivileged.isInstalled("setsid")) {
            // A Ctrl-C at the terminal is for us; we stop the server when we no longer need it.
            command.add("setsid");
        }
        command.addAll(place.way.prefix());
        command.addAll(List.of("/bin/sh", "-c", UNTIL_INPUT_CLOSES, "postgres"));
        command.addAll(List.of(place.program("postgres"), "-D", place.data().toString()));
        all.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    /** Without the variables by which PostgreSQL's own programs are told where a server is, too. */
    private static ProcessBuilder environment(List<String> command) {
        var builder = ChildEnvironment.cleaned(new ProcessBuilder(command));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private static boolean accepts(Place place, LoopbackPort port) {
        String password = place.password.orElse("");
        try (var connection =
                DriverManager.getConnection(url(port.number(), SUPERUSER), SUPERUSER, password)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            // It is still starting or recovering, and says so.
            return false;
        }
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://" + LoopbackPort.ADDRESS + ":" + port + "/" + database;
    }

    public int port() {
        return port;
    }

    /**
     * Without user and password: {@link #superuser()} and any password will do, where all are
     * trusted.
     */
    public String jdbcUrl(String database) {
        return url(port, database);
    }

    public String superuser() {
        return SUPERUSER;
    }

    /** Stops the server as an operator would ("fast"): sessions end, the data is flushed. */
    public void stop() {
        process.closeInput();
        if (!process.endsWithin(STOP_MAX)) {
            process.kill();
            throw process.failure("did not stop in " + STOP_MAX.toSeconds() + " s and was killed");
        }
    }

    /** Ends every process of the server with SIGKILL, as a crash would. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        stop();
    }
}

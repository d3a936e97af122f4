package dev.tidemark.cli.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A TCP port on 127.0.0.1, which is the only address that an embedded server listens on. */
record LoopbackPort(int number) {
    static final String ADDRESS = "127.0.0.1";

    /** The port has so long to answer one attempt; on the loopback it answers at once or never. */
    private static final int CONNECT_MILLIS_MAX = 1_000;

    LoopbackPort {
        if (number < 1 || number > 65_535) {
            throw new IllegalArgumentException("not a port: " + number);
        }
    }

    /**
     * The port that the file names when it is free, so that a server comes back where its clients
     * look for it; else another free one, which the file names from now on.
     */
    static LoopbackPort rememberedIn(Path file) throws IOException {
        if (Files.exists(file)) {
            String text = Files.readString(file).strip();
            if (text.matches("[0-9]{1,5}")) {
                var remembered = new LoopbackPort(Integer.parseInt(text));
                if (remembered.isFree()) {
                    return remembered;
                }
            }
        }
        LoopbackPort free = anyFree();
        Files.writeString(file, free.number + "\n");
        return free;
    }

    /** The port that the file names, whoever uses it. */
    static LoopbackPort namedIn(Path file) throws IOException {
        String text = Files.readString(file).strip();
        if (!text.matches("[0-9]{1,5}")) {
            throw new IOException(file + " names no port: " + text);
        }
        return new LoopbackPort(Integer.parseInt(text));
    }

    private static LoopbackPort anyFree() throws IOException {
        try (var socket = new ServerSocket(0, 1, loopback())) {
            return new LoopbackPort(socket.getLocalPort());
        }
    }

    String address() {
        return ADDRESS + ":" + number;
    }

    boolean isFree() throws IOException {
        try (var socket = new ServerSocket()) {
            // As servers do it: a connection that is still closing does not hold the port.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), number), 1);
            return true;
        } catch (BindException e) {
            return false;
        }
    }

    boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), number), CONNECT_MILLIS_MAX);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Not the machine's own idea of it, which may be ::1. */
    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(ADDRESS, new byte[] {127, 0, 0, 1});
    }
}

package dev.tidemark.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;

/**
 * The network between a server and its clients: it passes bytes on, or loses them. When it loses
 * some, nobody is told: both sides keep a connection on which nothing comes any more, not even its
 * end, and it never comes to itself again.
 */
final class CutNetwork implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int BACKLOG = 100;

    private final IntSupplier server;
    private final ServerSocket entrance;
    private final Queue<Way> ways = new ConcurrentLinkedQueue<>();
    private volatile boolean isCut;

    private CutNetwork(IntSupplier server, ServerSocket entrance) {
        this.server = server;
        this.entrance = entrance;
    }

    /**
     * A network that is whole.
     *
     * @param server its port, asked for at each connection
     */
    static CutNetwork before(IntSupplier server) throws IOException {
        CutNetwork network =
                new CutNetwork(
                        server, new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(network::accept);
        return network;
    }

    /** Where clients connect to. */
    int port() {
        return entrance.getLocalPort();
    }

    /** Loses everything from here on. Whoever connects is connected to nobody. */
    void cut() {
        isCut = true;
        ways.forEach(Way::lose);
    }

    /** Lets new connections through. */
    void heal() {
        isCut = false;
    }

    /**
     * Loses one connection from here on, as a firewall does that forgot it.
     *
     * @param clientPort as the server sees it
     */
    void forget(int clientPort) {
        ways.stream().filter(way -> way.target.getLocalPort() == clientPort).forEach(Way::lose);
    }

    /** Breaks off the connections that there are, and both sides hear of it. */
    void reset() throws IOException {
        for (Way way : ways) {
            way.reset();
        }
    }

    private void accept() {
        try {
            while (true) {
                Way way = new Way(entrance.accept());
                ways.add(way);
                if (isCut) {
                    way.lose();
                } else {
                    way.open();
                }
            }
        } catch (IOException e) {
            if (!entrance.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** One connection: two sockets, and what passes between them. */
    private final class Way {
        private final Socket client;
        private final Socket target = new Socket();
        private volatile boolean isLost;

        Way(Socket client) {
            this.client = client;
        }

        void lose() {
            isLost = true;
        }

        void open() {
            try {
                InetAddress host = entrance.getInetAddress();
                target.connect(new InetSocketAddress(host, server.getAsInt()));
                Thread.ofVirtual().start(() -> pass(client, target));
                Thread.ofVirtual().start(() -> pass(target, client));
            } catch (IOException e) { // nobody listens there
                close();
            }
        }

        private void pass(Socket from, Socket to) {
            try {
                byte[] bytes = new byte[BUFFER_BYTES];
                for (int n = from.getInputStream().read(bytes);
                        n >= 0;
                        n = from.getInputStream().read(bytes)) {
                    if (!isLost) {
                        to.getOutputStream().write(bytes, 0, n);
                    }
                }
            } catch (IOException e) {
                // The connection is over, for this side.
            }
            if (!isLost) {
                close();
            }
        }

        void reset() throws IOException {
            client.setSoLinger(true, 0);
            target.setSoLinger(true, 0);
            close();
        }

        void close() {
            try (client;
                    target) {
                ways.remove(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        ways.forEach(Way::close);
    }
}

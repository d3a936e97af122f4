package dev.tidemark.capture.source;

import dev.tidemark.schemas.TidemarkException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.postgresql.core.PGStream;
import org.postgresql.core.QueryExecutorBase;
import org.postgresql.jdbc.PgConnection;

/**
 * A connection's socket that breaks off before a message which is too large. The driver makes an
 * array of a message's size before anybody can look at it, and an array that the heap does not hold
 * would end the process without a word of which row it was.
 *
 * <p>Messages are told apart by PostgreSQL's own form: <a
 * href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>,
 * a letter and the length, which counts itself. Read by the connection's thread only; how long it
 * heard nothing, any thread may ask.
 */
final class LimitedSocket extends Socket {
    /** What to say of a message that is too large. */
    interface Refusal {
        /**
         * The error, from the beginning of pgoutput's message.
         *
         * @param size of all of it
         */
        TidemarkException of(ByteBuffer start, long size);
    }

    private final Socket socket;
    private final InputStream in;
    private volatile long heard = System.nanoTime();

    private LimitedSocket(Socket socket, long bytesMax, Refusal refusal) throws IOException {
        this.socket = socket;
        this.in = new Watched(socket.getInputStream(), bytesMax, refusal);
    }

    /**
     * Watches a connection from here on; nothing of an answer may be under way. One that is
     * encrypted by GSSAPI is read in another way, and stays as it is: then there is no such socket.
     */
    static Optional<LimitedSocket> watch(Connection connection, long bytesMax, Refusal refusal)
            throws SQLException {
        try {
            // The driver has a method for changing the socket, but none that leads to it.
            Field field = QueryExecutorBase.class.getDeclaredField("pgStream");
            field.setAccessible(true);
            PGStream stream =
                    (PGStream) field.get(connection.unwrap(PgConnection.class).getQueryExecutor());
            if (stream.isGssEncrypted()) {
                return Optional.empty();
            }
            LimitedSocket socket = new LimitedSocket(stream.getSocket(), bytesMax, refusal);
            stream.changeSocket(socket);
            return Optional.of(socket);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the driver's stream is at another place", e);
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    /** How long nothing came. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heard);
    }

    /** Passes bytes on and counts messages. */
    private final class Watched extends FilterInputStream {
        private static final int HEAD_BYTES = 1 + Integer.BYTES;

        /** Of a message of the stream: {@code w}, two positions and a time. */
        private static final int STREAM_HEAD_BYTES = 1 + 3 * Long.BYTES;

        /** Enough for the key of most rows. */
        private static final int START_BYTES = 64 * 1024;

        private final long bytesMax;
        private final Refusal refusal;
        private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        private long left; // of the message

        Watched(InputStream in, long bytesMax, Refusal refusal) {
            super(in);
            this.bytesMax = bytesMax;
            this.refusal = refusal;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = in.read(to, offset, length);
            heard = System.nanoTime();
            int at = offset;
            while (at < offset + count) {
                int part = Math.toIntExact(Math.min(left, offset + count - at));
                left -= part;
                at += part;
                if (at < offset + count) {
                    head.put(to[at++]);
                    if (!head.hasRemaining()) {
                        begin(ByteBuffer.wrap(to, at, offset + count - at));
                    }
                }
            }
            return count;
        }

        private void begin(ByteBuffer rest) throws IOException {
            char kind = (char) head.flip().get();
            left = (long) head.getInt() - Integer.BYTES;
            head.clear();
            if (kind == 'd' && left - STREAM_HEAD_BYTES > bytesMax) {
                ByteBuffer start = ByteBuffer.allocate(START_BYTES).put(rest);
                start.position(
                        start.position()
                                + in.readNBytes(
                                        start.array(), start.position(), start.remaining()));
                TidemarkException error =
                        refusal.of(
                                start.flip().position(STREAM_HEAD_BYTES), left - STREAM_HEAD_BYTES);
                throw new IOException(error.getMessage(), error);
            }
        }

        @Override
        public long skip(long count) {
            throw new UnsupportedOperationException("the driver does not skip");
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return socket.getOutputStream();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public boolean isBound() {
        return socket.isBound();
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void setSoTimeout(int timeoutMillis) throws SocketException {
        socket.setSoTimeout(timeoutMillis);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return socket.getSoTimeout();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        socket.setTcpNoDelay(on);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return socket.getSendBufferSize();
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public int getLocalPort() {
        return socket.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public String toString() {
        return "limited " + socket;
    }
}

package dev.tidemark.archive.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import software.amazon.awssdk.core.sync.RequestBody;

/** The bytes of one request, which can be read again when the request is repeated. */
final class S3Body {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Opener opener;
    private final long length;

    private S3Body(Opener opener, long length) {
        this.opener = opener;
        this.length = length;
    }

    static S3Body of(byte[] content) {
        return new S3Body(() -> new ByteArrayInputStream(content), content.length);
    }

    static S3Body of(Path file, long offset, long length) {
        return new S3Body(() -> open(file, offset, length), length);
    }

    RequestBody request() {
        return RequestBody.fromContentProvider(
                this::openUnchecked, length, "application/octet-stream");
    }

    /**
     * The service compares it before it creates the object: over TLS nothing else would notice a
     * byte that changed between our memory and its disk. Every S3 service knows Content-MD5, unlike
     * newer checksums.
     */
    String md5() throws IOException {
        MessageDigest digest = digest();
        try (InputStream content = opener.open()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    private static InputStream open(Path file, long offset, long length) throws IOException {
        InputStream content = Files.newInputStream(file);
        try {
            content.skipNBytes(offset);
            return new FirstBytes(content, length);
        } catch (IOException e) {
            content.close();
            throw e;
        }
    }

    private InputStream openUnchecked() {
        try {
            return opener.open();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private interface Opener {
        InputStream open() throws IOException;
    }

    /** The first bytes of a stream. */
    private static final class FirstBytes extends InputStream {
        private final InputStream content;
        private long left;

        FirstBytes(InputStream content, long length) {
            this.content = content;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = content.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }

        @Override
        public void close() throws IOException {
            content.close();
        }
    }
}

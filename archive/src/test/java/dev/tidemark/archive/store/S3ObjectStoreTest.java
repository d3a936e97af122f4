package dev.tidemark.archive.store;

import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Against an in-process server; each test has a prefix of its own. */
final class S3ObjectStoreTest extends ObjectStoreContract {
    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static S3Server server;

    @BeforeAll
    static void startServer() throws Exception {
        server = new S3Server(new TransientNio2BlobStore());
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.stop();
    }

    @Override
    ObjectStore open() {
        return server.store("crm/" + PREFIXES.incrementAndGet());
    }
}

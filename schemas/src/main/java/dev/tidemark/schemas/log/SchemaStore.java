package dev.tidemark.schemas.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The Avro schemas that records of a change log may be written with, by their CRC-64-AVRO
 * fingerprint. Each is a resource beside this class, so no registry is needed to read a log.
 */
public final class SchemaStore {
    private static final Schema CHANGE_LOG = load("change-log.avsc");

    /** Without pieces; what is written with it reads the same with the one after. */
    private static final Schema BEFORE_PIECES = load("change-log-1.avsc");

    private static final Map<Long, Schema> KNOWN =
            Map.of(fingerprint(CHANGE_LOG), CHANGE_LOG, fingerprint(BEFORE_PIECES), BEFORE_PIECES);

    /** Of a record whose frame is encrypted. */
    private static final Schema ENCRYPTED = load("encrypted-frame.avsc");

    static final long ENCRYPTED_FINGERPRINT = fingerprint(ENCRYPTED);

    private SchemaStore() {}

    /** The schema that this version writes. */
    public static Schema current() {
        return CHANGE_LOG;
    }

    static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    /**
     * The schema of a record.
     *
     * @throws TidemarkException when a newer version wrote it
     */
    static Schema byFingerprint(long fingerprint) {
        Schema known = KNOWN.get(fingerprint);
        if (known == null) {
            throw TidemarkException.refused(
                    "the change log has a record with the unknown schema %016x"
                            .formatted(fingerprint),
                    "A newer Tidemark wrote it, or another program: upgrade this one, or check the topic's name.");
        }
        return known;
    }

    static Schema load(String resource) {
        try (InputStream in = SchemaStore.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + resource);
            }
            return new Schema.Parser().parse(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

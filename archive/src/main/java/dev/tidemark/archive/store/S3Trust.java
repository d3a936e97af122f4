package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Whose word counts that a server is the S3 service that it says it is. */
final class S3Trust {
    private S3Trust() {}

    /**
     * Those of a file, and nobody else.
     *
     * @throws TidemarkException when it has no certificates
     */
    static TrustManager[] of(Path caFile) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate : certificates(caFile)) {
                trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
            }
            if (trusted.size() == 0) {
                throw refused(caFile, "it holds none");
            }
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory.getTrustManagers();
        } catch (CertificateException e) {
            throw refused(caFile, "it is no certificate in PEM");
        } catch (IOException e) {
            throw refused(caFile, TidemarkException.reason(e, caFile));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform can trust", e);
        }
    }

    private static Collection<? extends Certificate> certificates(Path caFile)
            throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(caFile)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static TidemarkException refused(Path caFile, String why) {
        return TidemarkException.refused(
                "cannot read certificates from archive.s3.ca-file %s: %s".formatted(caFile, why),
                "It must be a file in PEM with the certificate of whoever signed the S3 service's: lines from"
                        + " 'BEGIN CERTIFICATE' to 'END CERTIFICATE'.");
    }

    /** Did it end because the service did not prove who it is, or speaks no TLS as we do? */
    static boolean isBroken(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLHandshakeException
                    || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }
}

package dev.tidemark.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A certificate that signs itself; the JDK's keytool makes it.
 *
 * @param certificate in PEM
 * @param key in PEM
 * @param store both in a file of Java's, with {@link #PASSWORD}
 */
public record Certificate(String certificate, String key, Path store) {
    public static final String PASSWORD = "of-the-tests-own-file";

    /** For a server on 127.0.0.1. */
    public static Certificate make(Path folder) throws Exception {
        return make(folder, "ip:127.0.0.1");
    }

    /**
     * For another one.
     *
     * @param name as {@code dns:host}
     */
    public static Certificate make(Path folder, String name) throws Exception {
        Path file = folder.resolve("store.p12");
        Files.deleteIfExists(file);
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process =
                new ProcessBuilder(
                                List.of(
                                        (keytool
                                                        + " -genkeypair -alias server -keyalg RSA -keysize 2048 -dname CN=source"
                                                        + " -ext san="
                                                        + name
                                                        + " -storetype PKCS12 -storepass "
                                                        + PASSWORD
                                                        + " -keystore "
                                                        + file)
                                                .split(" ")))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        assertThat(process.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new Certificate(
                pem("CERTIFICATE", store.getCertificate("server").getEncoded()),
                pem("PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded()),
                file);
    }

    private static String pem(String what, byte[] content) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what);
    }
}

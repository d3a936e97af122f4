package dev.tidemark.schemas.log;

import dev.tidemark.schemas.TidemarkException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What is said when Kafka does not do what a change log needs, and what to do about it. */
public final class Unreachable {
    private Unreachable() {}

    /**
     * The error.
     *
     * @param servers as configured
     * @param cause of Kafka's clients
     */
    public static TidemarkException because(String topic, String servers, Throwable cause) {
        return because(TidemarkException.reason(cause), topic, servers, cause);
    }

    /**
     * The same where the cause says nothing.
     *
     * @param why for people
     */
    public static TidemarkException because(
            String why, String topic, String servers, Throwable cause) {
        return TidemarkException.failed(
                "Kafka at %s does not answer for topic '%s': %s".formatted(servers, topic, why),
                hint(cause),
                cause);
    }

    private static String hint(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SSLException || isKafkas("SslAuthenticationException", each)) {
                return "Nothing was sent to it. Check that ssl.truststore.location in kafka.properties-file holds who signed the"
                        + " brokers' certificate, and that the certificate is for that host.";
            }
            if (isKafkas("SaslAuthenticationException", each)) {
                return "Check sasl.mechanism, and the user and the password of sasl.jaas.config, in kafka.properties-file.";
            }
            if (isKafkas("AuthorizationException", each)) {
                return "Kafka knows the user, who lacks a right: to create, read and write the topic, to describe its"
                        + " configuration (DescribeConfigs), and to read the consumer group of the same name.";
            }
            if (isKafkas("ConfigException", each)
                    && String.valueOf(each.getMessage()).contains("bootstrap.servers")) {
                return "Check kafka.bootstrap-servers: each is host:port, and at least one host must be known here.";
            }
            if (isKafkas("ConfigException", each)) {
                return "Check the settings in kafka.properties and kafka.properties-file.";
            }
        }
        return isTimeout(cause)
                ? "Check kafka.bootstrap-servers and that the brokers are up. If they want TLS or a password, set"
                        + " security.protocol in kafka.properties-file."
                : "Check kafka.bootstrap-servers and that the brokers are up.";
    }

    private static boolean isTimeout(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof TimeoutException || isKafkas("TimeoutException", each)) {
                return true;
            }
        }
        return false;
    }

    /** By its name: this module has no need of Kafka else. */
    private static boolean isKafkas(String name, Throwable error) {
        for (Class<?> type = error.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().startsWith("org.apache.kafka.")
                    && type.getSimpleName().equals(name)) {
                return true;
            }
        }
        return false;
    }
}

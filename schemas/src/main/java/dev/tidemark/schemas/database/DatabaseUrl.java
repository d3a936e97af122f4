package dev.tidemark.schemas.database;

import dev.tidemark.schemas.TidemarkException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a PostgreSQL database is and as whom it is reached: {@code
 * postgresql://user@host:5432/database?sslmode=verify-full}. Never holds a password.
 *
 * @param options TLS settings, by the driver's names
 */
public record DatabaseUrl(
        String host, int port, String database, String user, Map<String, String> options) {
    private static final int PORT_DEFAULT = 5432;
    private static final Set<String> OPTIONS =
            Set.of(
                    "sslmode",
                    "sslrootcert",
                    "sslcert",
                    "sslkey",
                    "channelBinding",
                    "connectTimeout");

    /** The beginning is no password: a scheme, and the user, or where none is, the host. */
    private static final Pattern GIVEN =
            Pattern.compile(
                    "(?s)(?<start>(?:[a-zA-Z][a-zA-Z0-9+.-]*://)?(?:\\[[0-9a-fA-F:.]*\\]|[^:@/?#%]*))(?<rest>.*)");

    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}(?:[/?#]|$)");

    private static final String FORM =
            "A database URL has the form postgresql://user@host:5432/database.";

    public DatabaseUrl {
        options = Map.copyOf(options);
    }

    /**
     * Reads a URL.
     *
     * @throws TidemarkException (usage) when it is not one, or holds a password
     */
    public static DatabaseUrl parse(String text) {
        URI uri = uri(text);
        if (uri.getScheme() == null
                || !Set.of("postgresql", "postgres").contains(uri.getScheme())) {
            throw TidemarkException.usage("not a PostgreSQL URL: " + withoutSecret(text), FORM);
        }
        if (uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
            throw TidemarkException.usage(
                    "the database URL lacks a host or a database: " + withoutSecret(text), FORM);
        }
        String user = uri.getRawUserInfo() == null ? "" : decode(uri.getRawUserInfo());
        if (user.contains(":")) {
            throw TidemarkException.usage(
                    "the database URL holds a password: " + withoutSecret(text),
                    "Leave it out, since others can see a command line. Set it in the environment, in a file, or in"
                            + " ~/.pgpass; see docs/configuration.md.");
        }
        if (user.isEmpty()) {
            throw TidemarkException.usage(
                    "the database URL lacks a user: " + withoutSecret(text), FORM);
        }
        int port = uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort();
        return new DatabaseUrl(
                uri.getHost(), port, decode(uri.getRawPath().substring(1)), user, options(uri));
    }

    /** For the driver; without user and password. */
    public String jdbc() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + encode(database);
    }

    /** The same server, another database. */
    public DatabaseUrl withDatabase(String other) {
        return new DatabaseUrl(host, port, other, user, options);
    }

    @Override
    public String toString() {
        String query =
                new TreeMap<>(options)
                        .entrySet().stream()
                                .map(option -> option.getKey() + "=" + encode(option.getValue()))
                                .collect(Collectors.joining("&"));
        return "postgresql://"
                + encode(user)
                + "@"
                + host
                + ":"
                + port
                + "/"
                + encode(database)
                + (query.isEmpty() ? "" : "?" + query);
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw TidemarkException.usage("not a database URL: " + withoutSecret(text), FORM);
        }
    }

    private static Map<String, String> options(URI uri) {
        Map<String, String> options = new TreeMap<>();
        if (uri.getRawQuery() == null) {
            return options;
        }
        for (String pair : uri.getRawQuery().split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String known = "Known are " + new TreeSet<>(OPTIONS) + ".";
            if (parts.length != 2) {
                // What stands there may be the rest of a password with an &.
                throw TidemarkException.usage(
                        "an option in the database URL has no value",
                        "Write it as name=value. " + known);
            }
            if (!OPTIONS.contains(parts[0])) {
                throw TidemarkException.usage(
                        "unknown option in the database URL: " + parts[0], known);
            }
            options.put(parts[0], decode(parts[1]));
        }
        return options;
    }

    /**
     * A text that somebody gave as a URL, for a message: without what may be a password, of any
     * characters, wherever it stands.
     */
    public static String withoutSecret(String text) {
        Matcher parts = GIVEN.matcher(text);
        if (!parts.matches()) {
            return "***";
        }
        String start = parts.group("start");
        String rest = parts.group("rest");
        int at = rest.lastIndexOf('@');
        if (at < 0) {
            boolean isOpen = rest.isEmpty() || "/?#".indexOf(rest.charAt(0)) >= 0;
            return start + (isOpen || PORT.matcher(rest).lookingAt() ? withoutQuery(rest) : ":***");
        }
        String secret = rest.substring(0, at);
        boolean mayBeOption = secret.contains("?") || secret.contains("#");
        String there = mayBeOption ? "***" : withoutQuery(rest.substring(at + 1));
        String mask = secret.isEmpty() ? "" : secret.startsWith(":") ? ":***" : "***";
        return start + mask + "@" + there;
    }

    private static String withoutQuery(String text) {
        return text.replaceFirst("(?s)[?#].*", "?***");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

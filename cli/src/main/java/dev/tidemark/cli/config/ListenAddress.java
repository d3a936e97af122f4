package dev.tidemark.cli.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param port 0: one that is free
 */
public record ListenAddress(String host, int port) {
    private static final int PORT_MAX = 65_535;
    private static final Pattern NOTATION =
            Pattern.compile("(\\[[0-9A-Fa-f:.%a-z]+]|[^\\s:\\[\\]]+):([0-9]{1,5})");

    public ListenAddress {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /** Reads {@code host:port}; an IPv6 address is in brackets. */
    static ListenAddress parse(String text) {
        Matcher parts = NOTATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(text);
        }
        return new ListenAddress(parts.group(1), Integer.parseInt(parts.group(2)));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

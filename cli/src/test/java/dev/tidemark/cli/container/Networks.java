package dev.tidemark.cli.container;

import java.util.EnumMap;
import java.util.Map;
import org.testcontainers.containers.Network;

/** A network for each link. */
final class Networks implements AutoCloseable {
    private final Map<Link, Network> networks = new EnumMap<>(Link.class);

    /** The network of a link, which its first user makes. */
    Network of(Link link) {
        return networks.computeIfAbsent(link, one -> Network.newNetwork());
    }

    @Override
    public void close() {
        networks.values().forEach(Network::close);
    }
}

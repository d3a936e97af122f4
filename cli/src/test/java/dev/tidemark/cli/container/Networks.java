package dev.tidemark.cli.container;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.containers.Network;

/** A network for each link. Any thread may use it: containers start beside each other. */
final class Networks implements AutoCloseable {
    private final Map<Link, Network> networks = new EnumMap<>(Link.class);

    /** Docker makes each when it is first used. */
    Networks() {
        for (Link link : Link.values()) {
            networks.put(link, Network.newNetwork());
        }
    }

    Network of(Link link) {
        return Objects.requireNonNull(networks.get(link));
    }

    @Override
    public void close() {
        networks.values().forEach(Network::close);
    }
}

package dev.tidemark.cli.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import dev.tidemark.cli.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame.OutputType;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.DockerStatus;

/** A container, perhaps on several networks at once, under one name in all of them. */
final class Part extends GenericContainer<Part> {
    private static final String IMAGE = "tidemark:latest";
    private static final Duration RUN_MAX = Duration.ofMinutes(3);

    private final Networks networks;
    private final String name;
    private final List<Link> links;

    Part(String image, String name, Networks networks, Link... links) {
        super(DockerImageName.parse(image));
        this.networks = networks;
        this.name = name;
        this.links = List.of(links);
        if (links.length > 0) {
            withNetwork(networks.of(links[0])).withNetworkAliases(name);
        }
    }

    /**
     * One of Tidemark's own, confined as by compose.yaml: it may write its volumes and /tmp alone.
     */
    static Part ofTidemark(String name, Networks networks, List<Link> links, List<Bind> files) {
        return new Part(IMAGE, name, networks, links.toArray(Link[]::new))
                .withCreateContainerCmdModifier(
                        create ->
                                Objects.requireNonNull(create.getHostConfig())
                                        .withReadonlyRootfs(true)
                                        .withCapDrop(Capability.ALL)
                                        .withSecurityOpts(List.of("no-new-privileges:true"))
                                        .withTmpFs(Map.of("/tmp", "exec,size=256m"))
                                        .withBinds(files));
    }

    /** Runs a command to its end. */
    Outcome run(String... arguments) {
        withCommand(arguments).withStartupCheckStrategy(new Ended().withTimeout(RUN_MAX)).start();
        Long code = getCurrentContainerInfo().getState().getExitCodeLong();
        return new Outcome(
                Objects.requireNonNull(code).intValue(),
                getLogs(OutputType.STDOUT),
                getLogs(OutputType.STDERR));
    }

    /** Before it runs, so that it finds all others at once. */
    @Override
    protected void containerIsCreated(String id) {
        links.stream().skip(1).forEach(this::connect);
    }

    /** From here on packets between this part and those of the link are lost. */
    void cut(Link link) {
        client().disconnectFromNetworkCmd()
                .withContainerId(getContainerId())
                .withNetworkId(networks.of(link).getId())
                .withForce(true)
                .exec();
    }

    /** Packets arrive again, perhaps at another address than before. */
    void connect(Link link) {
        client().connectToNetworkCmd()
                .withContainerId(getContainerId())
                .withNetworkId(networks.of(link).getId())
                .withContainerNetwork(new ContainerNetwork().withAliases(name))
                .exec();
    }

    void cutAll() {
        links.forEach(this::cut);
    }

    void connectAll() {
        links.forEach(this::connect);
    }

    /** Ends it as a machine does that loses its power; the files stay. */
    void kill() {
        client().killContainerCmd(getContainerId()).exec();
    }

    /** Ends it in order; the files stay. */
    void end() {
        client().stopContainerCmd(getContainerId()).exec();
    }

    /** Starts what has ended, on the files that it had. */
    void startAgain() {
        client().startContainerCmd(getContainerId()).exec();
    }

    void pause() {
        client().pauseContainerCmd(getContainerId()).exec();
    }

    void goOn() {
        client().unpauseContainerCmd(getContainerId()).exec();
    }

    /** Where the machine reaches it now: another port after each start. */
    String address(int port) {
        var bindings = getCurrentContainerInfo().getNetworkSettings().getPorts().getBindings();
        return bindings.entrySet().stream()
                .filter(entry -> entry.getKey().getPort() == port && entry.getValue() != null)
                .map(entry -> getHost() + ":" + entry.getValue()[0].getHostPortSpec())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " has no port " + port));
    }

    /** Does it answer at its first port? The engine itself does outside, from the start. */
    boolean listens() {
        return says("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + getExposedPorts().getFirst());
    }

    /** Does a service of Tidemark's do its work? */
    boolean isReady() {
        return says("/opt/tidemark/healthy", "/health/ready");
    }

    /** Does a program inside end with 0? One in a container that is not up does not. */
    private boolean says(String... command) {
        try {
            return isRunning() && execInContainer(command).getExitCode() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    /** Has it ended, with whatever code? */
    private static final class Ended extends StartupCheckStrategy {
        @Override
        public StartupStatus checkStartupState(DockerClient client, String id) {
            return DockerStatus.isContainerStopped(getCurrentState(client, id))
                    ? StartupStatus.SUCCESSFUL
                    : StartupStatus.NOT_YET_KNOWN;
        }
    }
}

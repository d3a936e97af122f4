package dev.tidemark.cli.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.tidemark.cli.Outcome;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The manifests are what Kubernetes' schema allows, and what they name is there. */
final class KubernetesTest {
    private static final Path FOLDER = Path.of("..", "docker", "kubernetes");
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Throws when something is missing, misspelt or of the wrong type. */
    private interface Schema {
        void validate(JsonElement manifest) throws IOException;
    }

    private static final Map<String, Schema> SCHEMAS =
            Map.of(
                    "apps/v1/Deployment", V1Deployment::validateJsonElement,
                    "batch/v1/CronJob", V1CronJob::validateJsonElement,
                    "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
                    "v1/Namespace", V1Namespace::validateJsonElement);

    @Test
    void manifestsAreWhatTheSchemaAllows() throws IOException {
        List<JsonNode> manifests = manifests();

        assertThat(manifests).hasSize(6);
        for (JsonNode manifest : manifests) {
            validate(manifest);
        }
    }

    @Test
    void theSchemaRefusesWhatIsMisspeltWithinAContainer() throws IOException {
        JsonNode capture = named("capture");
        ObjectNode container = (ObjectNode) pod(capture).at("/containers/0");
        container.set("imagePulPolicy", container.get("name"));

        assertThatThrownBy(() -> validate(capture))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("imagePulPolicy");
    }

    @Test
    void theKustomizationNamesAllManifests() throws IOException {
        JsonNode kustomization = YAML.readTree(FOLDER.resolve("kustomization.yaml").toFile());
        List<String> named = new ArrayList<>(texts(kustomization.at("/resources")));
        named.addAll(texts(kustomization.at("/configMapGenerator/0/files")));
        named.add("kustomization.yaml");

        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(named);
        }
    }

    @Test
    void podsMountWhatThereIsAndSelectorsFindThem() throws IOException {
        for (JsonNode manifest : workloads()) {
            JsonNode pod = pod(manifest);
            assertThat(texts(pod.at("/containers/0/volumeMounts"), "name"))
                    .as(manifest.at("/metadata/name").asText())
                    .containsExactlyInAnyOrderElementsOf(texts(pod.at("/volumes"), "name"));
            JsonNode selector = manifest.at("/spec/selector/matchLabels");
            assertThat(
                            selector.isMissingNode()
                                    || selector.equals(
                                            manifest.at("/spec/template/metadata/labels")))
                    .isTrue();
        }
    }

    /** What the namespace enforces: without it, no pod would be let in. */
    @Test
    void podsAreAsTheRestrictedSecurityStandardWantsThem() throws IOException {
        for (JsonNode manifest : workloads()) {
            JsonNode pod = pod(manifest);
            JsonNode container = pod.at("/containers/0/securityContext");
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                    .isEqualTo("RuntimeDefault");
            assertThat(container.at("/allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(container.at("/readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(texts(container.at("/capabilities/drop"))).containsExactly("ALL");
        }
    }

    /** One container each, whose words are a command. */
    @Test
    void containersRunCommandsThatThereAreWithAConfigurationThatIsRight() throws IOException {
        for (JsonNode manifest : workloads()) {
            JsonNode containers = pod(manifest).at("/containers");
            assertThat(containers).hasSize(1);
            List<String> words = new ArrayList<>(texts(containers.at("/0/args")));
            words.add("--help");
            assertThat(tidemark(words.toArray(String[]::new)).code()).as("%s", words).isZero();
        }
        Outcome check = tidemark("config", "check", "--config", "tidemark.yaml");
        assertThat(check.out()).as(check.err()).isEqualTo("no problems\n");
    }

    private static Outcome tidemark(String... arguments) {
        return Outcome.of(FOLDER.toAbsolutePath(), Instant.EPOCH, arguments);
    }

    private static void validate(JsonNode manifest) throws IOException {
        String kind = manifest.at("/apiVersion").asText() + "/" + manifest.at("/kind").asText();
        Schema schema = SCHEMAS.get(kind);
        assertThat(schema).as(kind).isNotNull();
        Objects.requireNonNull(schema).validate(JsonParser.parseString(manifest.toString()));
    }

    private static List<JsonNode> manifests() throws IOException {
        JsonNode kustomization = YAML.readTree(FOLDER.resolve("kustomization.yaml").toFile());
        List<JsonNode> manifests = new ArrayList<>();
        for (String file : texts(kustomization.at("/resources"))) {
            YAML.readerFor(JsonNode.class)
                    .<JsonNode>readValues(FOLDER.resolve(file).toFile())
                    .forEachRemaining(manifests::add);
        }
        return manifests;
    }

    private static JsonNode named(String name) throws IOException {
        return workloads().stream()
                .filter(one -> one.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> workloads() throws IOException {
        return manifests().stream().filter(one -> !pod(one).isMissingNode()).toList();
    }

    private static JsonNode pod(JsonNode manifest) {
        JsonNode pod = manifest.at("/spec/template/spec");
        return pod.isMissingNode() ? manifest.at("/spec/jobTemplate/spec/template/spec") : pod;
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }

    private static List<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> one.at("/" + field).asText())
                .toList();
    }
}

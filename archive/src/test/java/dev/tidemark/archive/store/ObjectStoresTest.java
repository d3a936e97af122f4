package dev.tidemark.archive.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectStoresTest {
    private static final S3Settings SETTINGS =
            new S3Settings(Optional.empty(), Optional.of("eu-central-1"), false);

    @ParameterizedTest
    @CsvSource({
        "s3://backups/crm, s3://backups/crm",
        "s3://backups/crm/, s3://backups/crm",
        "s3://backups/a/b.c_d-E, s3://backups/a/b.c_d-E",
        "s3://backups, s3://backups",
        "s3://backups/, s3://backups",
        "file:///var/lib/crm, file:///var/lib/crm",
        "file:///var/my%20crm/, file:///var/my crm",
        "/var/lib/crm, file:///var/lib/crm"
    })
    void anArchiveUrlNamesItsStore(String url, String opened) throws IOException {
        try (ObjectStore store = ObjectStores.open(url, SETTINGS)) {
            assertThat(store.url()).isEqualTo(opened);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "crm",
                "../crm",
                "~/crm",
                "http://host/crm",
                "s3:/backups",
                "S3://backups",
                "/var/../crm",
                "/var/./crm",
                "file:crm",
                "file://host/crm",
                "file:///var/../crm",
                "file:///var/%2e%2e/crm",
                "file:///var/a b",
                "file:"
            })
    void anythingElseIsRefused(String url) {
        assertThatThrownBy(() -> ObjectStores.open(url, SETTINGS))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("not an archive URL: '" + url + "'")
                .extracting("kind", "hint")
                .containsExactly(
                        TidemarkException.Kind.USAGE,
                        "Write 's3://bucket/prefix', 'file:///absolute/path' or '/absolute/path'.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3://|it names no bucket",
                "s3:///crm|it names no bucket",
                "s3://b|a bucket's name has 3 to 63 characters, and 'b' has 1",
                "s3://b/x|a bucket's name has 3 to 63 characters, and 'b' has 1",
                "s3://Backups/crm|BUCKET",
                "s3://host:9000/crm|BUCKET",
                "s3://-backups|BUCKET",
                "s3://backups/../crm|PREFIX",
                "s3://backups/a//b|PREFIX",
                "s3://backups/a b|PREFIX",
                "s3://backups/./a|PREFIX"
            })
    void ofAnS3UrlTheMessageSaysWhatIsWrong(String url, String why) {
        assertRefused(
                url,
                why.replace(
                                "BUCKET",
                                "a bucket's name consists of a-z, 0-9, '.' and '-', and starts and ends with a letter"
                                        + " or digit")
                        .replace(
                                "PREFIX",
                                "each part of a prefix consists of A-Z, a-z, 0-9, '.', '_' and '-', and is not empty,"
                                        + " '.' or '..'"));
    }

    @Test
    void anS3UrlThatIsTooLongIsRefused() {
        assertRefused(
                "s3://backups/" + "a".repeat(501),
                "a prefix has up to 500 characters, and this one has 501");
        assertRefused(
                "s3://" + "b".repeat(64),
                "a bucket's name has 3 to 63 characters, and '%s' has 64"
                        .formatted("b".repeat(64)));
    }

    private static void assertRefused(String url, String why) {
        assertThatThrownBy(() -> ObjectStores.open(url, SETTINGS))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("not an archive URL: '" + url + "': " + why)
                .extracting("kind")
                .isEqualTo(TidemarkException.Kind.USAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "s3://AKIA:key@backups/crm, s3://...@backups/crm",
        "s3://backups/crm?secret=key, s3://backups/crm?...",
        "s3://backups/crm#key, s3://backups/crm?...",
        "file:///var/crm?key, file:///var/crm?..."
    })
    void aSecretInAUrlIsRefusedAndNotRepeated(String url, String shown) {
        assertThatThrownBy(() -> ObjectStores.open(url, SETTINGS))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("archive URL '" + shown + "' has a user or a query")
                .extracting("kind", "hint")
                .containsExactly(
                        TidemarkException.Kind.USAGE,
                        "S3 credentials come from the environment, such as AWS_ACCESS_KEY_ID and"
                                + " AWS_SECRET_ACCESS_KEY; the endpoint has a setting of its own.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:9000",
                "ftp://host",
                "https://user:key@host",
                "https://host?key",
                "https://host#key",
                "https:///path"
            })
    void aBadEndpointIsRefusedAndNotRepeated(String endpoint) {
        assertThatThrownBy(
                        () ->
                                new S3Settings(
                                        Optional.of(URI.create(endpoint)), Optional.empty(), true))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("S3 endpoint is not of the form 'https://host:port'");
    }

    @Test
    void aBadRegionIsRefused() {
        assertThatThrownBy(() -> new S3Settings(Optional.empty(), Optional.of("Frankfurt!"), true))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("not an S3 region: 'Frankfurt!'");
    }
}

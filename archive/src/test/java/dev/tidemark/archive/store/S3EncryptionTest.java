package dev.tidemark.archive.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.store.S3Encryption.Algorithm;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service is asked for, as it arrives there. */
class S3EncryptionTest {
    @TempDir private Path folder;

    @Test
    void eachObjectIsAskedToBeEncrypted() throws Exception {
        assertThat(asked(Optional.of(new S3Encryption(Algorithm.AES256, Optional.empty()))))
                .containsExactly("AES256 with ", "AES256 with ");
        assertThat(asked(Optional.of(new S3Encryption(Algorithm.AWS_KMS, Optional.empty()))))
                .containsExactly("aws:kms with ", "aws:kms with ");
        assertThat(asked(Optional.of(new S3Encryption(Algorithm.AWS_KMS, Optional.of("alias/b")))))
                .containsExactly("aws:kms with alias/b", "aws:kms with alias/b");
        assertThat(asked(Optional.empty())).containsExactly(" with ", " with ");
    }

    /** What a small object and one in parts asked for. */
    private List<String> asked(Optional<S3Encryption> encryption) throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (S3Server server = S3Server.start();
                S3Gate gate = S3Gate.before(server)) {
            gate.answer(
                    request -> {
                        boolean isCreation =
                                (request.method().equals("PUT") && !isPart(request))
                                        || request.path().contains("uploads");
                        if (isCreation) {
                            asked.add(
                                    header(request, "x-amz-server-side-encryption")
                                            + " with "
                                            + header(
                                                    request,
                                                    "x-amz-server-side-encryption-aws-kms-key-id"));
                        }
                        // S3Proxy itself has no key management.
                        return isCreation
                                ? new S3Gate.Refusal(403, "AccessDenied")
                                : new S3Gate.Pass();
                    });
            S3Settings settings =
                    new S3Settings(
                            Optional.of(gate.endpoint()),
                            Optional.empty(),
                            true,
                            encryption,
                            Optional.empty(),
                            Optional.empty());
            ObjectStore store =
                    new S3ObjectStore(S3Server.BUCKET, "crm", settings, S3Server.CREDENTIALS);
            assertThatThrownBy(() -> store.putIfAbsent("small", new byte[10]))
                    .isInstanceOf(TidemarkException.class);
            Path large = Files.write(folder.resolve("large"), new byte[S3Creation.PART_BYTES + 1]);
            assertThatThrownBy(() -> store.put("large", large))
                    .isInstanceOf(TidemarkException.class);
        }
        return asked;
    }

    private static boolean isPart(S3Gate.Request request) {
        return request.path().contains("partNumber");
    }

    private static String header(S3Gate.Request request, String name) {
        return request.headers().getOrDefault(name, "");
    }
}

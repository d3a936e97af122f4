package dev.tidemark.archive.store;

import static dev.tidemark.archive.store.ObjectStoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.store.S3Gate.Answer;
import dev.tidemark.archive.store.S3Gate.Lose;
import dev.tidemark.archive.store.S3Gate.Page;
import dev.tidemark.archive.store.S3Gate.Pass;
import dev.tidemark.archive.store.S3Gate.Refusal;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.TidemarkException.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the S3 store makes of a bucket that is gone and of credentials that do not hold any more.
 */
final class S3RefusalsTest {
    private static final int TWO_PARTS_BYTES = 17 * 1024 * 1024;

    /** What S3 may say to a completion that it has had. */
    private static final Answer NO_SUCH_UPLOAD = new Refusal(404, "NoSuchUpload");

    private static final String RIGHTS_HINT =
            "Allow these credentials s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject,"
                    + " s3:DeleteObject and s3:AbortMultipartUpload on its objects.";

    private static final String EXPIRED_HINT =
            "The credentials have expired. Renew them: a profile's file is read again when it"
                    + " changes, the environment only at a start.";

    private static final String UNKNOWN_HINT =
            "The service does not know these credentials. Check AWS_ACCESS_KEY_ID and"
                    + " AWS_SECRET_ACCESS_KEY, or the profile.";

    /** An answer of the service, and what an operator is told. */
    record Case(Answer answer, String reason, String hint) {}

    @TempDir Path folder;
    private S3Server server;
    private S3Gate gate;
    private ObjectStore store;

    @BeforeEach
    void startServer() throws Exception {
        server = S3Server.start();
        gate = S3Gate.before(server);
        store = gate.store("crm");
    }

    @AfterEach
    void stopServer() throws Exception {
        store.close();
        gate.close();
        server.close();
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        S3Gate.NO_SUCH_BUCKET,
                        "bucket 'backups' does not exist",
                        "Correct 'archive.url', or create the bucket. One that held an archive has"
                                + " to come back with its objects."),
                new Case(S3Gate.EXPIRED_TOKEN, "ExpiredToken (HTTP status 400)", EXPIRED_HINT),
                new Case(
                        new Page(404),
                        "HTTP status 404",
                        "What answers there is no S3 service, or a proxy before it. Check"
                                + " 'archive.s3.endpoint' and 'archive.s3.path-style'."),
                new Case(
                        new Refusal(403, "ExpiredTokenException"),
                        "ExpiredTokenException (HTTP status 403)",
                        EXPIRED_HINT),
                new Case(
                        new Refusal(400, "InvalidToken"),
                        "InvalidToken (HTTP status 400)",
                        "The session token does not belong to these credentials, or is cut off."
                                + " Renew key, secret and token together."),
                new Case(
                        new Refusal(403, "InvalidAccessKeyId"),
                        "InvalidAccessKeyId (HTTP status 403)",
                        UNKNOWN_HINT),
                new Case(
                        new Refusal(403, "SignatureDoesNotMatch"),
                        "SignatureDoesNotMatch (HTTP status 403)",
                        UNKNOWN_HINT),
                new Case(
                        new Refusal(403, "AccessDenied"),
                        "AccessDenied (HTTP status 403)",
                        RIGHTS_HINT));
    }

    /**
     * Those that differ in what a HEAD or a repeated write makes of them; such tests take longer.
     */
    static Stream<Case> casesOfAKind() {
        return cases().limit(3);
    }

    /** Each operation, by how a message names it. */
    private Map<String, ThrowingCallable> operations() throws IOException {
        Path small = Files.write(folder.resolve("small"), new byte[1]);
        Map<String, ThrowingCallable> operations = new LinkedHashMap<>();
        operations.put("put 'crm/new'", () -> store.putIfAbsent("new", bytes("new")));
        operations.put("put 'crm/new-file'", () -> store.put("new-file", small));
        operations.put("look at 'crm/new-large'", () -> store.put("new-large", large()));
        operations.put("get 'crm/there'", () -> store.get("there"));
        operations.put("get 'crm/copied'", () -> store.download("copied", folder.resolve("to")));
        operations.put("look at 'crm/there'", () -> store.size("there"));
        operations.put("list 'crm/the'", () -> store.list("the", "", 1));
        operations.put("delete 'crm/absent'", () -> store.delete("absent"));
        return operations;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void eachOperationTellsWhyItWasRefused(Case told) throws Exception {
        gate.refuse(told.answer);

        for (Map.Entry<String, ThrowingCallable> operation : operations().entrySet()) {
            assertFailed(
                    operation.getValue(),
                    "cannot " + operation.getKey() + " in bucket 'backups': " + told.reason,
                    told.hint);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsRefusedIsNotAskedAgainAtOnce(Case told) throws Exception {
        gate.refuse(told.answer);

        for (Map.Entry<String, ThrowingCallable> operation : operations().entrySet()) {
            gate.takeRequests();
            assertThatThrownBy(operation.getValue()).isInstanceOf(TidemarkException.class);

            int requests = operation.getKey().startsWith("look at") ? 2 : 1;
            assertThat(gate.takeRequests()).as(operation.getKey()).isEqualTo(requests);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameStoreGoesOnWhenNothingIsRefusedAnyMore(Case told) throws Exception {
        store.putIfAbsent("there", bytes("as it was"));
        gate.refuse(told.answer);
        assertThatThrownBy(() -> store.putIfAbsent("new", bytes("x")))
                .isInstanceOf(TidemarkException.class);

        gate.letPass();

        assertThat(store.list("", "", 2)).containsExactly("there");
        assertThat(store.size("there")).isEqualTo(9);
        assertThat(store.putIfAbsent("there", bytes("another's"))).isFalse();
        assertThat(store.putIfAbsent("new", bytes("x"))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("casesOfAKind")
    void theEndIsUnknownWhenTheAnswerIsLostAndTheNextTryIsRefused(Case told) throws Exception {
        gate.loseOneWriteThen(told.answer);

        assertFailed(
                () -> store.putIfAbsent("new", bytes("own")),
                "cannot put 'crm/new' in bucket 'backups': " + told.reason,
                told.hint);

        gate.letPass();
        assertThat(store.get("new")).isEqualTo(bytes("own"));
        assertThat(store.putIfAbsent("new", bytes("own"))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("casesOfAKind")
    void aNameIsNotTakenForAnothersWhenTheLookAtItIsRefused(Case told) throws Exception {
        gate.answer(request -> request.isWrite() ? new Pass() : told.answer);
        store.putIfAbsent("new", bytes("first"));

        assertFailed(
                () -> store.putIfAbsent("new", bytes("second")),
                "cannot look at 'crm/new' in bucket 'backups': " + told.reason,
                told.hint);
    }

    @ParameterizedTest
    @MethodSource("casesOfAKind")
    void aLargePutWhoseEndIsUnknownDoesNotHideTheObject(Case told) throws Exception {
        var isComplete = new AtomicBoolean();
        gate.answer(
                request -> {
                    if (isCompletion(request)) {
                        return isComplete.getAndSet(true) ? NO_SUCH_UPLOAD : new Lose();
                    }
                    return isComplete.get() ? told.answer : new Pass();
                });
        Path large = large();

        assertFailed(
                () -> store.put("large", large),
                "cannot look at 'crm/large' in bucket 'backups': " + told.reason,
                told.hint);

        gate.letPass();
        assertThat(store.size("large")).isEqualTo(TWO_PARTS_BYTES);
        assertThatThrownBy(() -> store.put("large", large))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aBucketThatGoesInTheMidstOfALargePutIsNamed() throws Exception {
        gate.answer(
                request ->
                        request.path().contains("partNumber=2")
                                ? S3Gate.NO_SUCH_BUCKET
                                : new Pass());

        assertThatThrownBy(() -> store.put("large", large()))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "cannot put 'crm/large' in bucket 'backups': bucket 'backups' does not"
                                + " exist");
        gate.letPass();
        assertThat(store.list("", "", 1)).isEmpty();
    }

    @Test
    void anotherRegionTakesAnotherConfiguration() {
        gate.refuse(new Refusal(301, "PermanentRedirect"));

        assertThatThrownBy(() -> store.get("there"))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "cannot get 'crm/there' in bucket 'backups': PermanentRedirect (HTTP status"
                                + " 301)")
                .extracting("kind", "hint")
                .containsExactly(
                        Kind.REFUSED,
                        "The bucket is in another region. Set 'archive.s3.region' to it.");
    }

    private static boolean isCompletion(S3Gate.Request request) {
        return request.method().equals("POST") && request.path().contains("uploadId=");
    }

    private static void assertFailed(ThrowingCallable operation, String message, String hint) {
        assertThatThrownBy(operation)
                .isInstanceOf(TidemarkException.class)
                .hasMessage(message)
                .extracting("kind", "hint")
                .containsExactly(Kind.FAILED, hint);
    }

    private Path large() throws IOException {
        return Files.write(folder.resolve("large"), new byte[TWO_PARTS_BYTES]);
    }
}

package dev.tidemark.archive.store;

import static dev.tidemark.archive.store.ObjectStoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.store.S3Gate.Answer;
import dev.tidemark.archive.store.S3Gate.Pass;
import dev.tidemark.archive.store.S3Gate.Refusal;
import dev.tidemark.archive.store.S3Gate.Request;
import dev.tidemark.archive.store.S3Gate.Said;
import dev.tidemark.archive.store.S3ObjectLock.Mode;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a service is asked for, as it arrives there. S3Proxy knows no Object Lock, so the gate says
 * what AWS S3 says.
 */
class S3ObjectLockTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.75Z");
    private static final Answer ENABLED =
            new Said(
                    200,
                    "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>");

    @TempDir private Path folder;
    private final List<String> locked = new CopyOnWriteArrayList<>();
    private S3Server server;
    private S3Gate gate;

    @BeforeEach
    void startServer() throws Exception {
        server = S3Server.start();
        gate = S3Gate.before(server);
    }

    @AfterEach
    void stopServer() throws Exception {
        gate.close();
        server.close();
    }

    private ObjectStore store(Mode mode) {
        S3Settings settings =
                new S3Settings(
                        Optional.of(gate.endpoint()),
                        Optional.empty(),
                        true,
                        Optional.empty(),
                        Optional.of(new S3ObjectLock(mode, Duration.ofDays(30))),
                        Optional.empty());
        return new S3ObjectStore(
                S3Server.BUCKET,
                "crm",
                settings,
                S3Server.CREDENTIALS,
                Clock.fixed(NOON, ZoneOffset.UTC));
    }

    /** Notes locks that are asked for. */
    private Answer note(Request request, Answer answer) {
        Optional.ofNullable(request.headers().get("x-amz-object-lock-mode"))
                .ifPresent(
                        mode ->
                                locked.add(
                                        "%s %s until %s"
                                                .formatted(
                                                        request.path().replaceFirst("\\?.*", ""),
                                                        mode,
                                                        request.headers()
                                                                .get(
                                                                        "x-amz-object-lock-retain-until-date"))));
        return answer;
    }

    @Test
    void eachObjectIsLockedFromWhenItIsWritten() throws Exception {
        gate.answer(request -> note(request, new Pass()));
        Path large = Files.write(folder.resolve("large"), new byte[S3Creation.PART_BYTES + 1]);

        try (ObjectStore store = store(Mode.GOVERNANCE)) {
            store.putIfAbsent("small", bytes("small"));
            store.put("large", large);
        }
        try (ObjectStore store = store(Mode.COMPLIANCE)) {
            store.putIfAbsent("other", bytes("other"));
        }

        assertThat(locked)
                .containsExactly(
                        "/backups/crm/small GOVERNANCE until 2026-12-20T12:00:00Z",
                        "/backups/crm/large GOVERNANCE until 2026-12-20T12:00:00Z",
                        "/backups/crm/other COMPLIANCE until 2026-12-20T12:00:00Z");
    }

    @Test
    void whatIsWrittenWithALockHasAChecksum() throws Exception {
        List<Request> writes = new CopyOnWriteArrayList<>();
        gate.answer(
                request -> {
                    if (request.method().equals("PUT")) {
                        writes.add(request);
                    }
                    return new Pass();
                });

        try (ObjectStore store = store(Mode.GOVERNANCE)) {
            store.putIfAbsent("small", bytes("small"));
        }

        assertThat(writes)
                .singleElement()
                .extracting(Request::headers)
                .asString()
                .contains("content-md5");
    }

    @Test
    void anObjectThatIsNeededForLongerIsLockedAnew() throws Exception {
        List<Request> asked = new CopyOnWriteArrayList<>();
        gate.answer(
                request -> {
                    asked.add(request);
                    return new Said(200, "");
                });

        try (ObjectStore store = store(Mode.COMPLIANCE)) {
            store.renewLock("data/a");
        }

        assertThat(asked)
                .extracting(request -> request.method() + " " + request.path())
                .containsExactly("PUT /backups/crm/data/a?retention");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-12-20T12:00:00Z", "2027-12-20T12:00:00Z"})
    void aLongerLockThatIsThereIsEnough(String until) throws Exception {
        refuseLocks(until);

        try (ObjectStore store = store(Mode.COMPLIANCE)) {
            assertThatCode(() -> store.renewLock("data/a")).doesNotThrowAnyException();
        }
    }

    @Test
    void aLockThatCannotBeMadeLongerIsAFailure() throws Exception {
        refuseLocks("2026-12-20T11:59:59Z");

        try (ObjectStore store = store(Mode.COMPLIANCE)) {
            assertThatThrownBy(() -> store.renewLock("data/a"))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessage(
                            "cannot lock 'crm/data/a' in bucket 'backups': AccessDenied (HTTP status 403)")
                    .extracting("hint")
                    .isEqualTo(
                            "Allow these credentials s3:ListBucket and s3:GetBucketObjectLockConfiguration on the"
                                    + " bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject,"
                                    + " s3:AbortMultipartUpload, s3:PutObjectRetention and s3:GetObjectRetention on its"
                                    + " objects.");
        }
    }

    private void refuseLocks(String until) {
        refuseLocks(until, new Refusal(403, "AccessDenied"));
    }

    private void refuseLocks(String until, Refusal refusal) {
        gate.answer(request -> request.method().equals("HEAD") ? until(until) : refusal);
    }

    @Test
    void aServiceMaySayOtherwiseThatALongerLockIsThere() throws Exception {
        refuseLocks("2027-12-20T12:00:00Z", new Refusal(400, "InvalidRequest"));

        try (ObjectStore store = store(Mode.COMPLIANCE)) {
            assertThatCode(() -> store.renewLock("data/a")).doesNotThrowAnyException();
        }
    }

    @Test
    void aLockThatWasMadeStricterIsNotTakenForALackOfRights() throws Exception {
        gate.answer(
                request ->
                        request.method().equals("HEAD")
                                ? new Said(
                                        200,
                                        "",
                                        "x-amz-object-lock-retain-until-date: 2026-12-20T11:59:59Z\r\n"
                                                + "x-amz-object-lock-mode: COMPLIANCE")
                                : new Refusal(403, "AccessDenied"));

        try (ObjectStore store = store(Mode.GOVERNANCE)) {
            assertThatThrownBy(() -> store.renewLock("data/a"))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessage(
                            "'crm/data/a' in bucket 'backups' is locked in the mode compliance until 2026-12-20T11:59:59Z,"
                                    + " and cannot be locked for longer in the mode governance")
                    .extracting("hint")
                    .isEqualTo(
                            "Set archive.s3.object-lock.mode to compliance again, at least until then.");
        }
    }

    @Test
    void withoutTheSettingNothingIsLocked() throws Exception {
        gate.answer(request -> note(request, new Pass()));

        try (ObjectStore store = gate.store("crm")) {
            store.putIfAbsent("small", bytes("small"));
            store.renewLock("small");
            store.probe();
        }

        assertThat(locked).isEmpty();
    }

    @Test
    void aBucketWithObjectLockIsFoundGoodAndItsProbeIsNotLocked() throws Exception {
        gate.answer(
                request ->
                        note(
                                request,
                                request.path().contains("object-lock") ? ENABLED : new Pass()));

        try (ObjectStore store = store(Mode.COMPLIANCE)) {
            assertThatCode(store::probe).doesNotThrowAnyException();
        }

        assertThat(locked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"404 ObjectLockConfigurationNotFoundError", "501 NotImplemented"})
    void aBucketWithoutObjectLockIsRefused(String answer) throws Exception {
        String[] parts = answer.split(" ");
        gate.answer(
                request ->
                        request.path().contains("object-lock")
                                ? new Refusal(Integer.parseInt(parts[0]), parts[1])
                                : new Pass());

        try (ObjectStore store = store(Mode.COMPLIANCE)) {
            assertThatThrownBy(store::probe)
                    .isInstanceOf(TidemarkException.class)
                    .hasMessage(
                            "archive.s3.object-lock is set, and bucket 'backups' has no Object Lock")
                    .extracting("kind", "hint")
                    .containsExactly(
                            TidemarkException.Kind.REFUSED,
                            "Create the bucket with Object Lock, or enable it there; or take archive.s3.object-lock"
                                    + " out of the configuration.");
            assertThat(store.list("", "", 1)).isEmpty();
        }
    }

    @Test
    void aDeletionThatALockRefusesBreaksNothing() throws Exception {
        refuseDeletions("2026-12-20T12:00:00Z");

        try (ObjectStore store = store(Mode.COMPLIANCE)) {
            store.putIfAbsent("data/a", bytes("a"));
            store.delete("data/a");

            assertThat(store.get("data/a")).isEqualTo(bytes("a"));
        }
    }

    @Test
    void aDeletionThatIsRefusedWithoutALockIsAFailure() throws Exception {
        refuseDeletions("2026-11-20T11:00:00Z");

        try (ObjectStore store = store(Mode.COMPLIANCE)) {
            assertThatThrownBy(() -> store.delete("data/a"))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessage(
                            "cannot delete 'crm/data/a' in bucket 'backups': AccessDenied (HTTP status 403)");
        }
    }

    /** It would look like the right to delete. */
    @Test
    void aProbeThatCannotBeDeletedIsAFailureWhateverItsLock() throws Exception {
        gate.answer(
                request ->
                        request.path().contains("object-lock")
                                ? ENABLED
                                : request.method().equals("DELETE")
                                        ? new Refusal(403, "AccessDenied")
                                        : request.method().equals("HEAD")
                                                ? until("2026-12-20T12:00:00Z")
                                                : new Pass());

        try (ObjectStore store = store(Mode.COMPLIANCE)) {
            assertThatThrownBy(store::probe)
                    .isInstanceOf(TidemarkException.class)
                    .hasMessageStartingWith("cannot delete 'crm/");
        }
    }

    private void refuseDeletions(String until) {
        gate.answer(
                request ->
                        switch (request.method()) {
                            case "DELETE" -> new Refusal(403, "AccessDenied");
                            case "HEAD" -> until(until);
                            default -> new Pass();
                        });
    }

    private static Said until(String time) {
        return new Said(200, "", "x-amz-object-lock-retain-until-date: " + time);
    }
}

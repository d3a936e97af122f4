package dev.tidemark.archive.manifest;

import static dev.tidemark.archive.manifest.ArchiveTest.step;
import static dev.tidemark.archive.manifest.ArchiveTest.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archive.store.S3Gate;
import dev.tidemark.archive.store.S3Server;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.TidemarkException.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an archive when its bucket goes, comes back, or lets nobody in for a while. */
final class ArchiveOnS3Test {
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

    @Test
    void anArchiveIsNotTakenForMissingWhenItsBucketIs() throws Exception {
        written(store, 1);
        gate.refuse(S3Gate.NO_SUCH_BUCKET);
        String message =
                "cannot get 'crm/tidemark.json' in bucket 'backups': bucket 'backups' does not"
                        + " exist";

        assertFailed(() -> Archive.open(store), message);
        assertFailed(() -> Archive.find(store, KeyChain.EMPTY), message);
        assertFailed(() -> Archive.damage(store), message);
    }

    @Test
    void anArchiveIsNotTakenForMissingWhereAProxyHasNoPage() throws Exception {
        written(store, 1);
        gate.refuse(new S3Gate.Page(404));

        assertFailed(
                () -> Archive.find(store, KeyChain.EMPTY),
                "cannot get 'crm/tidemark.json' in bucket 'backups': HTTP status 404");
    }

    @Test
    void whatIsRefusedAmongManyReadsIsNoDamageAndKeepsItsHint() throws Exception {
        written(store, 3);
        gate.answer(
                request ->
                        request.path().endsWith("001.json")
                                ? S3Gate.EXPIRED_TOKEN
                                : new S3Gate.Pass());

        assertFailed(
                () -> Archive.damage(store),
                "cannot get 'crm/manifests/00000000000000000001.json' in bucket 'backups':"
                        + " ExpiredToken (HTTP status 400)");
    }

    @Test
    void aManifestWhoseAnswerWasLostCountsOnceTheCredentialsAreBack() throws Exception {
        Archive archive = written(store, 1);
        gate.loseOneWriteThen(S3Gate.EXPIRED_TOKEN);
        assertFailed(
                () -> archive.commit(step(1)),
                "cannot put 'crm/manifests/00000000000000000001.json' in bucket 'backups':"
                        + " ExpiredToken (HTTP status 400)");

        gate.letPass();

        Archive again = Archive.open(store);
        assertThat(again.state().last()).isEqualTo(1);
        again.commit(step(2));
        archive.refresh();
        assertThat(archive.state()).isEqualTo(again.state());
    }

    @Test
    void aBucketThatComesBackWithItsObjectsIsWrittenOn() throws Exception {
        Archive archive = written(store, 2);
        gate.refuse(S3Gate.NO_SUCH_BUCKET);
        assertFailed(
                () -> archive.commit(step(2)),
                "cannot get 'crm/manifests/00000000000000000001.json' in bucket 'backups': bucket"
                        + " 'backups' does not exist");

        gate.letPass();

        assertThat(archive.commit(step(2)).number()).isEqualTo(2);
        assertThat(Archive.damage(store)).isEmpty();
    }

    @Test
    void aBucketThatComesBackEmptyGetsNoManifest() throws Exception {
        Archive archive = written(store, 2);
        for (String name : store.list("", "", 1_000)) {
            store.delete(name);
        }

        assertFailed(
                () -> archive.commit(step(2)),
                "the archive s3://backups/crm no longer holds"
                        + " 'manifests/00000000000000000001.json' as it was");
        assertThat(store.list("", "", 1)).isEmpty();
        assertThatThrownBy(() -> Archive.open(store))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("there is no archive at s3://backups/crm")
                .extracting("kind")
                .isEqualTo(Kind.REFUSED);
    }

    private static void assertFailed(ThrowingCallable operation, String message) {
        assertThatThrownBy(operation)
                .isInstanceOf(TidemarkException.class)
                .hasMessage(message)
                .extracting("kind")
                .isEqualTo(Kind.FAILED);
    }
}

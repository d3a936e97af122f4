package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Objects in a bucket of S3 or a service like it, under a prefix.
 *
 * <p>Creation is conditional (If-None-Match, RFC 9110 §13.1.2). The SDK repeats a request whose
 * answer was lost, and then gets a 412 for its own object. Each creation therefore has a token in
 * the object's metadata, and after a 412 it is looked up; only where it cannot be found any more
 * (the object was deleted, or the service keeps no metadata) does putIfAbsent answer false for an
 * object of its own. Safe for many threads. An interrupt ends a call that waits for the service.
 *
 * <p>Directory buckets (S3 Express) do not list in order and cannot hold an archive.
 */
public final class S3ObjectStore implements ObjectStore {
    private static final Logger log = LoggerFactory.getLogger(S3ObjectStore.class);

    /** S3 never lists more at once. */
    private static final int PAGE_NAMES_MAX = 1_000;

    /** A body that breaks off comes after the answer's status, so the SDK does not repeat it. */
    private static final int READS_MAX = 3;

    private final String bucket;
    private final String folder;
    private final S3Client client;
    private final S3Creation creation;
    private final S3Faults faults;
    private final S3Look look;
    private final S3Locks locks;

    /** With the credentials that the AWS tools would use. */
    S3ObjectStore(String bucket, String prefix, S3Settings settings) {
        this(bucket, prefix, settings, DefaultCredentialsProvider.builder().build());
    }

    S3ObjectStore(
            String bucket, String prefix, S3Settings settings, AwsCredentialsProvider credentials) {
        this(bucket, prefix, settings, credentials, Clock.systemUTC());
    }

    /**
     * @param prefix {@code ""}, or parts joined by {@code /}
     * @param clock for the ends of locks
     */
    S3ObjectStore(
            String bucket,
            String prefix,
            S3Settings settings,
            AwsCredentialsProvider credentials,
            Clock clock) {
        this.bucket = bucket;
        this.folder = prefix.isEmpty() ? "" : prefix + "/";
        this.client = S3Clients.client(settings, credentials);
        this.faults = new S3Faults(bucket, settings.objectLock());
        this.look = new S3Look(client, bucket, faults);
        this.locks = new S3Locks(client, bucket, faults, settings.objectLock(), clock);
        this.creation = new S3Creation(client, bucket, faults, settings.encryption(), locks);
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        String key = key(name);
        return Interruptible.call(() -> creation.create(key, S3Body.of(content)));
    }

    @Override
    public void put(String name, Path file) throws IOException {
        String key = key(name);
        long size = Files.size(file);
        boolean created =
                Interruptible.call(
                        () ->
                                size <= S3Creation.PART_BYTES
                                        ? creation.create(key, S3Body.of(file, 0, size))
                                        : creation.upload(key, file, size));
        if (!created) {
            throw new FileAlreadyExistsException(name);
        }
    }

    @Override
    public byte[] get(String name) throws IOException {
        var content = new ByteArrayOutputStream();
        Interruptible.run(
                () ->
                        read(
                                name,
                                body -> {
                                    content.reset();
                                    return body.transferTo(content);
                                }));
        return content.toByteArray();
    }

    @Override
    public void download(String name, Path file) throws IOException {
        Interruptible.run(() -> read(name, body -> copy(body, file)));
    }

    @Override
    public long size(String name) throws IOException {
        String key = key(name);
        return Interruptible.call(() -> look.at(key))
                .map(HeadObjectResponse::contentLength)
                .orElseThrow(() -> new NoSuchFileException(name));
    }

    @Override
    public List<String> list(String prefix, String after, int namesMax) throws IOException {
        ObjectNames.checkedPrefix(prefix);
        ObjectNames.checkedAfter(after);
        ObjectNames.checkedNamesMax(namesMax);
        try {
            return Interruptible.call(() -> pages(prefix, after, namesMax));
        } catch (SdkException e) {
            throw faults.explained("list", folder + prefix, e);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        String key = key(name);
        Interruptible.run(() -> deleteUnlessLocked(key));
    }

    @Override
    public void renewLock(String name) throws IOException {
        String key = key(name);
        Interruptible.run(() -> locks.renew(key));
    }

    @Override
    public void probe() throws IOException {
        new S3Probe(this, locks).run();
    }

    @Override
    public String url() {
        return "s3://" + (bucket + "/" + folder).replaceFirst("/$", "");
    }

    @Override
    public void close() {
        client.close();
    }

    /** A store's own object, whose name no caller can use. */
    boolean createOwn(String name, byte[] content) throws IOException {
        return Interruptible.call(() -> creation.createUnlocked(folder + name, S3Body.of(content)));
    }

    void deleteOwn(String name) throws IOException {
        Interruptible.run(() -> deleteKey(folder + name));
    }

    private List<String> pages(String prefix, String after, int namesMax) {
        var request = ListObjectsV2Request.builder().bucket(bucket).prefix(folder + prefix);
        if (!after.isEmpty()) {
            request.startAfter(folder + after);
        }
        List<String> names = new ArrayList<>();
        boolean isTruncated = true;
        while (isTruncated && names.size() < namesMax) {
            request.maxKeys(Math.min(PAGE_NAMES_MAX, namesMax - names.size()));
            ListObjectsV2Response page = client.listObjectsV2(request.build());
            page.contents().stream()
                    .map(object -> object.key().substring(folder.length()))
                    .filter(ObjectNames::isValid)
                    .forEach(names::add);
            request.continuationToken(page.nextContinuationToken());
            isTruncated = page.isTruncated();
        }
        return List.copyOf(names);
    }

    /**
     * Reads a whole object, again when it breaks off. The length is compared as well, since not
     * every HTTP client tells a body that ended early from a whole one.
     */
    private void read(String name, Reader reader) throws IOException {
        String key = key(name);
        for (int readsLeft = READS_MAX; ; readsLeft--) {
            try (var body = client.getObject(request -> request.bucket(bucket).key(key))) {
                long length = body.response().contentLength();
                long read = reader.read(body);
                if (read == length) {
                    return;
                }
                throw new EOFException("it broke off after %d of %d bytes".formatted(read, length));
            } catch (SdkException e) {
                throw readFault(name, key, e);
            } catch (FileSystemException e) {
                throw e; // The local file's: another try would meet it again.
            } catch (IOException e) {
                if (readsLeft == 1 || Thread.currentThread().isInterrupted()) {
                    throw new IOException(
                            "cannot get '%s' in bucket '%s': %s"
                                    .formatted(key, bucket, TidemarkException.reason(e)),
                            e);
                }
            }
        }
    }

    private static long copy(ResponseInputStream<GetObjectResponse> body, Path file)
            throws IOException {
        long copied = -1;
        try {
            copied = Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
            return copied;
        } finally {
            // Half a file must not be taken for the object.
            if (copied != body.response().contentLength()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private IOException readFault(String name, String key, SdkException error) {
        if (!S3Faults.isNoSuchObject(error)) {
            return faults.explained("get", key, error);
        }
        var missing = new NoSuchFileException(name);
        missing.initCause(error);
        return missing;
    }

    /**
     * In a bucket with versions a deletion only hides, so S3 itself never refuses it for a lock.
     */
    private void deleteUnlessLocked(String key) throws IOException {
        try {
            deleteKey(key);
        } catch (TidemarkException e) {
            if (e.getCause() instanceof SdkException refusal
                    && S3Locks.isForbidden(refusal)
                    && locks.isHeld(key)) {
                log.warn("'{}' stays until its lock ends: {}", key, e.getMessage());
                return;
            }
            throw e;
        }
    }

    private void deleteKey(String key) throws IOException {
        try {
            client.deleteObject(request -> request.bucket(bucket).key(key));
        } catch (SdkException e) {
            // Some services say so, others do not.
            if (!S3Faults.isNoSuchObject(e)) {
                throw faults.explained("delete", key, e);
            }
        }
    }

    private String key(String name) {
        return folder + ObjectNames.checked(name);
    }

    private interface Reader {
        /** How many bytes were there? */
        long read(ResponseInputStream<GetObjectResponse> body) throws IOException;
    }
}

package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Creates objects in a bucket where there are none, and tells its own from another's: the SDK
 * repeats a request whose answer was lost, and the service then says that the name is taken. Each
 * creation has a token, which is in the object's metadata.
 */
final class S3Creation {
    /** What a slow line carries within the time limit of one attempt; S3 takes 5 MiB and more. */
    static final int PART_BYTES = 16 * 1024 * 1024;

    /** S3's own limit: 156 GiB in all. */
    private static final int PARTS_MAX = 10_000;

    private static final String TOKEN = "tidemark-creation";

    private final S3Client client;
    private final String bucket;
    private final S3Faults faults;
    private final S3Look look;
    private final Optional<S3Encryption> encryption;
    private final S3Locks locks;

    S3Creation(
            S3Client client,
            String bucket,
            S3Faults faults,
            Optional<S3Encryption> encryption,
            S3Locks locks) {
        this.client = client;
        this.bucket = bucket;
        this.faults = faults;
        this.look = new S3Look(client, bucket, faults);
        this.encryption = encryption;
        this.locks = locks;
    }

    private Optional<String> algorithm() {
        return encryption.map(how -> how.algorithm().toString());
    }

    private Optional<String> kmsKey() {
        return encryption.flatMap(S3Encryption::kmsKey);
    }

    /** In one request, for small contents. False: the name is taken. */
    boolean create(String key, S3Body body) throws IOException {
        return create(key, body, locks::addTo);
    }

    /** The same for an object that goes again at once. */
    boolean createUnlocked(String key, S3Body body) throws IOException {
        return create(key, body, request -> {});
    }

    private boolean create(String key, S3Body body, Consumer<PutObjectRequest.Builder> lock)
            throws IOException {
        String token = UUID.randomUUID().toString();
        String md5 = body.md5();
        try {
            client.putObject(
                    request -> {
                        request.bucket(bucket)
                                .key(key)
                                .ifNoneMatch("*")
                                .contentMD5(md5)
                                .metadata(Map.of(TOKEN, token));
                        algorithm().ifPresent(request::serverSideEncryption);
                        kmsKey().ifPresent(request::ssekmsKeyId);
                        lock.accept(request);
                    },
                    body.request());
            return true;
        } catch (SdkException e) {
            if (S3Faults.isNameTaken(e)) {
                return isOwn(key, token);
            }
            throw faults.explained("put", key, e);
        }
    }

    /** In parts, for large files. False: the name is taken. */
    boolean upload(String key, Path file, long size) throws IOException {
        long parts = Math.ceilDiv(size, PART_BYTES);
        if (parts > PARTS_MAX) {
            throw TidemarkException.refused(
                    "file of %d bytes is too large for '%s': S3 takes %d parts of %d bytes"
                            .formatted(size, key, PARTS_MAX, PART_BYTES),
                    "Make segments and bases smaller.");
        }
        // Not every service honours the condition when the upload is completed; this look costs
        // little beside the upload, and leaves only a race that unique names exclude.
        if (look.at(key).isPresent()) {
            return false;
        }
        String token = UUID.randomUUID().toString();
        String upload = begin(key, token);
        try {
            complete(key, upload, token, sendParts(key, upload, file, size));
            return true;
        } catch (SdkException e) {
            abort(key, upload, e);
            if (S3Faults.isNameTaken(e)) {
                return isOwn(key, token);
            }
            throw faults.explained("put", key, e);
        } catch (IOException | RuntimeException e) {
            abort(key, upload, e);
            throw e;
        }
    }

    private String begin(String key, String token) throws IOException {
        try {
            return client.createMultipartUpload(
                            request -> {
                                request.bucket(bucket).key(key).metadata(Map.of(TOKEN, token));
                                algorithm().ifPresent(request::serverSideEncryption);
                                kmsKey().ifPresent(request::ssekmsKeyId);
                                locks.addTo(request);
                            })
                    .uploadId();
        } catch (SdkException e) {
            throw faults.explained("put", key, e);
        }
    }

    private List<CompletedPart> sendParts(String key, String upload, Path file, long size)
            throws IOException {
        List<CompletedPart> sent = new ArrayList<>();
        for (long offset = 0; offset < size; offset += PART_BYTES) {
            int number = sent.size() + 1;
            S3Body body = S3Body.of(file, offset, Math.min(PART_BYTES, size - offset));
            String md5 = body.md5();
            String tag =
                    client.uploadPart(
                                    request ->
                                            request.bucket(bucket)
                                                    .key(key)
                                                    .uploadId(upload)
                                                    .partNumber(number)
                                                    .contentMD5(md5),
                                    body.request())
                            .eTag();
            sent.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        }
        return sent;
    }

    private void complete(String key, String upload, String token, List<CompletedPart> parts)
            throws IOException {
        try {
            client.completeMultipartUpload(
                    request ->
                            request.bucket(bucket)
                                    .key(key)
                                    .uploadId(upload)
                                    .ifNoneMatch("*")
                                    .multipartUpload(all -> all.parts(parts)));
        } catch (NoSuchUploadException e) {
            // What a repeated completion gets when the first one arrived.
            if (!isOwn(key, token)) {
                throw e;
            }
        }
    }

    /** Parts that stay behind cost money until a lifecycle rule of the bucket removes them. */
    private void abort(String key, String upload, Exception cause) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException e) {
            cause.addSuppressed(e);
        }
    }

    private boolean isOwn(String key, String token) throws IOException {
        return look.at(key).map(found -> token.equals(found.metadata().get(TOKEN))).orElse(false);
    }
}

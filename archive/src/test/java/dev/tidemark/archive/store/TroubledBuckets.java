package dev.tidemark.archive.store;

import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** What is behind an S3 server that has one trouble. */
final class TroubledBuckets extends ForwardingBlobStore {
    enum Trouble {
        IGNORES_CONDITIONS,
        LOSES_THE_FIRST_ANSWER,
        CONFLICTS_TWICE,
        CONFLICTS_ALWAYS,
        FAILS_THE_SECOND_PART,
        DENIES
    }

    private final Trouble trouble;
    private final AtomicInteger calls = new AtomicInteger();

    TroubledBuckets(Trouble trouble) {
        super(new TransientNio2BlobStore());
        this.trouble = trouble;
    }

    int calls() {
        return calls.get();
    }

    BlobStore buckets() {
        return delegate();
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        if (trouble == Trouble.DENIES) {
            throw S3Exceptions.fromStatusCode(403);
        }
        return super.list(request);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
        int call = calls.incrementAndGet();
        if (trouble == Trouble.CONFLICTS_ALWAYS
                || (trouble == Trouble.CONFLICTS_TWICE && call <= 2)) {
            throw S3Exceptions.fromStatusCode(409);
        }
        if (trouble == Trouble.IGNORES_CONDITIONS) {
            PutObjectRequest plain = request.toBuilder().ifNoneMatch(null).build();
            return super.putBlob(plain, body);
        }
        PutObjectResponse response = super.putBlob(request, body);
        loseFirst(call);
        return response;
    }

    @Override
    public UploadPartResponse uploadMultipartPart(
            MultipartUpload upload, UploadPartRequest request, InputStream body) {
        if (trouble == Trouble.FAILS_THE_SECOND_PART && request.partNumber() == 2) {
            throw S3Exceptions.fromStatusCode(400);
        }
        return super.uploadMultipartPart(upload, request, body);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        int call = calls.incrementAndGet();
        CompleteMultipartUploadResponse response = super.completeMultipartUpload(upload, request);
        loseFirst(call);
        return response;
    }

    private void loseFirst(int call) {
        if (trouble == Trouble.LOSES_THE_FIRST_ANSWER && call == 1) {
            throw S3Exceptions.fromStatusCode(500);
        }
    }
}

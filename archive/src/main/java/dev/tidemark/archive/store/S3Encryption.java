package dev.tidemark.archive.store;

import java.util.Optional;

/**
 * How an S3 service is asked to encrypt the objects that it stores. It has the key, so this is
 * against the loss of its disks, and not against the service or whoever may read the bucket.
 *
 * @param kmsKey the key in the service's key management; empty: its own default key
 */
public record S3Encryption(Algorithm algorithm, Optional<String> kmsKey) {
    /** With which key. */
    public enum Algorithm {
        /** One that the service keeps for itself. */
        AES256,
        /** One in its key management, whose uses are logged there. */
        AWS_KMS;

        /** As S3 writes it. */
        @Override
        public String toString() {
            return this == AES256 ? "AES256" : "aws:kms";
        }
    }

    public S3Encryption {
        if (kmsKey.isPresent() && algorithm != Algorithm.AWS_KMS) {
            throw new IllegalArgumentException("a key of a key management for " + algorithm);
        }
    }
}

package dev.tidemark.archive.store;

import java.time.Duration;

/**
 * How long an S3 service keeps what is written from everybody's hands: until then no version of an
 * object can be deleted or changed, and a deletion only hides it.
 *
 * <p>https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 *
 * @param retain from when an object is written
 */
public record S3ObjectLock(Mode mode, Duration retain) {
    /** Who may end it early. */
    public enum Mode {
        /** Those with a right of their own for that. */
        GOVERNANCE,
        /** Nobody, the owner of the account included. */
        COMPLIANCE
    }

    public S3ObjectLock {
        if (!retain.isPositive()) {
            throw new IllegalArgumentException("a lock for no time");
        }
    }
}

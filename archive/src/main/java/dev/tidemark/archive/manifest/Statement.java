package dev.tidemark.archive.manifest;

/** What a manifest says that is neither base nor segment as the source told them. */
public sealed interface Statement permits Mark, Merged, Hold, Expiry {}

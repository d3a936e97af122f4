package dev.tidemark.archive.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.json.CanonicalJson;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One step of the archive's commit log: it publishes files. Written as canonical JSON under its
 * number, once.
 *
 * @param format the version of the archive's format
 * @param number 0, 1, 2, … without a hole
 * @param previous SHA-256 in hex of the manifest before; empty for the first
 * @param kind what the step is
 * @param writer who wrote it: tells one's own put from another's
 * @param written by the writer's clock; for people
 * @param timeline of the positions
 * @param log where in the change log the archive stands after it
 * @param span what it covers
 * @param catalog the catalog in force at the end of the newest base or segment; the file may be
 *     published by an earlier manifest
 * @param files what it publishes
 * @param look the newest look at the source's whole catalog up to its end; empty before the first
 * @param gap what is lost before it; only a base has one, and an archive's first has none
 * @param mark what a {@code MARK} says; of others empty
 * @param merged what a {@code MERGED_SEGMENT} or the step before it says; of others empty
 * @param hold what a {@code HOLD} says; of others empty
 * @param expiry what an {@code EXPIRY} says; of others empty
 * @param signer names the key that signed it; empty in an archive that is not signed
 * @param signature of all else in it, and of which archive it is in, in Base64
 */
public record Manifest(
        int format,
        long number,
        String previous,
        Kind kind,
        String writer,
        Instant written,
        int timeline,
        LogPoint log,
        Span span,
        FileRef catalog,
        List<FileRef> files,
        Optional<Look> look,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Gap> gap,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Mark> mark,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Merged> merged,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Hold> hold,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Expiry> expiry,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> signer,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> signature) {
    /** What a step is. */
    public enum Kind {
        /** Every table as of one position. */
        BASE,
        /** All changes between two positions. */
        SEGMENT,
        /**
         * Its writer begins to upload bases of single tables: what it uploads is no garbage until
         * the next step of this kind, which may be another writer's.
         */
        TABLE_BASE_BEGUN,
        /** Single tables, each whole, as of one position that the segments have reached. */
        TABLE_BASE,
        /**
         * Its writer begins to upload a folded base: what it uploads is no garbage until the next
         * step of this kind, which may be another writer's.
         */
        FOLDED_BASE_BEGUN,
        /**
         * Which files of a folded base are finished: all files of some of its tables, as of {@link
         * Span#to}. Whoever makes it after its writer broke off names them too. It counts until the
         * next of this kind, the next base of all tables, or one begun elsewhere.
         */
        FOLDED_BASE_SO_FAR,
        /**
         * Every table as of the end of a segment, made from what the archive holds; of tables that
         * did not change since a base before it, it names the files of that.
         */
        FOLDED_BASE,
        /** A moment gets a name, or loses it; no files. */
        MARK,
        /**
         * Its writer begins to merge segments: what it uploads is no garbage until the next step of
         * this kind. Files of segments that were replaced long enough ago are needed no more from
         * here on, see {@link Merged}.
         */
        MERGED_SEGMENT_BEGUN,
        /** The same changes as those of some segments that follow each other, which it replaces. */
        MERGED_SEGMENT,
        /** All moments of some time are to be kept, or need it no more; no files. */
        HOLD,
        /** Bases and segments that nobody needs any more are in force no longer; no files. */
        EXPIRY
    }

    public Manifest {
        files = List.copyOf(files);
        if (gap.isPresent() && kind != Kind.BASE) {
            throw new IllegalArgumentException("a gap before a " + kind);
        }
        if (mark.isPresent() != (kind == Kind.MARK)) {
            throw new IllegalArgumentException("a mark in a " + kind + ", or none");
        }
        if (merged.isPresent()
                != (kind == Kind.MERGED_SEGMENT || kind == Kind.MERGED_SEGMENT_BEGUN)) {
            throw new IllegalArgumentException("what was merged in a " + kind + ", or nothing");
        }
        if (hold.isPresent() != (kind == Kind.HOLD)) {
            throw new IllegalArgumentException("a hold in a " + kind + ", or none");
        }
        if (expiry.isPresent() != (kind == Kind.EXPIRY)) {
            throw new IllegalArgumentException("what expired in a " + kind + ", or nothing");
        }
        if (hasOwnCatalog(kind) && file(files, FileRef.Kind.CATALOG).isEmpty()) {
            throw new IllegalArgumentException("a " + kind + " without its catalog");
        }
        if (signature.isPresent() && signer.isEmpty()) {
            throw new IllegalArgumentException("a signature of nobody");
        }
    }

    /** One that is not signed, as all are before they are published. */
    public Manifest(
            int format,
            long number,
            String previous,
            Kind kind,
            String writer,
            Instant written,
            int timeline,
            LogPoint log,
            Span span,
            FileRef catalog,
            List<FileRef> files,
            Optional<Look> look,
            Optional<Gap> gap,
            Optional<Mark> mark,
            Optional<Merged> merged,
            Optional<Hold> hold,
            Optional<Expiry> expiry) {
        this(
                format,
                number,
                previous,
                kind,
                writer,
                written,
                timeline,
                log,
                span,
                catalog,
                files,
                look,
                gap,
                mark,
                merged,
                hold,
                expiry,
                Optional.empty(),
                Optional.empty());
    }

    /** One in which no look is: that of the manifest before counts. */
    public Manifest(
            int format,
            long number,
            String previous,
            Kind kind,
            String writer,
            Instant written,
            int timeline,
            LogPoint log,
            Span span,
            FileRef catalog,
            List<FileRef> files) {
        this(
                format,
                number,
                previous,
                kind,
                writer,
                written,
                timeline,
                log,
                span,
                catalog,
                files,
                Optional.empty(),
                Optional.empty());
    }

    /** A base or a segment as the source told it. */
    public Manifest(
            int format,
            long number,
            String previous,
            Kind kind,
            String writer,
            Instant written,
            int timeline,
            LogPoint log,
            Span span,
            FileRef catalog,
            List<FileRef> files,
            Optional<Look> look,
            Optional<Gap> gap) {
        this(
                format,
                number,
                previous,
                kind,
                writer,
                written,
                timeline,
                log,
                span,
                catalog,
                files,
                look,
                gap,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same draft, as of the end of a segment: its positions' timeline, and its look. */
    public Manifest asOf(Manifest end) {
        return new Manifest(
                format,
                number,
                previous,
                kind,
                writer,
                written,
                end.timeline,
                log,
                span,
                catalog,
                files,
                end.look,
                gap,
                mark,
                merged,
                hold,
                expiry);
    }

    /** The same with other texts for people. */
    Manifest withTexts(Optional<Gap> toldGap, Optional<Mark> toldMark, Optional<Hold> toldHold) {
        return new Manifest(
                format, number, previous, kind, writer, written, timeline, log, span, catalog,
                files, look, toldGap, toldMark, merged, toldHold, expiry, signer, signature);
    }

    /** The same, signed so. */
    Manifest with(Optional<String> newSigner, Optional<String> newSignature) {
        return new Manifest(
                format,
                number,
                previous,
                kind,
                writer,
                written,
                timeline,
                log,
                span,
                catalog,
                files,
                look,
                gap,
                mark,
                merged,
                hold,
                expiry,
                newSigner,
                newSignature);
    }

    /** The object's name. */
    public String name() {
        return name(number);
    }

    static String name(long number) {
        return String.format(Locale.ROOT, "manifests/%020d.json", number);
    }

    /** The folder of the files that a manifest with this number will publish. */
    public static String folder(long number, String writer) {
        return folderPrefix(number) + "-" + writer + "/";
    }

    /** What the names of all folders of a number start with. */
    static String folderPrefix(long number) {
        return String.format(Locale.ROOT, "data/%020d", number);
    }

    public byte[] bytes() {
        return CanonicalJson.write(this);
    }

    /** Its only file of a kind, if it has one. */
    public Optional<FileRef> file(FileRef.Kind wanted) {
        return file(files, wanted);
    }

    private static Optional<FileRef> file(List<FileRef> files, FileRef.Kind wanted) {
        return files.stream().filter(file -> file.kind() == wanted).findFirst();
    }

    /** The catalog as of its end, to which changes after it are applied. */
    public FileRef catalogThere() {
        return hasOwnCatalog(kind) ? file(FileRef.Kind.CATALOG).orElseThrow() : catalog;
    }

    /** These are published beside an archiver, which may be further on. */
    private static boolean hasOwnCatalog(Kind kind) {
        return kind == Kind.FOLDED_BASE || kind == Kind.MERGED_SEGMENT;
    }

    /** Does it hold all changes between two positions? */
    public boolean isSegment() {
        return kind == Kind.SEGMENT || kind == Kind.MERGED_SEGMENT;
    }

    /**
     * Is it a part of the way from the archive's beginning to its end? Other bases lie beside it.
     */
    public boolean advances() {
        return kind == Kind.BASE || isSegment();
    }

    /** All its files' bytes. */
    public long dataBytes() {
        return files.stream().mapToLong(FileRef::bytes).sum();
    }
}

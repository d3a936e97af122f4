package dev.tidemark.replay.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ReadFiles;
import dev.tidemark.archive.parquet.TypedRows;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.schemas.ProgramVersion;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Writes the bundle of an answered question. Nothing in it tells when, where or by whom it was
 * written, so that the same question to the same archive gives the same bytes. For one thread.
 */
public final class EvidenceBundle {
    private static final String SUMS = "SHA256SUMS";
    private static final String SCRIPT = "verify.py";

    private final Archive archive;
    private final ReadFiles reads;
    private final Optional<String> timezone;
    private final Path folder;

    /**
     * Prepares it.
     *
     * @param reads of the archive since before the question was asked
     * @param timezone that moments without an offset were read by, if one is configured
     * @param folder of its own, on local disk, empty; the caller deletes it
     */
    public EvidenceBundle(
            Archive archive, ReadFiles reads, Optional<String> timezone, Path folder) {
        this.archive = archive;
        this.reads = reads;
        this.timezone = timezone;
        this.folder = folder;
    }

    /**
     * What was written.
     *
     * @param rows of the answer
     * @param hasMore were there more than the question's limit?
     * @param manifests in the chain
     * @param files of the archive that the answer was read from
     * @param sha256 of the bundle, in hex
     */
    public record Written(long rows, boolean hasMore, long manifests, int files, String sha256) {}

    /**
     * Writes a bundle.
     *
     * @param path where nothing is yet
     * @throws dev.tidemark.schemas.TidemarkException when the archive's manifests do not add up
     */
    public Written write(AnsweredQuestion question, Path path) throws IOException {
        Provenance provenance =
                ChainCopy.write(archive, reads.inOrder(), folder.resolve("manifests.jsonl"));
        BundleFacts facts = new BundleFacts(question, provenance, timezone, ProgramVersion.text());
        Files.write(folder.resolve("tidemark.json"), archive.stored().identity());
        writeCsv(question.rows());
        writeParquet(question.rows());
        Files.write(folder.resolve("question.json"), CanonicalJson.write(facts.written()));
        try (Writer html = Files.newBufferedWriter(folder.resolve("report.html"), UTF_8)) {
            new HtmlReport(facts, html).write();
        }
        copyScript();
        Files.writeString(folder.resolve("README.txt"), BundleGuide.of(facts));
        writeSums();
        FixedZip.write(folder, names(), path);
        return new Written(
                question.rows().rows().size(),
                question.rows().hasMore(),
                provenance.last() + 1,
                provenance.files().size(),
                Hashes.sha256(path));
    }

    /** As export writes it: NULL is nothing, all else is in quotes. */
    private void writeCsv(AnswerRows answer) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("rows.csv"), UTF_8);
                CSVPrinter csv = new CSVPrinter(out, CSVFormat.POSTGRESQL_CSV)) {
            csv.printRecord(answer.columns().stream().map(AnswerRows.Column::name).toList());
            for (List<Value> row : answer.rows()) {
                csv.printRecord(row.stream().map(EvidenceBundle::text).toArray());
            }
        }
    }

    private static @Nullable String text(Value value) {
        return value == Value.Mark.NULL ? null : value.toString();
    }

    private void writeParquet(AnswerRows answer) throws IOException {
        List<Column> columns = new ArrayList<>();
        for (AnswerRows.Column column : answer.columns()) {
            columns.add(Column.provisional(columns.size() + 1, column.name()));
        }
        TypedRows.write(
                folder.resolve("rows.parquet"),
                Table.provisional(0, "", "", columns),
                answer.columns().stream().map(AnswerRows.Column::type).toList(),
                sink -> {
                    for (List<Value> row : answer.rows()) {
                        sink.row(row);
                    }
                });
    }

    private void copyScript() throws IOException {
        try (InputStream script =
                Objects.requireNonNull(
                        EvidenceBundle.class.getResourceAsStream(SCRIPT), "it is built in")) {
            Files.copy(script, folder.resolve(SCRIPT));
        }
    }

    private void writeSums() throws IOException {
        StringBuilder sums = new StringBuilder();
        for (String name : names()) {
            sums.append(Hashes.sha256(folder.resolve(name))).append("  ").append(name).append('\n');
        }
        Files.writeString(folder.resolve(SUMS), sums);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }
}

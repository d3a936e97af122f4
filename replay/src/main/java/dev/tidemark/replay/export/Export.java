package dev.tidemark.replay.export;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.parquet.TypedRows;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.content.Domains;
import dev.tidemark.replay.load.SqlScript;
import dev.tidemark.replay.mask.MaskedColumn;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the rows of a folded database as files into a store. For one thread; used once. */
public final class Export {
    private static final Logger log = LoggerFactory.getLogger(Export.class);

    private final ObjectStore store;
    private final ExportFormat format;
    private final Path temporary;
    private final LongConsumer progress;
    private Supplier<List<MaskedColumn>> masked = List::of;
    private final Set<String> names = new HashSet<>();
    private final List<String> written = new ArrayList<>(); // perhaps, and whole
    private final List<ExportReport.ExportedTable> tables = new ArrayList<>();

    /**
     * Prepares it.
     *
     * @param store empty
     * @param temporary a folder of its own on local disk
     * @param progress hears how many more rows were written
     */
    public Export(ObjectStore store, ExportFormat format, Path temporary, LongConsumer progress) {
        this.store = store;
        this.format = format;
        this.temporary = temporary;
        this.progress = progress;
    }

    /**
     * Of a masked content.
     *
     * @param report asked for what was masked, once all rows are written
     */
    public Export masked(Supplier<List<MaskedColumn>> report) {
        masked = report;
        return this;
    }

    /**
     * Is there nothing in the way?
     *
     * @throws TidemarkException when the store holds anything
     */
    public static void checkIsEmpty(ObjectStore store) throws IOException {
        List<String> there = store.list("", "", 1);
        if (!there.isEmpty()) {
            throw TidemarkException.refused(
                    "%s is not empty: there is '%s'".formatted(store.url(), there.getFirst()),
                    "An export goes into an empty folder or prefix, so that nothing is overwritten. One that was killed leaves"
                            + " files without %s: delete them.".formatted(ExportReport.NAME));
        }
    }

    /**
     * Writes all, or, when that fails, nothing: what is written until then is deleted.
     *
     * @param content used up by this; only its tables that hold rows are exported
     * @param hasSchema with SQL: also the statements that make tables and all else
     */
    public ExportReport run(Archive archive, RestorePlan plan, Content content, boolean hasSchema)
            throws IOException {
        boolean isDone = false;
        try {
            ExportReport report = write(archive, plan, content, hasSchema);
            isDone = true;
            return report;
        } finally {
            if (!isDone) {
                removeWritten();
            }
        }
    }

    /** The failure is what has to be told; what cannot be deleted is in the way of the next one. */
    private void removeWritten() {
        boolean isInterrupted = Thread.interrupted(); // which no store would work under
        for (String name : written) {
            try {
                store.delete(name);
            } catch (IOException | TidemarkException e) {
                log.warn(
                        "{} of the export that failed stays: {}",
                        name,
                        TidemarkException.reason(e));
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private ExportReport write(
            Archive archive, RestorePlan plan, Content content, boolean hasSchema)
            throws IOException {
        List<TableRows> inOrder =
                content.tables().stream()
                        .sorted(Comparator.comparing(source -> source.table().displayName()))
                        .toList();
        switch (format) {
            case SQL -> writeSql(content, inOrder, hasSchema);
            case CSV, PARQUET -> {
                Domains domains = Domains.of(content.catalog());
                for (TableRows source : inOrder) {
                    String file = nameFor(source.table());
                    add(source.table(), file, write(source, domains, file));
                }
            }
        }
        ExportReport report =
                new ExportReport(
                        ExportReport.FORMAT,
                        archive.identity().source(),
                        archive.identity().database(),
                        plan.cut().position(),
                        plan.cut().last().map(TransactionRecord::commitTime),
                        format,
                        tables,
                        content.withoutRows().stream().map(Table::displayName).sorted().toList(),
                        masked.get());
        if (!store.putIfAbsent(ExportReport.NAME, CanonicalJson.write(report))) {
            throw new FileAlreadyExistsException(ExportReport.NAME);
        }
        return report;
    }

    private TypedRows.Written write(TableRows source, Domains domains, String name)
            throws IOException {
        Path file = temporary.resolve("export" + format.extension());
        try {
            TypedRows.Written done =
                    format == ExportFormat.CSV
                            ? untyped(CsvFile.write(file, source, progress))
                            : TypedRows.write(
                                    file,
                                    source.table(),
                                    domains.types(source.table()),
                                    sink ->
                                            source.rows(
                                                    row -> {
                                                        sink.row(row);
                                                        progress.accept(1);
                                                    }));
            put(name, file);
            return done;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Whose name was taken is not ours; after another failure it may be there, and is. */
    private void put(String name, Path file) throws IOException {
        boolean isOurs = true;
        try {
            store.put(name, file);
        } catch (FileAlreadyExistsException e) {
            isOurs = false;
            throw e;
        } finally {
            if (isOurs) {
                written.add(name);
            }
        }
    }

    /** Where nothing has a type, no column lacks it. */
    private static TypedRows.Written untyped(long rows) {
        return new TypedRows.Written(rows, List.of());
    }

    private void writeSql(Content content, List<TableRows> inOrder, boolean hasSchema)
            throws IOException {
        String name = "export" + format.extension();
        Path file = temporary.resolve(name);
        try (SqlScript script = SqlScript.create(file, content.catalog(), hasSchema)) {
            for (TableRows source : script.loadedFirst(inOrder)) {
                add(source.table(), name, untyped(script.rows(source, progress)));
            }
            script.afterRows();
            for (TableRows source : script.loadedLast(inOrder)) {
                add(source.table(), name, untyped(script.rows(source, progress)));
            }
            script.finish();
        }
        try {
            put(name, file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void add(Table table, String file, TypedRows.Written written) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (Column column : table.stored()) {
            columns.put(column.name(), column.type());
        }
        tables.add(
                new ExportReport.ExportedTable(
                        table.schema(),
                        table.name(),
                        file,
                        written.rows(),
                        columns,
                        written.asText()));
    }

    /** Of the letters that every store takes; equal names get the table's number. */
    private String nameFor(Table table) {
        String plain =
                (table.schema() + "." + table.name())
                        .replaceAll("[^A-Za-z0-9_.-]", "_")
                        .replaceAll("^\\.+", "_");
        boolean isFree = names.add(plain.toLowerCase(Locale.ROOT)); // also where case says nothing
        return (isFree ? plain : plain + "-" + table.id()) + format.extension();
    }
}

package dev.tidemark.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.crypt.KeyEnvelope;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.catalog.TextForm;
import dev.tidemark.schemas.log.SchemaStore;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract names all that there is. */
class FormatDocumentTest {
    private final String document = Files.readString(Path.of("../docs/format.md"));

    FormatDocumentTest() throws IOException {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                ArchiveIdentity.class,
                ArchiveState.class,
                Manifest.class,
                FileRef.class,
                Span.class,
                LogPoint.class,
                Merged.class,
                Merged.Range.class,
                ArchiveState.Replaced.class,
                LedgerEntry.class,
                KeyEnvelope.class,
                TransactionRecord.class,
                Catalog.class,
                CatalogChange.class,
                Look.class,
                Table.class,
                Column.class
            })
    void itNamesEveryFieldOf(Class<?> type) {
        for (RecordComponent field : type.getRecordComponents()) {
            assertThat(document).contains("`" + field.getName() + "`");
        }
    }

    @Test
    void itNamesEverythingInTheChangeLog() {
        List<String> names = new ArrayList<>();
        collect(SchemaStore.current(), names);

        assertThat(names).contains("Frame", "Gap", "noticed", "RelationColumn", "UNKNOWN");
        for (String name : names) {
            assertThat(document).contains("`" + name + "`");
        }
    }

    private static void collect(Schema schema, List<String> names) {
        switch (schema.getType()) {
            case RECORD -> {
                names.add(schema.getName());
                for (Schema.Field field : schema.getFields()) {
                    names.add(field.name());
                    collect(field.schema(), names);
                }
            }
            case ENUM -> {
                names.add(schema.getName());
                names.addAll(schema.getEnumSymbols());
            }
            case ARRAY -> collect(schema.getElementType(), names);
            case UNION -> schema.getTypes().forEach(type -> collect(type, names));
            default -> {} // a plain value
        }
    }

    @Test
    void itNamesEverySettingOfTheTextForm() {
        TextForm.SETTINGS.forEach(
                (setting, value) -> {
                    assertThat(document).contains("`" + setting + "`");
                    if (!value.equals("0")) {
                        assertThat(document).contains("| `" + setting + "` | `" + value + "` |");
                    }
                });
    }
}

package dev.tidemark.capture.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.capture.source.catalog.RecordText;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.json.CanonicalJson;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that the source wrote into its log by a message, after a command that changed them without
 * an event.
 *
 * @param table the table's id
 * @param columns how many a row has; the texts of no field and of one that is null are the same
 * @param rows each as the text of a record of the stored columns, as PostgreSQL writes it: <a
 *     href="https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX">Composite
 *     Type Input and Output Syntax</a>
 */
record TableImage(long table, int columns, List<String> rows) {
    /** The entries that a message's content stands for. */
    static List<Entry> entries(String json) {
        TableImage image =
                CanonicalJson.read(json.getBytes(UTF_8), TableImage.class, "a table's image");
        List<Entry> entries = new ArrayList<>();
        for (String row : image.rows) {
            entries.add(
                    new Entry.Row(
                            image.table,
                            Operation.REWRITE,
                            BeforeImage.NONE,
                            List.of(),
                            RecordText.fields(row, image.columns)));
        }
        return entries;
    }
}

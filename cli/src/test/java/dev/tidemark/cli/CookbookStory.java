package dev.tidemark.cli;

import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;

import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Four months of a small CRM, of which docs/cookbook.md tells. For one thread; used once. */
final class CookbookStory {
    private static final Table USERS = table(1, "users", "id bigint", "name text");
    private static final Table ACCOUNT =
            table(2, "account", "id bigint", "name text", "owner_id bigint", "modified_by bigint");
    private static final Table CONTACT =
            table(
                    3,
                    "contact",
                    "id bigint",
                    "account_id bigint",
                    "first_name text",
                    "last_name text",
                    "email text",
                    "phone text",
                    "deleted boolean",
                    "modified_by bigint");
    private static final Table DEAL =
            table(
                    4,
                    "deal",
                    "id bigint",
                    "account_id bigint",
                    "name text",
                    "stage text",
                    "amount numeric(12,2)",
                    "settings jsonb",
                    "modified_by bigint");
    private static final Table QUOTE =
            table(
                    5,
                    "quote",
                    "id bigint",
                    "deal_id bigint",
                    "total numeric(12,2)",
                    "status text",
                    "valid_until date",
                    "modified_by bigint");
    private static final long STEP = 0x100; // between the positions of two transactions
    private static final long FIRST_XID = 900;

    private final WrittenArchive written;
    private final Map<Table, Map<String, List<Value>>> rows = new HashMap<>();
    private final List<Transaction> segment = new ArrayList<>();
    private long count;

    CookbookStory(WrittenArchive written) {
        this.written = written;
    }

    /** The first column is the key. */
    private static Table table(long id, String name, String... columns) {
        List<Column> all = new ArrayList<>();
        for (String column : columns) {
            String[] words = column.split(" ", 2);
            all.add(column(all.size() + 1, words[0], words[1], Optional.empty()));
        }
        return new Table(
                id,
                1,
                "crm",
                name,
                "r",
                "p",
                "d",
                all,
                List.of(1),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                "",
                "owner",
                List.of(),
                Optional.empty());
    }

    /** Writes it: two segments, of which the first may be merged. */
    void write() throws IOException {
        begin(USERS, "1|import", "7|Ann Lee", "8|Bob Ray", "9|Carla Diaz");
        begin(ACCOUNT, "100|Acme|7|1", "101|Globex|7|1", "102|Initech|8|1", "103|Umbrella|8|1");
        begin(
                CONTACT,
                "4711|100|Jo|March|jo.march@example.com|+49 30 11|f|1",
                "4712|101|Kim|Park|kim.park@example.com|+49 30 12|f|1",
                "4713|102|Lou|Reed|lou.reed@example.com|+49 30 13|f|1",
                "4714|102|Mia|Wong|mia.wong@example.com|+49 30 14|f|1",
                "4715|103|Nia|Hart|nia.hart@example.com|+49 30 15|f|1");
        for (int id = 4716; id < 4725; id++) {
            begin(CONTACT, "%1$d|103|Contact|%1$d|%1$d@example.com|+49 30 %1$d|f|1".formatted(id));
        }
        begin(
                DEAL,
                "2001|100|Renewal|New|10000.00|{\"team\": \"north\", \"alerts\": true}|1",
                "2002|101|Rollout|Offer|25000.00|{\"alerts\": true}|1",
                "2003|102|Pilot|Open|4000.00|{\"alerts\": false}|1",
                "2004|103|Upgrade|New|7500.00|{\"team\": \"south\", \"alerts\": true}|1");
        base();
        firstQuarter();
        segment();
        april();
        segment();
    }

    private void firstQuarter() {
        at("2026-01-12T09:15:00Z", set(DEAL, "2001", "stage=Offer", "modified_by=7"));
        at("2026-01-20T16:40:00Z", set(ACCOUNT, "102", "owner_id=9", "modified_by=8"));
        at(
                "2026-02-03T11:05:00Z",
                put(QUOTE, "900", "2001", "9800.00", "draft", "2026-04-30", "7"));
        at(
                "2026-02-14T13:20:00Z",
                says("9", "ticket 88: asked to be forgotten"),
                set(CONTACT, "4712", "deleted=t", "modified_by=9"));
        at("2026-02-27T08:00:00Z", set(USERS, "9", "name=Carla Diaz-Poe"));
        at(
                "2026-03-05T09:30:00Z",
                says("8", "Ann is on leave"),
                set(ACCOUNT, "100", "owner_id=8", "modified_by=8"),
                set(ACCOUNT, "101", "owner_id=8", "modified_by=8"));
        at(
                "2026-03-12T10:00:00Z",
                set(DEAL, "2001", "stage=Won", "amount=12000.00", "modified_by=7"),
                set(QUOTE, "900", "total=12000.00", "status=accepted", "modified_by=7"));
        for (int minute = 0; minute < 3; minute++) {
            List<Entry> entries = new ArrayList<>();
            entries.add(says("nightly-import", "contacts.csv"));
            for (int id = 4713 + 4 * minute; id < 4717 + 4 * minute; id++) {
                entries.add(set(CONTACT, String.valueOf(id), "phone=null", "modified_by=1"));
            }
            at("2026-03-20T02:0%d:00Z".formatted(minute), entries.toArray(Entry[]::new));
        }
        at(
                "2026-03-25T15:10:00Z",
                set(DEAL, "2002", "stage=Won", "modified_by=8"),
                set(DEAL, "2003", "stage=Lost", "modified_by=8"));
    }

    private void april() {
        at("2026-04-02T14:45:00Z", set(QUOTE, "900", "total=12500.00", "modified_by=7"));
        at("2026-04-10T17:55:00Z", says("8", "duplicate of 4720"), remove(CONTACT, "4711"));
        at(
                "2026-04-15T10:10:00Z",
                set(
                        DEAL,
                        "2004",
                        "settings={\"team\": \"south\", \"alerts\": false}",
                        "modified_by=7"));
        at("2026-04-28T09:00:00Z", set(DEAL, "2004", "stage=Open", "modified_by=9"));
    }

    private void begin(Table table, String... lines) {
        for (String line : lines) {
            put(table, line.split("\\|", -1));
        }
    }

    private void base() throws IOException {
        Map<Long, List<List<Value>>> all = new HashMap<>();
        rows.forEach((table, there) -> all.put(table.id(), List.copyOf(there.values())));
        written.base(
                new Position(STEP),
                Instant.parse("2026-01-01T00:00:00Z"),
                catalog(USERS, ACCOUNT, CONTACT, DEAL, QUOTE),
                all);
    }

    private void segment() throws IOException {
        written.segment(List.copyOf(segment));
        segment.clear();
    }

    private void at(String time, Entry... entries) {
        count++;
        segment.add(
                new Transaction(
                        new Position(STEP + count * STEP),
                        FIRST_XID + count,
                        Instant.parse(time),
                        List.of(entries)));
    }

    private static Entry says(String actor, String reason) {
        return new Entry.Message(
                "context",
                "{\"actor\":\"%s\",\"reason\":\"%s\",\"sessionUser\":\"crm_app\"}"
                        .formatted(actor, reason));
    }

    private Entry put(Table table, String... fields) {
        List<Value> row = row(fields);
        rows.computeIfAbsent(table, any -> new HashMap<>()).put(fields[0], row);
        return new Entry.Row(table.id(), Operation.INSERT, BeforeImage.NONE, List.of(), row);
    }

    /** The source sends no row before, as it does by default. */
    private Entry set(Table table, String key, String... fields) {
        List<Value> row = new ArrayList<>(there(table).get(key));
        for (String field : fields) {
            String[] parts = field.split("=", 2);
            List<String> names = table.columns().stream().map(Column::name).toList();
            row.set(names.indexOf(parts[0]), row(parts[1]).getFirst());
        }
        there(table).put(key, row);
        return new Entry.Row(table.id(), Operation.UPDATE, BeforeImage.NONE, List.of(), row);
    }

    private Entry remove(Table table, String key) {
        there(table).remove(key);
        Value[] before = new Value[table.columns().size()];
        Arrays.fill(before, Value.Mark.UNKNOWN);
        before[0] = Value.text(key);
        return new Entry.Row(
                table.id(), Operation.DELETE, BeforeImage.KEY, List.of(before), List.of());
    }

    private Map<String, List<Value>> there(Table table) {
        return rows.computeIfAbsent(table, any -> new HashMap<>());
    }
}

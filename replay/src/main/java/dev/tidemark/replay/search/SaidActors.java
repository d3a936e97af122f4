package dev.tidemark.replay.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.JournalMessages;
import dev.tidemark.replay.history.TransactionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whom the application named in each transaction of a segment. For one thread. */
final class SaidActors {
    private static final JsonFactory JSON = new JsonFactory();

    private final int part;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Optional<String>> names = new ArrayList<>(); // each once
    private int[] byTransaction = new int[1_024]; // numbers, from 1; a segment may have millions

    private SaidActors(int part) {
        this.part = part;
    }

    static SaidActors read(Archive archive, Window.Part part, Path temporary) throws IOException {
        SaidActors actors = new SaidActors(part.number());
        Manifest segment = part.of().segment();
        Path local = archive.fetch(segment.file(FileRef.Kind.JOURNAL).orElseThrow(), temporary);
        try (JournalMessages messages = JournalMessages.open(local)) {
            while (messages.hasNext()) {
                JournalMessages.Said said = messages.next();
                if (said.kind().equals(TransactionContext.MESSAGE)) {
                    actors.put(said.transaction(), actor(said.content()));
                }
            }
        } finally {
            Files.deleteIfExists(local);
        }
        return actors;
    }

    /** Of several things that were said in a transaction the last one counts. */
    private void put(int transaction, Optional<String> actor) {
        if (transaction >= byTransaction.length) {
            byTransaction =
                    Arrays.copyOf(
                            byTransaction, Math.max(transaction + 1, 2 * byTransaction.length));
        }
        byTransaction[transaction] = actor.map(this::number).orElse(0);
    }

    private int number(String name) {
        return numbers.computeIfAbsent(
                name,
                first -> {
                    names.add(Optional.of(first));
                    return names.size();
                });
    }

    /** Only that is read: a segment may have millions. */
    private static Optional<String> actor(String content) throws IOException {
        try (JsonParser parser = JSON.createParser(content)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isActor = parser.currentName().equals("actor");
                JsonToken value = parser.nextToken();
                if (isActor) {
                    return value == JsonToken.VALUE_STRING
                            ? Optional.of(parser.getText())
                            : Optional.empty();
                }
                parser.skipChildren();
            }
            return Optional.empty();
        }
    }

    /** The number of the segment in the window. */
    int part() {
        return part;
    }

    Optional<String> of(int transaction) {
        int number = transaction < byTransaction.length ? byTransaction[transaction] : 0;
        return number == 0 ? Optional.empty() : names.get(number - 1);
    }

    /** All of them; not who was named in a transaction before another one was. */
    Set<String> names() {
        BitSet acted = new BitSet();
        Arrays.stream(byTransaction).forEach(acted::set);
        acted.clear(0); // nobody was named
        return acted.stream()
                .mapToObj(number -> names.get(number - 1).orElseThrow())
                .collect(Collectors.toSet());
    }
}

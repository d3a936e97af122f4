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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whom the application named in each transaction of a segment. For one thread. */
final class SaidActors {
    private static final JsonFactory JSON = new JsonFactory();

    private final List<Optional<String>> byTransaction = new ArrayList<>();
    private final Map<String, Optional<String>> names = new HashMap<>(); // each once

    private SaidActors() {}

    static SaidActors read(Archive archive, Manifest segment, Path temporary) throws IOException {
        SaidActors actors = new SaidActors();
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
        while (byTransaction.size() <= transaction) {
            byTransaction.add(Optional.empty());
        }
        byTransaction.set(
                transaction, actor.flatMap(name -> names.computeIfAbsent(name, Optional::of)));
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

    Optional<String> of(int transaction) {
        return transaction < byTransaction.size()
                ? byTransaction.get(transaction)
                : Optional.empty();
    }

    Set<String> names() {
        return byTransaction.stream().flatMap(Optional::stream).collect(Collectors.toSet());
    }
}

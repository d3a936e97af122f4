package dev.tidemark.cli.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Settings of Kafka's clients in a file of their own, which holds their passwords. */
final class KafkaFile {
    private KafkaFile() {}

    /**
     * Reads one.
     *
     * @throws TidemarkException (usage) when it cannot be read, or everybody can read it
     */
    static Map<String, String> read(Path file) {
        Properties read = new Properties();
        try (Reader in = Files.newBufferedReader(file, UTF_8)) {
            refuseIfOthersCanRead(file);
            read.load(in);
        } catch (IOException e) {
            throw unreadable(file, TidemarkException.reason(e, file));
        } catch (IllegalArgumentException e) {
            // Without its message, which may hold a part of a password.
            throw unreadable(file, "it is malformed");
        }
        Map<String, String> settings = new HashMap<>();
        read.stringPropertyNames().forEach(key -> settings.put(key, read.getProperty(key, "")));
        return settings;
    }

    private static void refuseIfOthersCanRead(Path file) throws IOException {
        var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null
                && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
            throw TidemarkException.usage(
                    "every user of this machine can read the file %s of kafka.properties-file"
                            .formatted(file),
                    "It is the place for passwords: run 'chmod 600' on it.");
        }
    }

    private static TidemarkException unreadable(Path file, String why) {
        return TidemarkException.usage(
                "cannot read the file %s of kafka.properties-file: %s".formatted(file, why),
                "Check that it exists, has lines of the form key=value in UTF-8, and that you may read it.");
    }
}

package dev.tidemark.cli.command;

import dev.tidemark.cli.config.TimeSpan;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/** Reads how far something stays behind. */
final class DelayConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return TimeSpan.parse(text);
    }
}

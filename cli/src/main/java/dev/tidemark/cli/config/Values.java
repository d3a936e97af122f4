package dev.tidemark.cli.config;

import dev.tidemark.cli.config.YamlSettings.Setting;
import java.util.Map;
import java.util.Optional;

/** The typed values of settings; of those not given, the default. */
record Values(Map<String, Setting> settings) {
    /** Empty when it is neither given nor has a default text. */
    <T> Optional<T> of(Key<T> key) {
        Setting setting = settings.get(key.path());
        if (setting != null) {
            return Optional.of(key.type().parse().apply(setting.text()));
        }
        return key.fallback() instanceof Key.Fallback.Text(String text)
                ? Optional.of(key.type().parse().apply(text))
                : Optional.empty();
    }

    /** For a key that is required, or has a default text. */
    <T> T needed(Key<T> key) {
        return of(key).orElseThrow(() -> new IllegalStateException("unchecked: " + key.path()));
    }

    boolean isGiven(Key<?> key) {
        return settings.containsKey(key.path());
    }
}

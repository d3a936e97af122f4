package dev.tidemark.cli.differential;

import java.util.List;
import java.util.Optional;

/** What changes other objects than tables. */
final class ObjectActions {
    static final List<Action> ALL =
            List.of(
                    Action.of(
                            3,
                            "create schema",
                            "create object",
                            scene -> Optional.of("CREATE SCHEMA " + scene.name("s"))));

    private ObjectActions() {}
}

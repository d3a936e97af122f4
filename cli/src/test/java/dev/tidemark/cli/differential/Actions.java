package dev.tidemark.cli.differential;

import java.util.List;
import java.util.stream.Stream;

/** Everything that may happen. */
final class Actions {
    static final List<Action> ALL =
            Stream.of(RowActions.ALL, TableActions.ALL, IndexActions.ALL, DescribedActions.ALL)
                    .flatMap(List::stream)
                    .toList();

    static final List<Action> ON_ROWS = ALL.stream().filter(Action::isOnRows).toList();

    static final List<Action> ON_SCHEMA =
            ALL.stream().filter(action -> !action.isOnRows()).toList();

    static final List<Action> CREATING =
            ALL.stream().filter(action -> action.tags().contains("create")).toList();

    private Actions() {}
}

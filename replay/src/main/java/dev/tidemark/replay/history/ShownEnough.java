package dev.tidemark.replay.history;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.List;

/**
 * A walk has read enough when it has all changes that are shown and one that is older, and knows
 * what the row was before the oldest of these.
 *
 * @param stretch the number of the one that is walked
 * @param shownMax so many changes of it are shown at most
 */
record ShownEnough(HistoryWindow window, int stretch, long shownMax) implements StretchWalk.Enough {
    @Override
    public boolean is(List<LineEvent> events) {
        // What became of the table as a whole is told from the beginning on.
        if (events.stream().anyMatch(LineEvent.Altered.class::isInstance)) {
            return false;
        }
        long shown = 0;
        boolean isOlder = false; // than all that is shown
        boolean isTold = false; // what the row was before the oldest one that is shown
        for (LineEvent event : events) {
            isOlder |= shown >= shownMax || !window.holds(stretch, event.transaction().position());
            if (event instanceof LineEvent.Row row) {
                if (isOlder && (isTold || tellsAfter(row))) {
                    return true;
                }
                if (!isOlder) {
                    shown += row.change().operation() == Operation.REWRITE ? 0 : 1;
                    isTold = tellsBefore(row);
                }
            }
        }
        return false;
    }

    private static boolean tellsBefore(LineEvent.Row row) {
        return row.change().operation() == Operation.INSERT
                || (row.change().image() == BeforeImage.FULL
                        && row.change().before().stream().allMatch(Value::isKnown));
    }

    private static boolean tellsAfter(LineEvent.Row row) {
        return row.change().operation() == Operation.DELETE
                || row.movedTo().isPresent()
                || row.change().after().stream().allMatch(Value::isKnown);
    }
}

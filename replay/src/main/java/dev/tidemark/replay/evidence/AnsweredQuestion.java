package dev.tidemark.replay.evidence;

import java.util.List;

/**
 * A question and what the archive says to it, for a bundle. Whatever can be asked becomes one.
 * Immutable.
 *
 * @param title in a few words, as in {@code History of crm.contact 4711}
 * @param words the question in a whole sentence
 * @param command the same as it is written on a command line, without what tells of who asks
 * @param window which time it is about, and what is not known of that
 * @param rows the answer
 * @param actors who acts in what the rows tell of, a line each; none where rows do not tell
 * @param notes what a reader has to know to trust it, a sentence each
 */
public record AnsweredQuestion(
        String title,
        String words,
        String command,
        AskedWindow window,
        AnswerRows rows,
        List<String> actors,
        List<String> notes) {
    public AnsweredQuestion {
        actors = List.copyOf(actors);
        notes = List.copyOf(notes);
    }
}

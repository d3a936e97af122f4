package dev.tidemark.cli.prompt;

/** Answers what is typed. */
public interface Asker {
    /**
     * The answer, as it is to be shown.
     *
     * @throws dev.tidemark.schemas.TidemarkException when there is none
     */
    String answer(String sql);

    /** Ends the question that is being answered; by another thread. */
    void cancel();
}

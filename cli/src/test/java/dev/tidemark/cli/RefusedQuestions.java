package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

/** Questions about rows and actors that have no answer, and what is said instead. */
final class RefusedQuestions {
    private RefusedQuestions() {}

    /** Asks them of the archive of {@link MergeIT}. */
    static void check(Deployment tidemark) {
        assertRefused(
                tidemark.tidemark("find", "deal", "--column", "stagee", "--to", "won"),
                2,
                """
                error: table public.deal has no column 'stagee'
                HINT: The nearest names are stage, at, big, due, note.
                """);
        assertRefused(
                tidemark.tidemark("find", "deal", "--column", "id", "--from", "x"),
                2,
                """
                error: 'x' is no integer
                HINT: Column id is integer. Write it in digits.
                """);
        assertRefused(
                tidemark.tidemark("find", "--from", "x"),
                2,
                """
                error: --from needs --column
                HINT: Say which column had or has the value; --value asks for it in every column.
                """);
        Outcome nobody = tidemark.tidemark("who", "anne@example.com");
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.out())
                .isEqualTo(
                        """
                        nothing is known that anne@example.com did
                        The nearest names of those who acted are ann@example.com.
                        """);
        Outcome nothing = tidemark.tidemark("find", "--value", "never there");
        assertThat(nothing.code()).isEqualTo(1);
        assertThat(nothing.out()).startsWith("nothing was found: ");
        assertRefused(
                tidemark.tidemark("history", "deal", "abc"),
                2,
                """
                error: 'abc' is no integer
                HINT: The key of table public.deal is id (integer). Write it in digits.
                """);
        assertRefused(
                tidemark.tidemark("blame", "part", "x"),
                2,
                """
                error: the key of table public.part is b (text), a (integer), and 1 value was given
                HINT: Give one value for each column of the key, in this order.
                """);
        assertRefused(
                tidemark.tidemark("history", "visit", "1"),
                3,
                """
                error: table public.visit has no key, so that its rows have no history of their own
                HINT: Use 'tidemark tx' to see what a transaction did. Once the table has a primary key, its rows have a history from then on.
                """);
        assertRefused(
                tidemark.tidemark("history", "acount", "1"),
                3,
                """
                error: the archive knows no table 'acount', and never did
                HINT: The nearest names are public.account, public.audit, public.part, public.visit, public.deal.
                """);
        Outcome early =
                tidemark.tidemark("history", "deal", "7", "--since", "2020-01-01T00:00:00Z");
        assertThat(early.code()).isEqualTo(3);
        assertThat(early.err())
                .startsWith(
                        "error: 2020-01-01T00:00:00Z is before the archive's first moment\nHINT: The archive reaches from ");
        Outcome none = tidemark.tidemark("history", "deal", "4711");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.out()).isEqualTo("there was no public.deal 4711\n");
    }

    private static void assertRefused(Outcome outcome, int code, String err) {
        assertThat(outcome.err()).isEqualTo(err);
        assertThat(outcome.code()).isEqualTo(code);
    }
}

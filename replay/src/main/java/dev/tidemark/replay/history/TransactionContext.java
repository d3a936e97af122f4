package dev.tidemark.replay.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.json.CanonicalJson;
import java.util.Optional;

/**
 * What an application said in a transaction about who acts in it: a claim, and beside it what the
 * source itself knew of the session. Nothing that is empty was said, or known.
 *
 * @param actor who acts, as the application names them
 * @param reason why
 * @param request the application's own name of what it was asked to do
 * @param sessionUser the role that the session had logged in as: of these the only one that no
 *     application can choose
 * @param application what the session called itself
 * @param address where the session's client was, which may be a connection pool; empty for a local
 *     socket
 */
public record TransactionContext(
        Optional<String> actor,
        Optional<String> reason,
        Optional<String> request,
        Optional<String> sessionUser,
        Optional<String> application,
        Optional<String> address) {
    /** The kind of the message, as {@link Entry.Message#prefix} has it. */
    public static final String MESSAGE = "context";

    /** How an actor is shown whom nobody named. */
    public static final String UNKNOWN = "unknown";

    /** Of such a message's content; what a newer version adds to it is passed over. */
    public static TransactionContext read(String json) {
        return CanonicalJson.read(
                json.getBytes(UTF_8), TransactionContext.class, "who acts in a transaction");
    }

    /** What an entry of a transaction says, if it is such a message. */
    static Optional<TransactionContext> of(Entry entry) {
        return entry instanceof Entry.Message message && message.prefix().equals(MESSAGE)
                ? Optional.of(read(message.content()))
                : Optional.empty();
    }
}

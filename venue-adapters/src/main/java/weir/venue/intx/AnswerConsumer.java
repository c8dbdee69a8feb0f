package weir.venue.intx;

import com.fasterxml.jackson.databind.JsonNode;

/** Where the answer to a question of ours goes. Agent's thread. */
@FunctionalInterface
interface AnswerConsumer {
    /** No answer came, or none that says anything. */
    int NONE = 0;

    /**
     * The answer.
     *
     * @param status HTTP status, {@link #NONE} when there is none
     * @param root   of its JSON, null when there is none
     */
    void accept(int status, JsonNode root);
}

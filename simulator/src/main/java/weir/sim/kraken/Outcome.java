package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ArrayNode;
import weir.sim.market.Json;

/**
 * What an instruction led to.
 *
 * @param status as sendStatus, editStatus, cancelStatus and batchStatus have it.
 * @param order  null if none was found or made.
 * @param events orderEvents.
 */
record Outcome(String status, KrakenOrder order, ArrayNode events) {
    static Outcome refused(final String status) {
        return new Outcome(status, null, Json.array());
    }
}

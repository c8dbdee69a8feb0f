package weir.sim.market;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/**
 * How far one of the venue's limits was used: what {@code GET /limits} of every control interface tells, in one form.
 *
 * @param account whose limit, as the configuration names the account; an address where the limit is an address's
 * @param limit   what is counted, per what
 * @param peak    the most that was counted in any window of that length
 * @param max     the venue's limit
 * @param refused messages refused for it
 * @param note    what else the venue did, or empty
 */
public record LimitUse(String account, String limit, long peak, long max, long refused, String note) {

    /** A list of them as JSON, one object each. */
    public static ArrayNode json(final List<LimitUse> uses) {
        final ArrayNode list = Json.array();
        uses.forEach(use -> list.addObject().put("account", use.account()).put("limit", use.limit())
            .put("peak", use.peak()).put("max", use.max()).put("refused", use.refused()).put("note", use.note()));
        return list;
    }
}

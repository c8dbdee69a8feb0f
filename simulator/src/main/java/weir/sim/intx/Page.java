package weir.sim.intx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;

/** {@code {"pagination":..,"results":[..]}}: result_limit 1 to 100, 25 unless given, from result_offset on. */
final class Page {
    private static final int LIMIT_MAX = 100;
    private static final int LIMIT = 25;

    private Page() {
    }

    /** @throws ApiError if the query makes no sense. */
    static ObjectNode of(final RestQuery query, final List<? extends JsonNode> all, final String refTime) {
        final int limit = number(query, "result_limit", LIMIT);
        final int offset = number(query, "result_offset", 0);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ApiError.bad("invalid result_limit");
        }
        final ObjectNode page = Json.object();
        page.putObject("pagination").put("ref_datetime", refTime).put("result_limit", limit)
            .put("result_offset", offset);
        final ArrayNode results = page.putArray("results");
        all.subList(Math.min(offset, all.size()), Math.min(offset + limit, all.size())).forEach(results::add);
        return page;
    }

    private static int number(final RestQuery query, final String name, final int otherwise) {
        final String text = query.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,8}")) {
            throw ApiError.bad("invalid " + name);
        }
        return Integer.parseInt(text);
    }
}

package weir.sim.cow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.LimitUse;
import weir.sim.market.RestQuery;

/** What a tester may do to this venue. The control door's thread. */
final class CowControl {
    private final CowBook book;
    private final Tokens tokens;
    private final FaultPlan<CowFault> faults;
    private final EdgeLimit limit;
    private final LongSupplier clock;

    CowControl(final CowBook book, final Tokens tokens, final FaultPlan<CowFault> faults, final EdgeLimit limit,
        final LongSupplier clock) {
        this.book = book;
        this.tokens = tokens;
        this.faults = faults;
        this.limit = limit;
        this.clock = clock;
    }

    /** See {@link weir.sim.market.ControlDoor.Calls}. */
    JsonNode call(final String what, final RestQuery query, final JsonNode body) {
        switch (what) {
            case "GET /health":
                return Json.object().put("status", "up");
            case "GET /stats":
                return limit.toJson();
            case "GET /limits":
                return LimitUse.json(List.of(limit.use()));
            case "GET /orders":
                return orders();
            case "GET /faults":
                return faults.toJson();
            case "GET /struck":
                return faults.struck();
            case "POST /faults":
                faults.apply(body);
                return faults.toJson();
            case "POST /calm":
                faults.reset();
                return faults.toJson();
            case "POST /settle":
                book.settleNow(clock.getAsLong());
                return orders();
            case "POST /reorg":
                book.reorg(clock.getAsLong());
                return orders();
            case "POST /token":
                return token(body);
            case "POST /rate":
                limit.rate(Math.max(1, body.path("perSecond").asInt()));
                return Json.object().put("perSecond", body.path("perSecond").asInt());
            case "POST /reset":
                faults.reset();
                limit.reset();
                book.clear();
                return Json.object().put("reset", true);
            default:
                return null;
        }
    }

    /** {@code {"symbol":"WETH","priceUsd":"3000","liquidity":"0.5"}}; a liquidity of null is no end. */
    private JsonNode token(final JsonNode body) {
        final String symbol = Json.text(body, "symbol");
        return book.read(() -> {
            if (body.hasNonNull("priceUsd")) {
                tokens.reprice(symbol, new BigDecimal(body.get("priceUsd").asText()));
            }
            if (body.has("liquidity")) {
                tokens.limit(symbol, body.get("liquidity").isNull() ? null
                    : new BigDecimal(body.get("liquidity").asText()));
            }
            return Json.object().put("symbol", symbol).put("priceUsd", tokens.bySymbol(symbol).priceUsd());
        });
    }

    private ObjectNode orders() {
        final ObjectNode answer = book.openByAccount(clock.getAsLong());
        final ArrayNode open = answer.putArray("open");
        book.read(() -> {
            book.open(clock.getAsLong()).forEach(order -> open.addObject().put("uid", order.uid)
                .put("owner", order.owner).put("kind", order.terms.kind())
                .put("sellAmount", order.terms.sellAmount().toString())
                .put("buyAmount", order.terms.buyAmount().toString())
                .put("executedSellAmount", order.executedSell.toString())
                .put("executedBuyAmount", order.executedBuy.toString()).put("appData", order.appData));
            return null;
        });
        return answer;
    }
}

package weir.sim.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;

/**
 * The batchorder call: instructions are carried out in order, one by one, each with an outcome of its own; the answers
 * come in no particular order. Any thread. Source: "Batch order management".
 */
final class BatchCall {
    private final KrakenEngine engine;
    private final TradingCalls trading;
    private final LongSupplier offsetNs;
    private final int sizeMax;
    private final Random random;

    BatchCall(
        final KrakenEngine engine, final TradingCalls trading, final LongSupplier offsetNs, final int sizeMax,
        final long seed) {
        this.engine = engine;
        this.trading = trading;
        this.offsetNs = offsetNs;
        this.sizeMax = sizeMax;
        this.random = new Random(seed);
    }

    /**
     * The instructions of a batch.
     *
     * @throws ApiError if there are none, or it is no JSON: it must come as the form field {@code json}.
     */
    static JsonNode parse(final RestQuery query) {
        final String text = query.get("json");
        if (text == null || text.isEmpty()) {
            throw ApiError.missing("json");
        }
        try {
            final JsonNode batch = Json.parse(text.getBytes(StandardCharsets.UTF_8)).path("batchOrder");
            if (!batch.isArray()) {
                throw ApiError.missing("batchOrder");
            }
            return batch;
        } catch (final IOException e) {
            throw new ApiError("Json Parse Error", "json");
        }
    }

    /**
     * Carries a batch out.
     *
     * @param cutAfter stops after this many instructions, as a gateway that dies would; negative for no cut.
     * @param inOrder  answers in the order of the instructions.
     * @throws ApiError if one of the instructions is incomplete: nothing is carried out then.
     */
    ObjectNode call(
        final KrakenAccount account, final JsonNode batch, final String processBefore, final int cutAfter,
        final boolean inOrder, final long nowNs) {
        if (batch.isEmpty() || batch.size() > sizeMax) {
            throw ApiError.invalid("batchOrder of " + batch.size());
        }
        batch.forEach(BatchCall::check);
        final boolean late = trading.isLate(processBefore, nowNs);
        final List<ObjectNode> answers = new ArrayList<>();
        for (final JsonNode item : batch) {
            if (answers.size() == cutAfter) {
                break;
            }
            answers.add(answer(account, item, late, nowNs));
        }
        if (!inOrder) {
            synchronized (random) {
                Collections.shuffle(answers, random);
            }
        }
        final ArrayNode list = Json.array();
        answers.forEach(list::add);
        final ObjectNode body = Json.object();
        body.set("batchStatus", list);
        return body;
    }

    private static void check(final JsonNode item) {
        final Fields fields = Fields.of(item);
        switch (fields.required("order")) {
            case "send" -> {
                for (final String name : List.of("order_tag", "orderType", "symbol", "side", "size")) {
                    fields.required(name);
                }
                final OrderType type = OrderType.of(fields.text("orderType"));
                if (type != null && type.needsLimitPrice()) {
                    fields.requiredDecimal("limitPrice");
                }
                if (type != null && type.isTrigger()) {
                    fields.requiredDecimal("stopPrice");
                }
                fields.requiredDecimal("size");
            }
            case "edit", "cancel" -> {
                if (fields.orderId() == null && fields.text("cliOrdId") == null) {
                    throw ApiError.missing("order_id or cliOrdId");
                }
            }
            default -> throw ApiError.invalid("order");
        }
    }

    private ObjectNode answer(
        final KrakenAccount account, final JsonNode item, final boolean late, final long nowNs) {
        final Fields fields = Fields.of(item);
        final String kind = fields.text("order");
        final Outcome outcome = late ? Outcome.refused("wouldProcessAfterSpecifiedTime") : switch (kind) {
            case "send" -> send(account, fields, nowNs);
            case "edit" -> edit(account, fields, nowNs);
            default -> trading.cancel(account, fields, nowNs);
        };
        final ObjectNode answer = Json.object().put("status", outcome.status());
        if ("send".equals(kind)) {
            answer.put("order_tag", fields.text("order_tag"));
        }
        final String orderId = outcome.order() == null ? fields.orderId() : outcome.order().orderId;
        if (orderId != null) {
            answer.put("order_id", orderId);
        }
        if (fields.text("cliOrdId") != null) {
            answer.put("cliOrdId", fields.text("cliOrdId"));
        }
        answer.put("dateTimeReceived", IsoTime.format(nowNs + offsetNs.getAsLong()));
        answer.set("orderEvents", outcome.events());
        return answer;
    }

    private Outcome edit(final KrakenAccount account, final Fields fields, final long nowNs) {
        try {
            return trading.edit(account, fields, nowNs);
        } catch (final ApiError e) {
            return Outcome.refused(e.code());
        }
    }

    private Outcome send(final KrakenAccount account, final Fields fields, final long nowNs) {
        if (OrderType.of(fields.text("orderType")) == null) {
            return Outcome.refused("invalidOrderType");
        }
        if (!"buy".equals(fields.text("side")) && !"sell".equals(fields.text("side"))) {
            return Outcome.refused("invalidSide");
        }
        try {
            return engine.send(fields.order(account, fields.text("order_tag"), "batch"), nowNs);
        } catch (final ApiError e) {
            // Others of the batch are carried out already: what remains wrong with this one is its own affair.
            return Outcome.refused(e.code());
        }
    }
}

package weir.sim.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.LongSupplier;
import org.xnio.IoUtils;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;
import weir.sim.market.VenueLog;

/**
 * The REST interface: who calls, within which budget, where the call goes, and which fault strikes. Undertow's workers.
 */
final class RestDoor implements HttpHandler {
    private static final String DERIVATIVES = "/derivatives/api/v3/";
    private static final String HISTORY = "/api/history/v2/";
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final byte[] FOREIGN = "<html><body>sign in</body></html>".getBytes(StandardCharsets.UTF_8);
    private static final Set<String> TRADING = Set.of("POST sendorder", "POST editorder", "POST cancelorder",
        "POST cancelallorders", "POST batchorder");

    private final LongSupplier clock;
    private final LongSupplier offsetNs;
    private final VenueLog log;
    private final FaultPlan<KrakenFault> faults;
    private final CallerCheck callers;
    private final Budgets budgets;
    private final Calls calls;

    /** Every group of calls. */
    record Calls(
        MarketData market, TradingCalls trading, BatchCall batch, AccountCalls account, HistoryCalls history) {
    }

    /** A call on its way. */
    private static final class Call {
        private final String method;
        private final String path;
        private final String endpoint;
        private final String address;
        private final byte[] postData;
        private final RestQuery query;
        private final long atNs;
        private final ObjectNode line;
        private KrakenAccount account;
        private boolean carriedOut;
        private boolean cut;
        private boolean edge;

        private Call(final HttpServerExchange exchange, final byte[] body, final long atNs) {
            this.method = exchange.getRequestMethod().toString();
            this.path = exchange.getRequestPath();
            this.endpoint = path.startsWith(DERIVATIVES) ? path.substring(DERIVATIVES.length())
                : path.startsWith(HISTORY) ? path.substring(HISTORY.length()) : "";
            this.address = exchange.getSourceAddress().getAddress().getHostAddress();
            final String raw = exchange.getQueryString();
            final String form = new String(body, StandardCharsets.UTF_8);
            this.postData = body.length == 0 ? raw.getBytes(StandardCharsets.UTF_8) : body;
            this.query = new RestQuery(body.length == 0 ? raw : raw.isEmpty() ? form : raw + '&' + form);
            this.atNs = atNs;
            this.line = VenueLog.line("rest", atNs).put("method", method).put("path", path);
        }

        private String name() {
            return method + ' ' + endpoint;
        }

        private boolean isTrading() {
            return path.startsWith(DERIVATIVES) && TRADING.contains(name());
        }
    }

    /** @param offsetNs how far the venue's clock is ahead. */
    RestDoor(
        final LongSupplier clock, final LongSupplier offsetNs, final VenueLog log,
        final FaultPlan<KrakenFault> faults, final CallerCheck callers, final Budgets budgets, final Calls calls) {
        this.clock = clock;
        this.offsetNs = offsetNs;
        this.log = log;
        this.faults = faults;
        this.callers = callers;
        this.budgets = budgets;
        this.calls = calls;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (exchange.isInIoThread()) {
            exchange.dispatch(this);
            return;
        }
        try {
            exchange.startBlocking();
            final byte[] body = exchange.getInputStream().readNBytes(BODY_BYTES_MAX);
            final Call call = new Call(exchange, body, clock.getAsLong());
            final ObjectNode answer = answer(exchange, call);
            log.write(call.line);
            reply(exchange, call, answer);
        } catch (final IOException e) {
            // The caller went away while it spoke: nothing was carried out and nobody waits for an answer.
            IoUtils.safeClose(exchange.getConnection());
        } catch (final RuntimeException e) {
            System.err.println("kraken simulator: rest: " + e);
            exchange.setStatusCode(500);
            exchange.endExchange();
        }
    }

    /** The whole answer, or null for none. */
    private ObjectNode answer(final HttpServerExchange exchange, final Call call) {
        try {
            if (call.endpoint.isEmpty()) {
                throw new ApiError("notFound", call.path);
            }
            final ObjectNode open = call.path.startsWith(DERIVATIVES) && "GET".equals(call.method)
                ? calls.market.call(call.endpoint, call.query, call.atNs) : null;
            final ObjectNode body = open == null ? privateCall(exchange, call) : open;
            return body == null ? null : success(call, body);
        } catch (final ApiError e) {
            call.line.put("error", e.code()).put("detail", e.getMessage());
            return error(e.code(), call);
        }
    }

    private ObjectNode privateCall(final HttpServerExchange exchange, final Call call) {
        final HeaderMap headers = exchange.getRequestHeaders();
        final CallerCheck.Result caller = callers.check(headers.getFirst("APIKey"), headers.getFirst("Authent"),
            headers.getFirst("Nonce"), call.postData, call.path);
        if (caller.account() != null) {
            call.account = caller.account();
            call.line.put("session", call.account.apiKey()).put("profile", call.account.name());
        }
        if (caller.error() != null) {
            if (caller.account() != null) {
                budgets.stats(caller.account().name()).onAuthenticationError();
            }
            call.line.put("hint", caller.hint());
            throw new ApiError(caller.error(), "signature or nonce");
        }
        if (faults.strikes(KrakenFault.EDGE_REFUSAL, call.account.apiKey())) {
            note(call, KrakenFault.EDGE_REFUSAL);
            refused(call, "POST batchorder".equals(call.name()) ? BatchCall.parse(call.query) : null, "edge");
            call.edge = true;
            return Json.object();
        }
        final boolean history = call.path.startsWith(HISTORY);
        final JsonNode batch = "POST batchorder".equals(call.name()) ? BatchCall.parse(call.query) : null;
        charge(call, history, batch);
        strikeBefore(call);
        if (call.cut) {
            return null;
        }
        if (history) {
            return known(call, calls.history.call(call.account, call.endpoint, call.query, call.atNs));
        }
        return known(call, batch == null ? single(call) : batch(call, batch));
    }

    private ObjectNode single(final Call call) {
        final ObjectNode body = calls.trading.call(call.account, call.name(), call.query, call.atNs);
        call.carriedOut = call.isTrading();
        return body == null ? calls.account.call(call.account, call.name(), call.query, call.atNs) : body;
    }

    private ObjectNode batch(final Call call, final JsonNode batch) {
        final String key = call.account.apiKey();
        final boolean cut = faults.strikes(KrakenFault.DISCONNECT_MID_BATCH, key);
        final String before = call.query.get("ProcessBefore");
        final ObjectNode body = calls.batch.call(call.account, batch,
            before == null ? call.query.get("processBefore") : before,
            cut ? (int)faults.value(KrakenFault.BATCH_CUT_AFTER, key) : -1,
            faults.isOn(KrakenFault.BATCH_IN_ORDER, key), call.atNs);
        call.carriedOut = true;
        if (cut) {
            note(call, KrakenFault.DISCONNECT_MID_BATCH);
            call.cut = true;
        }
        return body;
    }

    private static ObjectNode known(final Call call, final ObjectNode body) {
        if (body == null && !call.cut) {
            throw new ApiError("notFound", call.name());
        }
        return body;
    }

    private void charge(final Call call, final boolean history, final JsonNode batch) {
        final int instructions = batch == null ? 1 : batch.size();
        final int cost = history ? CostTable.history(call.endpoint, HistoryCalls.count(call.query))
            : CostTable.derivatives(call.name(), instructions, call.query.get("lastFillTime") != null);
        if (cost < 0) {
            throw new ApiError("notFound", call.name());
        }
        final boolean storm = faults.strikes(KrakenFault.LIMIT_STORM, call.account.apiKey());
        final boolean admitted = !storm && (history
            ? budgets.tryTakeHistory(call.account, call.address, cost, call.atNs)
            : budgets.tryTake(call.account, call.address, cost, call.atNs));
        call.line.put("cost", cost).put("instructions", call.isTrading() ? instructions : 0);
        if (!history) {
            budgets.stats(call.account.name()).onCall(call.name(), cost, call.isTrading() ? instructions : 0,
                admitted, call.atNs);
        }
        if (!admitted) {
            refused(call, batch, "apiLimitExceeded");
            throw new ApiError("apiLimitExceeded", storm ? "storm" : "budget");
        }
    }

    /** An order that the door turned away is none of the venue's, but it was here: a line for each. */
    private void refused(final Call call, final JsonNode batch, final String why) {
        if ("POST sendorder".equals(call.name())) {
            refused(call, call.query.get("cliOrdId"), call.query.get("symbol"), call.query.get("side"),
                why);
        } else if (batch != null) {
            for (final JsonNode one : batch) {
                if ("send".equals(one.path("order").asText())) {
                    refused(call, one.path("cliOrdId").asText(null), one.path("symbol").asText(),
                        one.path("side").asText(), why);
                }
            }
        }
    }

    private void refused(final Call call, final String clOrdId, final String symbol, final String side,
        final String why) {
        if (clOrdId != null) {
            log.write(VenueLog.line("reject", call.atNs).put("session", call.account.apiKey())
                .put("profile", call.account.name()).put("clOrdId", clOrdId).put("product", symbol).put("side", side)
                .put("reason", why));
        }
    }

    /** Faults that strike before anything is carried out. */
    private void strikeBefore(final Call call) {
        final String key = call.account.apiKey();
        final boolean maintenance = faults.isOn(KrakenFault.MAINTENANCE, key);
        if (maintenance || faults.strikes(KrakenFault.SERVER_ERROR_BEFORE, key)) {
            note(call, maintenance ? KrakenFault.MAINTENANCE : KrakenFault.SERVER_ERROR_BEFORE);
            throw new ApiError("Server Error", "fault");
        }
        final KrakenFault lost = call.isTrading() ? KrakenFault.ANSWER_LOST_BEFORE : KrakenFault.QUERY_LOST;
        if (faults.strikes(lost, key)) {
            note(call, lost);
            call.cut = true;
        }
    }

    private void reply(final HttpServerExchange exchange, final Call call, final ObjectNode answer) {
        final String key = call.account == null ? null : call.account.apiKey();
        if (call.carriedOut && !call.cut && faults.strikes(KrakenFault.ANSWER_LOST_AFTER, key)) {
            note(call, KrakenFault.ANSWER_LOST_AFTER);
            call.cut = true;
        }
        if (call.account != null && faults.strikes(KrakenFault.SLOW_ANSWER, key)) {
            note(call, KrakenFault.SLOW_ANSWER);
            pause(faults.value(KrakenFault.SLOW_ANSWER_MS, key));
        }
        if (call.carriedOut) {
            pause(faults.value(KrakenFault.ANSWER_LATE_MS, key));
        }
        if (call.cut) {
            IoUtils.safeClose(exchange.getConnection());
            return;
        }
        if (call.edge) {
            refuseAtEdge(exchange, key);
            return;
        }
        byte[] bytes = Json.bytes(answer);
        int status = "Server Error".equals(answer.path("error").asText())
            ? (int)faults.value(KrakenFault.SERVER_ERROR_STATUS, key) : 200;
        if (call.carriedOut && faults.strikes(KrakenFault.SERVER_ERROR_AFTER, key)) {
            note(call, KrakenFault.SERVER_ERROR_AFTER);
            status = (int)faults.value(KrakenFault.SERVER_ERROR_STATUS, key);
            bytes = Json.bytes(error("Server Error", call));
        }
        if (call.carriedOut && faults.strikes(KrakenFault.TRUNCATED_ANSWER, key)) {
            note(call, KrakenFault.TRUNCATED_ANSWER);
            bytes = java.util.Arrays.copyOf(bytes, bytes.length / 2);
        }
        if (call.carriedOut && faults.strikes(KrakenFault.WRONG_CONTENT, key)) {
            note(call, KrakenFault.WRONG_CONTENT);
            bytes = FOREIGN;
        }
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json; charset=utf-8");
        exchange.getResponseSender().send(ByteBuffer.wrap(bytes));
    }

    private void refuseAtEdge(final HttpServerExchange exchange, final String key) {
        final long retryAfterS = faults.value(KrakenFault.EDGE_RETRY_AFTER_S, key);
        if (retryAfterS > 0) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, Long.toString(retryAfterS));
        }
        exchange.setStatusCode((int)faults.value(KrakenFault.EDGE_STATUS, key));
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        exchange.getResponseSender().send("refused at the edge");
    }

    private void note(final Call call, final KrakenFault fault) {
        log.write(VenueLog.line("fault", clock.getAsLong()).put("fault", fault.key()).put("call", call.name())
            .put("session", call.account.apiKey()));
    }

    private static void pause(final long ms) {
        try {
            if (ms > 0) {
                Thread.sleep(ms);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ObjectNode success(final Call call, final ObjectNode body) {
        final ObjectNode answer = Json.object().put("result", "success");
        answer.setAll(body);
        if (!answer.has("serverTime")) {
            answer.put("serverTime", IsoTime.format(call.atNs + offsetNs.getAsLong()));
        }
        return answer;
    }

    private ObjectNode error(final String code, final Call call) {
        return Json.object().put("result", "error")
            .put("serverTime", IsoTime.format(call.atNs + offsetNs.getAsLong())).put("error", code);
    }
}

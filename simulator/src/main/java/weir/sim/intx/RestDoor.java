package weir.sim.intx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.xnio.IoUtils;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;
import weir.sim.market.VenueLog;

/**
 * The REST interface: who calls, within which limit, where the call goes, and which fault strikes. Undertow's workers.
 */
final class RestDoor implements HttpHandler {
    private static final String BASE = "/api/v1/";
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final byte[] FOREIGN = "<html><body>sign in</body></html>".getBytes(StandardCharsets.UTF_8);

    private final LongSupplier clock;
    private final IntxEngine engine;
    private final VenueLog log;
    private final FaultPlan<IntxFault> faults;
    private final CallerCheck callers;
    private final KeyLimits limits;
    private final MarketCalls market;
    private final OrderCalls orders;
    private final PortfolioCalls portfolios;
    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();

    /** A call on its way. */
    private static final class Call {
        private final String method;
        private final String path;
        private final String endpoint;
        private final String rawQuery;
        private final byte[] body;
        private final RestQuery query;
        private final long atNs;
        private final ObjectNode line;
        private IntxAccount account;
        private boolean carriedOut;
        private boolean cut;
        private boolean silent;
        private int status = 200;

        private Call(final HttpServerExchange exchange, final byte[] body, final long atNs) {
            this.method = exchange.getRequestMethod().toString();
            this.path = exchange.getRequestPath();
            this.endpoint = path.startsWith(BASE) ? path.substring(BASE.length()) : "";
            this.rawQuery = exchange.getQueryString();
            this.body = body;
            this.query = new RestQuery(rawQuery);
            this.atNs = atNs;
            this.line = VenueLog.line("rest", atNs).put("method", method).put("path", path).put("query", rawQuery);
        }

        private boolean isTrading() {
            return !"GET".equals(method);
        }
    }

    RestDoor(final LongSupplier clock, final IntxEngine engine, final VenueLog log,
        final FaultPlan<IntxFault> faults, final CallerCheck callers, final KeyLimits limits,
        final MarketCalls market, final OrderCalls orders, final PortfolioCalls portfolios) {
        this.clock = clock;
        this.engine = engine;
        this.log = log;
        this.faults = faults;
        this.callers = callers;
        this.limits = limits;
        this.market = market;
        this.orders = orders;
        this.portfolios = portfolios;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (exchange.isInIoThread()) {
            exchange.dispatch(this);
            return;
        }
        final ServerConnection connection = exchange.getConnection();
        if (connections.add(connection)) {
            connection.addCloseListener(connections::remove);
        }
        try {
            exchange.startBlocking();
            final byte[] body = exchange.getInputStream().readNBytes(BODY_BYTES_MAX);
            final Call call = new Call(exchange, body, clock.getAsLong());
            final JsonNode answer = answer(exchange, call);
            log.write(call.line.put("status", call.status));
            reply(exchange, call, answer);
        } catch (final IOException e) {
            // The caller went away while it spoke: nothing was carried out and nobody waits for an answer.
            IoUtils.safeClose(connection);
        } catch (final RuntimeException e) {
            System.err.println("intx simulator: rest: " + e);
            exchange.setStatusCode(500);
            exchange.endExchange();
        }
    }

    /** Closes every connection of callers. @return how many. */
    int dropAll() {
        int count = 0;
        for (final ServerConnection connection : connections) {
            IoUtils.safeClose(connection);
            count++;
        }
        return count;
    }

    private JsonNode answer(final HttpServerExchange exchange, final Call call) {
        try {
            if (call.endpoint.isEmpty()) {
                throw ApiError.notFound();
            }
            if (faults.isOn(IntxFault.MAINTENANCE, null)) {
                throw new ApiError(503, "Service Unavailable");
            }
            final JsonNode open = "GET".equals(call.method) ? market.call(call.endpoint, call.atNs) : null;
            return open == null ? privateCall(exchange, call) : open;
        } catch (final ApiError e) {
            call.status = e.status();
            call.line.put("error", e.getMessage());
            refused(call, e);
            return e.toJson();
        }
    }

    private JsonNode privateCall(final HttpServerExchange exchange, final Call call) {
        final HeaderMap headers = exchange.getRequestHeaders();
        final CallerCheck.Result caller = callers.check(headers.getFirst("CB-ACCESS-KEY"),
            headers.getFirst("CB-ACCESS-PASSPHRASE"), headers.getFirst("CB-ACCESS-TIMESTAMP"),
            headers.getFirst("CB-ACCESS-SIGN"), call.method, call.path, call.rawQuery, call.body,
            call.atNs + engine.offset());
        if (caller.account() != null) {
            call.account = caller.account();
            call.line.put("session", call.account.apiKey()).put("profile", call.account.name());
        }
        if (caller.error() != null) {
            limits.onUnauthorized(call.account);
            call.line.put("hint", caller.hint());
            throw caller.error();
        }
        final String key = call.account.apiKey();
        if (!limits.of(key).tryPass(faults.strikes(IntxFault.LIMIT_STORM, key), call.atNs)) {
            throw new ApiError(429, "Rate limit exceeded - Server allows 100 requests per second");
        }
        if (faults.strikes(IntxFault.SERVER_ERROR_BEFORE, key)) {
            note(call, IntxFault.SERVER_ERROR_BEFORE);
            throw new ApiError((int)faults.value(IntxFault.SERVER_ERROR_STATUS, key), "Internal Server Error");
        }
        final IntxFault lost = call.isTrading() ? IntxFault.ANSWER_LOST_BEFORE : IntxFault.QUERY_LOST;
        if (faults.strikes(lost, key)) {
            note(call, lost);
            call.cut = true;
            return null;
        }
        final JsonNode answer = route(call);
        call.carriedOut = call.isTrading();
        return answer;
    }

    private JsonNode route(final Call call) {
        final IntxAccount account = call.account;
        if ("orders".equals(call.endpoint)) {
            switch (call.method) {
                case "POST":
                    return orders.create(account, body(call), call.atNs);
                case "GET":
                    return orders.list(account, call.query, call.atNs);
                case "DELETE":
                    return orders.cancelAll(account, call.query, call.atNs);
                default:
                    throw new ApiError(405, "Method Not Allowed");
            }
        }
        if (call.endpoint.startsWith("orders/")) {
            final String orderId = call.endpoint.substring("orders/".length());
            switch (call.method) {
                case "PUT":
                    return orders.modify(account, orderId, body(call), call.atNs);
                case "GET":
                    return orders.one(account, orderId, call.query.get("portfolio"), call.atNs);
                case "DELETE":
                    return orders.cancel(account, orderId, call.query.get("portfolio"), call.atNs);
                default:
                    throw new ApiError(405, "Method Not Allowed");
            }
        }
        final JsonNode answer = "GET".equals(call.method) && call.endpoint.startsWith("portfolios")
            ? portfolios.call(account, call.endpoint.substring("portfolios".length()), call.query, call.atNs) : null;
        if (answer == null) {
            throw ApiError.notFound();
        }
        return answer;
    }

    private static JsonNode body(final Call call) {
        try {
            final JsonNode body = Json.parse(call.body);
            if (!body.isObject()) {
                throw ApiError.bad("Couldn't deserialize body");
            }
            return body;
        } catch (final IOException e) {
            throw ApiError.bad("Couldn't deserialize body");
        }
    }

    /** An order that was turned away, at the door or by the engine, is none of the venue's, but it was here: a line. */
    private void refused(final Call call, final ApiError error) {
        if (call.account == null || error.status() >= 500 || !"POST".equals(call.method)
            || !"orders".equals(call.endpoint)) {
            return;
        }
        try {
            final JsonNode body = Json.parse(call.body);
            log.write(VenueLog.line("reject", call.atNs).put("session", call.account.apiKey())
                .put("profile", call.account.name()).put("channel", "rest")
                .put("clOrdId", body.path("client_order_id").asText()).put("product", body.path("instrument").asText())
                .put("side", body.path("side").asText()).put("qty", body.path("size").asText())
                .put("price", body.path("price").asText()).put("reason", error.getMessage()));
        } catch (final IOException e) {
            call.line.put("detail", "a body that is no JSON");
        }
    }

    private void reply(final HttpServerExchange exchange, final Call call, final JsonNode answer) {
        final String key = call.account == null ? null : call.account.apiKey();
        if (call.carriedOut && strikes(call, IntxFault.ANSWER_LOST_AFTER, key)) {
            call.cut = true;
        }
        if (call.carriedOut && !call.cut && strikes(call, IntxFault.HALF_OPEN, key)) {
            call.silent = true;
        }
        if (call.account != null && strikes(call, IntxFault.SLOW_ANSWER, key)) {
            pause(faults.value(IntxFault.SLOW_ANSWER_MS, key));
        }
        if (call.cut) {
            IoUtils.safeClose(exchange.getConnection());
            return;
        }
        if (call.silent) {
            // nobody ends the exchange: the caller waits on a connection that stays open
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> { });
            return;
        }
        byte[] bytes = Json.bytes(answer);
        if (call.carriedOut && strikes(call, IntxFault.SERVER_ERROR_AFTER, key)) {
            call.status = (int)faults.value(IntxFault.SERVER_ERROR_STATUS, key);
            bytes = Json.bytes(new ApiError(call.status, "Internal Server Error").toJson());
        }
        if (call.carriedOut && strikes(call, IntxFault.TRUNCATED_ANSWER, key)) {
            bytes = Arrays.copyOf(bytes, bytes.length / 2);
        }
        if (call.carriedOut && strikes(call, IntxFault.WRONG_CONTENT, key)) {
            bytes = FOREIGN;
        }
        exchange.setStatusCode(call.status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json").put(Headers.DATE,
            VenueTime.httpDate(clock.getAsLong() + engine.offset()));
        exchange.getResponseSender().send(ByteBuffer.wrap(bytes));
    }

    private boolean strikes(final Call call, final IntxFault fault, final String key) {
        final boolean strikes = faults.strikes(fault, key);
        if (strikes) {
            note(call, fault);
        }
        return strikes;
    }

    private void note(final Call call, final IntxFault fault) {
        log.write(VenueLog.line("fault", clock.getAsLong()).put("fault", fault.key())
            .put("call", call.method + ' ' + call.path).put("session", call.account.apiKey()));
    }

    private static void pause(final long ms) {
        try {
            Thread.sleep(ms);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

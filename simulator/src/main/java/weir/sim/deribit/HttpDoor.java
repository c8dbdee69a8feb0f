package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.function.LongSupplier;
import org.xnio.IoUtils;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;

/**
 * {@code /api/v2/}: methods as paths, parameters in the query, or a JSON-RPC body. Undertow's workers; the caller is
 * told by header {@code Authorization}.
 */
final class HttpDoor implements HttpHandler {
    private static final int TOO_MANY = 429;
    private static final String PREFIX = "/api/v2/";
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final byte[] FOREIGN = "<html><body>sign in</body></html>".getBytes(StandardCharsets.UTF_8);

    private final Rpc rpc;
    private final Grants grants;
    private final FaultPlan<DeribitFault> faults;
    private final LongSupplier clock;
    private final LongSupplier offsetNs;

    HttpDoor(
        final Rpc rpc, final Grants grants, final FaultPlan<DeribitFault> faults, final LongSupplier clock,
        final LongSupplier offsetNs) {
        this.rpc = rpc;
        this.grants = grants;
        this.faults = faults;
        this.clock = clock;
        this.offsetNs = offsetNs;
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
            handle(exchange, new String(body, StandardCharsets.UTF_8), clock.getAsLong());
        } catch (final IOException e) {
            // The caller went away while it spoke: nothing was carried out and nobody waits for an answer.
            IoUtils.safeClose(exchange.getConnection());
        } catch (final RuntimeException e) {
            System.err.println("deribit simulator: http: " + e);
            exchange.setStatusCode(500);
            exchange.endExchange();
        }
    }

    private void handle(final HttpServerExchange exchange, final String body, final long nowNs) {
        final String path = exchange.getRequestPath();
        String method = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
        JsonNode id = null;
        final ObjectNode params = Json.object();
        RpcCall call = null;
        try {
            for (final Map.Entry<String, Deque<String>> each : exchange.getQueryParameters().entrySet()) {
                params.put(each.getKey(), each.getValue().getFirst());
            }
            if (!body.isEmpty()) {
                final JsonNode request = Json.parse(body.getBytes(StandardCharsets.UTF_8));
                id = request.get("id");
                method = request.path("method").asText(method);
                if (request.path("params").isObject()) {
                    params.setAll((ObjectNode)request.get("params"));
                }
            }
            call = new RpcCall(id, method, new Params(params), null,
                exchange.getSourceAddress().getAddress().getHostAddress(), nowNs);
            final String header = exchange.getRequestHeaders().getFirst("Authorization");
            if (header != null) {
                final String query = exchange.getQueryString();
                call.grant = grants.byHeader(header, exchange.getRequestMethod().toString(),
                    path + (query.isEmpty() ? "" : '?' + query), body, nowNs + offsetNs.getAsLong(), nowNs);
            }
            if (cutBefore(exchange, call)) {
                return;
            }
            final JsonNode result = rpc.execute(call);
            rpc.log(call, null);
            reply(exchange, call, 200, rpc.answer(call, result));
        } catch (final RpcError e) {
            if (call != null) {
                rpc.log(call, e);
            }
            reply(exchange, call, e.httpStatus(), rpc.answer(id, e, nowNs));
        } catch (final IOException e) {
            reply(exchange, null, 400, rpc.answer(null, new RpcError(-32700, "Parse error"), nowNs));
        }
    }

    private boolean cutBefore(final HttpServerExchange exchange, final RpcCall call) {
        if (call.isTrading() && (strikes(call, DeribitFault.ANSWER_LOST_BEFORE)
            || strikes(call, DeribitFault.DROP_BEFORE))) {
            IoUtils.safeClose(exchange.getConnection());
            return true;
        }
        return false;
    }

    private void reply(
        final HttpServerExchange exchange, final RpcCall call, final int status, final ObjectNode answer) {
        byte[] bytes = Json.bytes(answer);
        if (call != null) {
            if (call.carriedOut && (strikes(call, DeribitFault.ANSWER_LOST_AFTER)
                || strikes(call, DeribitFault.DROP_AFTER))
                || call.isPrivate() && !call.isTrading() && strikes(call, DeribitFault.QUERY_LOST)) {
                IoUtils.safeClose(exchange.getConnection());
                return;
            }
            if (call.carriedOut && strikes(call, DeribitFault.TRUNCATED_ANSWER)) {
                bytes = Arrays.copyOf(bytes, bytes.length / 2);
            }
            if (call.carriedOut && strikes(call, DeribitFault.WRONG_CONTENT)) {
                bytes = FOREIGN;
            }
            if (call.isPrivate() && strikes(call, DeribitFault.SLOW_ANSWER)) {
                pause(faults.value(DeribitFault.SLOW_ANSWER_MS, call.clientId()));
            }
        }
        final long seconds = status == TOO_MANY ? faults.value(DeribitFault.RETRY_AFTER_S, null) : 0;
        if (seconds > 0) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, seconds);
        }
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.getResponseSender().send(ByteBuffer.wrap(bytes));
    }

    private boolean strikes(final RpcCall call, final DeribitFault fault) {
        final boolean strikes = faults.strikes(fault, call.clientId());
        if (strikes) {
            rpc.note(call, fault);
        }
        return strikes;
    }

    private static void pause(final long ms) {
        try {
            Thread.sleep(ms);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

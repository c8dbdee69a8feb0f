package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.LongSupplier;
import org.xnio.IoUtils;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/** The REST interface. Undertow's workers. */
final class RestDoor implements HttpHandler {
    static final String PAGE = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>";
    private static final int BODY_BYTES_MAX = 1 << 20;

    private final VenueCalls calls;
    private final CallerCheck callers;
    private final VenueLimits limits;
    private final FaultPlan<BinanceFault> faults;
    private final LongSupplier clock;
    private final VenueLog log;

    RestDoor(final VenueCalls calls, final CallerCheck callers, final VenueLimits limits,
        final FaultPlan<BinanceFault> faults, final LongSupplier clock, final VenueLog log) {
        this.calls = calls;
        this.callers = callers;
        this.limits = limits;
        this.faults = faults;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (exchange.isInIoThread()) {
            exchange.dispatch(this);
            return;
        }
        try {
            exchange.startBlocking();
            final String body = new String(exchange.getInputStream().readNBytes(BODY_BYTES_MAX),
                StandardCharsets.UTF_8);
            if (faults.isOn(BinanceFault.REST_DOWN, null)) {
                IoUtils.safeClose(exchange.getConnection());
                return;
            }
            answer(exchange, body);
        } catch (final IOException e) {
            // The caller went away while it spoke: nothing was carried out and nobody waits for an answer.
            IoUtils.safeClose(exchange.getConnection());
        } catch (final RuntimeException e) {
            System.err.println("binance simulator: rest: " + e);
            exchange.setStatusCode(500);
            exchange.endExchange();
        }
    }

    private void answer(final HttpServerExchange exchange, final String body) {
        final String route = exchange.getRequestMethod().toString() + ' ' + exchange.getRequestPath();
        final Endpoint endpoint = Endpoint.ofRoute(route);
        if (endpoint == null) {
            exchange.setStatusCode(404);
            exchange.endExchange();
            return;
        }
        final String query = exchange.getQueryString();
        final Params params = Params.ofText(query, body);
        final String address = exchange.getSourceAddress().getAddress().getHostAddress();
        final String key = exchange.getRequestHeaders().getFirst("X-MBX-APIKEY");
        final VenueCalls.Reply reply = calls.call(endpoint, params, address, true, () -> {
            final BinanceAccount account = callers.account(key);
            final String asked = unsigned(query);
            final String said = unsigned(body);
            callers.signature(account, asked + said, params.get("signature"), Map.of(
                "a separator between query and body was signed", asked + '&' + said,
                "signed before it was percent-encoded", URLDecoder.decode(asked + said, StandardCharsets.UTF_8),
                "the query was not signed", said, "the body was not signed", asked));
            return account;
        });
        log.write(VenueLog.line("rest", clock.getAsLong()).put("call", endpoint.name()).put("status", reply.status())
            .put("session", key));
        final long delayMs = calls.delayMs(endpoint, key);
        if (delayMs > 0) {
            sleep(delayMs);
        }
        send(exchange, reply, address);
    }

    /** A query or form without its signature: what was signed. */
    static String unsigned(final String raw) {
        if (raw.startsWith("signature=")) {
            final int end = raw.indexOf('&');
            return end < 0 ? "" : raw.substring(end + 1);
        }
        final int at = raw.indexOf("&signature=");
        if (at < 0) {
            return raw;
        }
        final int end = raw.indexOf('&', at + 1);
        return raw.substring(0, at) + (end < 0 ? "" : raw.substring(end));
    }

    private void send(final HttpServerExchange exchange, final VenueCalls.Reply reply, final String address) {
        if (reply.fate() == VenueCalls.Fate.NONE) {
            IoUtils.safeClose(exchange.getConnection());
            return;
        }
        final long nowNs = clock.getAsLong();
        final HeaderMap headers = exchange.getResponseHeaders();
        final String weight = Integer.toString(limits.usedWeight(address, nowNs));
        headers.put(new HttpString("X-MBX-USED-WEIGHT"), weight);
        headers.put(new HttpString("X-MBX-USED-WEIGHT-1M"), weight);
        if (reply.orderAccount() != null && reply.status() == 200) {
            headers.put(new HttpString("X-MBX-ORDER-COUNT-10S"), limits.orders10s(reply.orderAccount(), nowNs));
            headers.put(new HttpString("X-MBX-ORDER-COUNT-1D"), limits.orders1d(reply.orderAccount(), nowNs));
        }
        if (reply.error() != null && reply.error().retryAtMs() > 0) {
            headers.put(new HttpString("Retry-After"),
                Math.max(1, (reply.error().retryAtMs() - Numbers.ms(nowNs) + 999) / 1000));
        }
        exchange.setStatusCode(reply.fate() == VenueCalls.Fate.HTML ? 502 : reply.status());
        headers.put(Headers.CONTENT_TYPE, reply.fate() == VenueCalls.Fate.HTML ? "text/html"
            : "application/json;charset=UTF-8");
        exchange.getResponseSender().send(ByteBuffer.wrap(bytes(reply)));
    }

    private static byte[] bytes(final VenueCalls.Reply reply) {
        switch (reply.fate()) {
            case HTML:
                return PAGE.getBytes(StandardCharsets.US_ASCII);
            case WRONG:
                return "{\"maintenance\":true}".getBytes(StandardCharsets.US_ASCII);
            case TRUNCATED:
                final byte[] whole = bytes(reply.body());
                return Arrays.copyOf(whole, whole.length / 2);
            default:
                return bytes(reply.body());
        }
    }

    private static byte[] bytes(final JsonNode body) {
        return Json.bytes(body);
    }

    private static void sleep(final long ms) {
        try {
            Thread.sleep(ms);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

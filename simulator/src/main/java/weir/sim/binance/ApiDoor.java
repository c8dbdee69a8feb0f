package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/** The WebSocket API: requests and answers, sessions, subscriptions to user data. */
final class ApiDoor extends SocketHub {
    private final VenueCalls calls;
    private final CallerCheck callers;
    private final UserStreams streams;
    private final ScheduledExecutorService later;
    private final LongSupplier offsetNs;

    ApiDoor(final VenueCalls calls, final CallerCheck callers, final UserStreams streams,
        final FaultPlan<BinanceFault> faults, final VenueLimits limits, final LongSupplier clock,
        final LongSupplier offsetNs, final VenueLog log, final Times times, final ScheduledExecutorService later) {
        super("api", faults, limits, clock, log, times);
        this.calls = calls;
        this.callers = callers;
        this.streams = streams;
        this.later = later;
        this.offsetNs = offsetNs;
        streams.connections(this::connections);
    }

    @Override
    void onOpen(final SocketConnection connection, final WebSocketHttpExchange exchange) {
        connection.returnRateLimits = !String.valueOf(exchange.getQueryString()).contains("returnRateLimits=false");
    }

    @Override
    void receive(final SocketConnection connection, final String text, final long nowNs) {
        final JsonNode request;
        try {
            request = Json.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (final IOException e) {
            connection.send(refusal(null, new ApiError(-1135, "Invalid JSON request.")));
            return;
        }
        final JsonNode id = request.path("id");
        final Endpoint endpoint = Endpoint.ofMethod(request.path("method").asText());
        if (endpoint == null) {
            connection.send(refusal(id, new ApiError(-1134, "Invalid method.")));
            return;
        }
        final Params params = Params.ofJson(request.path("params"));
        final VenueCalls.Reply reply = isSession(endpoint) ? session(connection, endpoint, params, nowNs)
            : calls.call(endpoint, params, connection.address, false, () -> caller(connection, params));
        log.write(VenueLog.line("ws", nowNs).put("call", endpoint.name()).put("status", reply.status())
            .put("conn", connection.id).put("session", keyOf(connection, params)));
        final long delayMs = calls.delayMs(endpoint, keyOf(connection, params));
        if (delayMs > 0) {
            later.schedule(() -> send(connection, id, reply), delayMs, TimeUnit.MILLISECONDS);
        } else {
            send(connection, id, reply);
        }
    }

    private static boolean isSession(final Endpoint endpoint) {
        return endpoint.compareTo(Endpoint.LOGON) >= 0;
    }

    private static String keyOf(final SocketConnection connection, final Params params) {
        final String stated = params.get("apiKey");
        return stated != null ? stated : connection.session == null ? null : connection.session.apiKey();
    }

    private BinanceAccount caller(final SocketConnection connection, final Params params) {
        if (!params.has("apiKey") && connection.session != null) {
            return connection.session;
        }
        final BinanceAccount account = callers.account(params.get("apiKey"));
        callers.signature(account, params.sortedPayload(), params.get("signature"), params.mistakes());
        return account;
    }

    private VenueCalls.Reply session(final SocketConnection connection, final Endpoint endpoint, final Params params,
        final long nowNs) {
        try {
            calls.charge(endpoint, params, connection.address, false, nowNs);
            return new VenueCalls.Reply(200, session(connection, endpoint, params), null, VenueCalls.Fate.ANSWER,
                false, null);
        } catch (final ApiError e) {
            return new VenueCalls.Reply(e.status(), e.toJson(), e, VenueCalls.Fate.ANSWER, false, null);
        }
    }

    private ObjectNode session(final SocketConnection connection, final Endpoint endpoint, final Params params) {
        switch (endpoint) {
            case LOGON:
                refuseLogon();
                final BinanceAccount account = caller(connection, params);
                callers.timestamp(account, params, clock.getAsLong());
                if (!account.isEd25519()) {
                    throw new ApiError(-4056, "HMAC_SHA256 API key is not supported.");
                }
                connection.session = account;
                return status(connection);
            case SESSION_STATUS:
                return status(connection);
            case LOGOUT:
                connection.session = null;
                return status(connection);
            case SUBSCRIBE:
                if (connection.session == null) {
                    throw new ApiError(-2035, "User data stream subscription needs an authenticated session.");
                }
                return subscribe(connection, connection.session);
            case SUBSCRIBE_SIGNED:
                refuseLogon();
                final BinanceAccount signed = caller(connection, params);
                callers.timestamp(signed, params, clock.getAsLong());
                return subscribe(connection, signed);
            default:
                final Long id = params.number("subscriptionId");
                if (id == null) {
                    connection.subscriptions.clear();
                } else if (connection.subscriptions.remove(id.intValue()) == null) {
                    throw new ApiError(-2036, "User Data Stream subscription not active.");
                }
                return Json.object();
        }
    }

    private void refuseLogon() {
        if (faults.strikes(BinanceFault.LOGON_REFUSED, null)) {
            throw new ApiError(401, -2015, "Invalid API-key, IP, or permissions for action.", null, 0);
        }
    }

    private ObjectNode subscribe(final SocketConnection connection, final BinanceAccount account) {
        if (connection.subscriptions.values().stream().anyMatch(each -> each.name().equals(account.name()))) {
            throw new ApiError(-2035, "User Data Stream subscription already active.");
        }
        return streams.subscribe(connection, account);
    }

    private ObjectNode status(final SocketConnection connection) {
        final ObjectNode node = Json.object();
        final BinanceAccount account = connection.session;
        node.put("apiKey", account == null ? null : account.apiKey());
        if (account == null) {
            node.putNull("authorizedSince");
        } else {
            node.put("authorizedSince", Numbers.ms(connection.openedNs));
        }
        return node.put("connectedSince", Numbers.ms(connection.openedNs))
            .put("returnRateLimits", connection.returnRateLimits)
            .put("serverTime", Numbers.ms(clock.getAsLong() + offsetNs.getAsLong()))
            .put("userDataStream", !connection.subscriptions.isEmpty());
    }

    private void send(final SocketConnection connection, final JsonNode id, final VenueCalls.Reply reply) {
        if (reply.fate() == VenueCalls.Fate.NONE) {
            return;
        }
        if (faults.strikes(BinanceFault.WS_DROP, null)) {
            connection.drop();
            return;
        }
        if (reply.fate() == VenueCalls.Fate.HTML) {
            connection.send(refusal(id, new ApiError(500, -1000,
                "An unknown error occurred while processing the request.", null, 0)));
            return;
        }
        final ObjectNode message = reply.error() != null ? refusal(id, reply.error())
            : Json.object().<ObjectNode>set("id", id).put("status", reply.status())
            .<ObjectNode>set("result", reply.fate() == VenueCalls.Fate.WRONG ? Json.object().put("maintenance", true)
                : reply.body());
        if (connection.returnRateLimits) {
            message.set("rateLimits", limits.counts(connection.address, reply.orderAccount(), clock.getAsLong()));
        }
        final String text = new String(Json.bytes(message), StandardCharsets.UTF_8);
        connection.send(reply.fate() == VenueCalls.Fate.TRUNCATED ? text.substring(0, text.length() / 2) : text);
    }

    private ObjectNode refusal(final JsonNode id, final ApiError error) {
        final ObjectNode node = Json.object();
        node.set("id", id == null || id.isMissingNode() ? null : id);
        node.put("status", error.status());
        final ObjectNode body = error.toJson();
        if (error.retryAtMs() > 0) {
            body.putObject("data").put("serverTime", Numbers.ms(clock.getAsLong() + offsetNs.getAsLong()))
                .put("retryAfter", error.retryAtMs() + Numbers.ms(offsetNs.getAsLong()));
        }
        node.set("error", body);
        return node;
    }
}

package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/**
 * {@code /ws/api/v2}: requests, answers in any order, heartbeats, and what a connection's end cancels. Undertow's I/O
 * threads read; the housekeeping thread beats.
 */
final class WsDoor implements HttpHandler, WebSocketConnectionCallback {
    private static final int TEXT_BYTES_MAX = 1 << 20;

    private final Rpc rpc;
    private final SessionCalls session;
    private final ChannelHub hub;
    private final Grants grants;
    private final DeribitEngine engine;
    private final FaultPlan<DeribitFault> faults;
    private final VenueLog log;
    private final LongSupplier clock;
    private final ScheduledExecutorService later;
    private final long idleNs;
    private final int connectionsMax;
    private final HttpHandler handshake = new WebSocketProtocolHandshakeHandler(this);
    private final AtomicLong nextId = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    WsDoor(
        final Rpc rpc, final SessionCalls session, final ChannelHub hub, final Grants grants,
        final DeribitEngine engine, final FaultPlan<DeribitFault> faults, final VenueLog log, final LongSupplier clock,
        final ScheduledExecutorService later, final long idleNs, final int connectionsMax) {
        this.rpc = rpc;
        this.session = session;
        this.hub = hub;
        this.grants = grants;
        this.engine = engine;
        this.faults = faults;
        this.log = log;
        this.clock = clock;
        this.later = later;
        this.idleNs = idleNs;
        this.connectionsMax = connectionsMax;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) throws Exception {
        if (faults.isOn(DeribitFault.WS_REFUSED, null) || hub.connections().size() >= connectionsMax) {
            exchange.setStatusCode(503);
            exchange.endExchange();
            return;
        }
        handshake.handleRequest(exchange);
    }

    @Override
    public void onConnect(final WebSocketHttpExchange exchange, final WebSocketChannel channel) {
        final long nowNs = clock.getAsLong();
        final WsConnection connection = new WsConnection(nextId.incrementAndGet(), channel,
            channel.getSourceAddress().getAddress().getHostAddress(), nowNs);
        hub.add(connection);
        log.write(VenueLog.line("wsOpen", nowNs).put("conn", connection.id));
        channel.addCloseTask(closed -> onClosed(connection));
        connection.silence(faults.isOn(DeribitFault.WS_SILENT, null));
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullTextMessage(final WebSocketChannel from, final BufferedTextMessage message) {
                receive(connection, message.getData());
            }

            @Override
            protected long getMaxTextBufferSize() {
                return TEXT_BYTES_MAX;
            }
        });
        channel.resumeReceives();
    }

    /** Beats hearts that are due, closes connections that have said nothing for too long. */
    void onTick(final long nowNs) {
        final boolean silent = faults.isOn(DeribitFault.WS_SILENT, null);
        for (final WsConnection connection : hub.connections()) {
            connection.silence(silent);
            if (connection.dropping) {
                connection.drop();
                continue;
            }
            if (silent) {
                continue;
            }
            if (nowNs - connection.lastInboundNs > idleNs
                || connection.testedNs != 0 && nowNs - connection.testedNs > connection.heartbeatNs) {
                log.write(VenueLog.line("wsIdle", nowNs).put("conn", connection.id));
                connection.drop();
            } else if (connection.heartbeatNs > 0 && nowNs >= connection.beatAtNs) {
                connection.beatAtNs = nowNs + connection.heartbeatNs;
                final boolean test = connection.testedNs == 0;
                connection.testedNs = test ? nowNs : connection.testedNs;
                beat(connection, "heartbeat");
                if (test) {
                    beat(connection, "test_request");
                }
            }
        }
    }

    /** For GET /stats. */
    ObjectNode stats() {
        return Json.object().put("connections", hub.connections().size()).put("opened", nextId.get())
            .put("ended", ended.get()).put("channelsMost", hub.connections().stream()
                .mapToInt(each -> each.channels.size()).max().orElse(0));
    }

    /** Not from the thread that reads the socket: it would put the end off until it has read on. */
    private void dropSoon(final WsConnection connection) {
        connection.dropping = true;
        later.execute(connection::drop);
    }

    private static void beat(final WsConnection connection, final String type) {
        final ObjectNode message = Json.object().put("jsonrpc", "2.0").put("method", "heartbeat");
        message.putObject("params").put("type", type);
        connection.send(message);
    }

    private void onClosed(final WsConnection connection) {
        hub.remove(connection);
        final long nowNs = clock.getAsLong();
        grants.onClosed(connection.id);
        int cancelled = 0;
        if (connection.cancelOnDisconnect && !connection.loggedOut) {
            cancelled = engine.cancelAll(order -> order.request.connectionId() == connection.id,
                "cancel_on_disconnect", nowNs).size();
        }
        log.write(VenueLog.line("wsClose", nowNs).put("conn", connection.id).put("cancelled", cancelled));
    }

    private void receive(final WsConnection connection, final String text) {
        if (connection.isSilent() || connection.dropping) {
            return;
        }
        final long nowNs = clock.getAsLong();
        connection.lastInboundNs = nowNs;
        final JsonNode request;
        try {
            request = Json.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (final IOException e) {
            connection.send(rpc.answer(null, new RpcError(-32700, "Parse error"), nowNs));
            return;
        }
        final String method = request.path("method").asText();
        final JsonNode id = request.get("id");
        if (!request.isObject() || method.isEmpty() || id == null || !"2.0".equals(request.path("jsonrpc").asText())) {
            connection.send(rpc.answer(id, new RpcError(-32600, "Invalid Request"), nowNs));
            return;
        }
        final RpcCall call =
            new RpcCall(id, method, new Params(request.get("params")), connection, connection.address, nowNs);
        if ("public/test".equals(method)) {
            connection.testedNs = 0;
        }
        if ("private/logout".equals(method)) {
            // no response; what rests stays
            connection.loggedOut = true;
            rpc.log(call, null);
            connection.bye();
            return;
        }
        handle(connection, call);
    }

    private void handle(final WsConnection connection, final RpcCall call) {
        if (connection.isEnded()) {
            return;
        }
        final String key = connection.grant == null ? null : connection.grant.account().clientId();
        if (call.isTrading() && faults.strikes(DeribitFault.DROP_BEFORE, key)) {
            rpc.note(call, DeribitFault.DROP_BEFORE);
            dropSoon(connection);
            return;
        }
        if (call.isTrading() && faults.strikes(DeribitFault.ANSWER_LOST_BEFORE, key)) {
            rpc.note(call, DeribitFault.ANSWER_LOST_BEFORE);
            return;
        }
        ObjectNode answer;
        JsonNode result = null;
        try {
            result = rpc.execute(call);
            rpc.log(call, null);
            answer = rpc.answer(call, result);
        } catch (final RpcError e) {
            rpc.log(call, e);
            answer = rpc.answer(call.id, e, call.atNs);
            if (e.code() == RpcError.TOO_MANY_REQUESTS && !faults.isOn(DeribitFault.LIMIT_ERROR_ONLY, key)) {
                ended.incrementAndGet();
                connection.sendAndClose(answer);
                return;
            }
        } catch (final RuntimeException e) {
            System.err.println("deribit simulator: " + call.method + ": " + e);
            answer = rpc.answer(call.id, new RpcError(11094, "internal_server_error"), call.atNs);
        }
        reply(connection, call, key, answer);
        if (result != null && call.method.endsWith("/subscribe")) {
            session.greet(connection, result);
        }
    }

    private void reply(final WsConnection connection, final RpcCall call, final String key, final ObjectNode answer) {
        if (call.carriedOut && faults.strikes(DeribitFault.DROP_AFTER, key)) {
            rpc.note(call, DeribitFault.DROP_AFTER);
            dropSoon(connection);
        } else if (call.carriedOut && faults.strikes(DeribitFault.ANSWER_LOST_AFTER, key)) {
            rpc.note(call, DeribitFault.ANSWER_LOST_AFTER);
        } else if (call.isPrivate() && !call.isTrading() && faults.strikes(DeribitFault.QUERY_LOST, key)) {
            rpc.note(call, DeribitFault.QUERY_LOST);
        } else if (call.carriedOut && faults.strikes(DeribitFault.TRUNCATED_ANSWER, key)) {
            rpc.note(call, DeribitFault.TRUNCATED_ANSWER);
            final String text = new String(Json.bytes(answer), StandardCharsets.UTF_8);
            connection.send(text.substring(0, text.length() / 2));
        } else if (call.carriedOut && faults.strikes(DeribitFault.WRONG_CONTENT, key)) {
            rpc.note(call, DeribitFault.WRONG_CONTENT);
            connection.send(rpc.answer(call, Json.object().put("maintenance", true)));
        } else if (call.isPrivate() && faults.strikes(DeribitFault.SLOW_ANSWER, key)) {
            rpc.note(call, DeribitFault.SLOW_ANSWER);
            later.schedule(() -> connection.send(answer), faults.value(DeribitFault.SLOW_ANSWER_MS, key),
                TimeUnit.MILLISECONDS);
        } else {
            final long lateMs = call.isTrading() ? faults.value(DeribitFault.ANSWER_LATE_MS, key) : 0;
            if (lateMs > 0) {
                later.schedule(() -> connection.send(answer), lateMs, TimeUnit.MILLISECONDS);
            } else {
                connection.send(answer);
            }
        }
    }
}

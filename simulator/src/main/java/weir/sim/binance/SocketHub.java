package weir.sim.binance;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/**
 * Connections of one kind of WebSocket and how long they live ("General API information"): counted when opened, pinged
 * every 20 s, dropped when no pong comes for a minute, closed after a day or when told. Undertow's I/O threads read.
 */
abstract class SocketHub implements HttpHandler, WebSocketConnectionCallback {
    private static final int TEXT_BYTES_MAX = 1 << 20;

    final FaultPlan<BinanceFault> faults;
    final VenueLimits limits;
    final LongSupplier clock;
    final VenueLog log;
    private final Times times;
    private final String kind;
    private final HttpHandler handshake = new WebSocketProtocolHandshakeHandler(this);
    private final Map<Long, SocketConnection> open = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong();

    /**
     * How long things last.
     *
     * @param pingNs pause between pings.
     * @param pongNs how long a pong may be missing.
     * @param lifeNs of a connection.
     */
    record Times(long pingNs, long pongNs, long lifeNs) {
    }

    SocketHub(final String kind, final FaultPlan<BinanceFault> faults, final VenueLimits limits,
        final LongSupplier clock, final VenueLog log, final Times times) {
        this.kind = kind;
        this.faults = faults;
        this.limits = limits;
        this.clock = clock;
        this.log = log;
        this.times = times;
    }

    abstract void onOpen(SocketConnection connection, WebSocketHttpExchange exchange);

    abstract void receive(SocketConnection connection, String text, long nowNs);

    @Override
    public void handleRequest(final HttpServerExchange exchange) throws Exception {
        final long nowNs = clock.getAsLong();
        final String address = exchange.getSourceAddress().getAddress().getHostAddress();
        if (faults.strikes(BinanceFault.WS_REFUSE, null)) {
            exchange.setStatusCode(503);
            exchange.endExchange();
            return;
        }
        try {
            limits.connect(address, nowNs);
        } catch (final ApiError refusal) {
            exchange.setStatusCode(refusal.status());
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER,
                Math.max(1, (refusal.retryAtMs() - nowNs / 1_000_000L + 999) / 1000));
            exchange.endExchange();
            return;
        }
        handshake.handleRequest(exchange);
    }

    @Override
    public void onConnect(final WebSocketHttpExchange exchange, final WebSocketChannel channel) {
        final long nowNs = clock.getAsLong();
        final SocketConnection connection = new SocketConnection(nextId.incrementAndGet(), channel, nowNs);
        connection.closeAtNs = nowNs + times.lifeNs;
        connection.nextPingNs = nowNs + times.pingNs;
        connection.silence(faults.isOn(BinanceFault.WS_SILENT, null));
        open.put(connection.id, connection);
        log.write(VenueLog.line("wsOpen", nowNs).put("door", kind).put("conn", connection.id));
        channel.addCloseTask(closed -> {
            open.remove(connection.id);
            log.write(VenueLog.line("wsClose", clock.getAsLong()).put("door", kind).put("conn", connection.id));
        });
        onOpen(connection, exchange);
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullTextMessage(final WebSocketChannel from, final BufferedTextMessage message) {
                if (!connection.isSilent()) {
                    receive(connection, message.getData(), clock.getAsLong());
                }
            }

            @Override
            protected void onFullPongMessage(final WebSocketChannel from, final BufferedBinaryMessage message) {
                message.getData().free();
                connection.lastPongNs = clock.getAsLong();
            }

            @Override
            protected long getMaxTextBufferSize() {
                return TEXT_BYTES_MAX;
            }
        });
        channel.resumeReceives();
    }

    /** Pings, drops who does not answer, closes what lived long enough. Housekeeping thread. */
    void onTick(final long nowNs) {
        final boolean silent = faults.isOn(BinanceFault.WS_SILENT, null);
        for (final SocketConnection connection : open.values()) {
            connection.silence(silent);
            if (nowNs >= connection.closeAtNs) {
                connection.closeAtNs = Long.MAX_VALUE;
                connection.close(1001, "Going away");
            } else if (nowNs - connection.lastPongNs > times.pongNs + times.pingNs) {
                log.write(VenueLog.line("wsNoPong", nowNs).put("door", kind).put("conn", connection.id));
                connection.drop();
            } else if (nowNs >= connection.nextPingNs) {
                connection.nextPingNs = nowNs + times.pingNs;
                connection.ping(nowNs);
            }
        }
    }

    /** Announces the end of every connection, and ends it after a while. */
    int shutDown(final long afterNs) {
        final long nowNs = clock.getAsLong();
        for (final SocketConnection connection : open.values()) {
            connection.send(Json.object().set("event",
                Json.object().put("e", "serverShutdown").put("E", Numbers.ms(nowNs))));
            connection.closeAtNs = nowNs + afterNs;
        }
        return open.size();
    }

    int dropAll() {
        final int count = open.size();
        open.values().forEach(SocketConnection::drop);
        return count;
    }

    Collection<SocketConnection> connections() {
        return open.values();
    }

    long opened() {
        return nextId.get();
    }
}

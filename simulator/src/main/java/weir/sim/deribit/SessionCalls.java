package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/**
 * Who is on a connection and what the connection is for: authentication, heartbeats, cancel on disconnect,
 * subscriptions. Any thread.
 */
final class SessionCalls {
    /** API Usage Policy: "limit of 500 channels per subscription"; kept for a call and for a connection. */
    static final int CHANNELS_MAX = 500;
    private static final Pattern USER = Pattern.compile(
        "user\\.(orders|trades|changes)\\.([A-Z0-9_-]+|[a-z_]+\\.[A-Za-z]+)\\.(raw|100ms|agg2)");
    private static final Pattern MARKET = Pattern.compile(
        "(ticker|trades)\\.([A-Z0-9_-]+)\\.(raw|100ms|agg2)|quote\\.([A-Z0-9_-]+)"
            + "|instrument\\.state\\.[a-z]+\\.[A-Za-z]+");

    private final Grants grants;
    private final MarketCalls market;
    private final DeribitEngine engine;
    private final FaultPlan<DeribitFault> faults;
    private final VenueLog log;
    private final LongSupplier clock;
    private final LongSupplier offsetNs;
    private final int heartbeatMinS;
    /** Accounts whose new connections begin with cancel on disconnect. */
    private final Map<String, Boolean> cancelOnDisconnect = new ConcurrentHashMap<>();

    SessionCalls(
        final Grants grants, final MarketCalls market, final DeribitEngine engine,
        final FaultPlan<DeribitFault> faults, final VenueLog log, final LongSupplier clock,
        final LongSupplier offsetNs, final int heartbeatMinS) {
        this.grants = grants;
        this.market = market;
        this.engine = engine;
        this.faults = faults;
        this.log = log;
        this.clock = clock;
        this.offsetNs = offsetNs;
        this.heartbeatMinS = heartbeatMinS;
    }

    /** The result, or null if there is no such call. @throws RpcError if it is refused. */
    JsonNode call(final RpcCall call) {
        switch (call.method) {
            case "public/auth":
                return auth(call);
            case "public/hello":
                return Json.object().put("version", "1.2.26");
            case "public/set_heartbeat":
                return heartbeat(call);
            case "public/disable_heartbeat":
                socket(call).heartbeatNs = 0;
                return ok();
            case "public/subscribe":
            case "private/subscribe":
                return subscribe(call);
            case "public/unsubscribe":
            case "private/unsubscribe":
                final List<String> gone = call.params.list("channels");
                gone.removeIf(channel -> !socket(call).channels.remove(channel));
                return array(gone);
            case "public/unsubscribe_all":
            case "private/unsubscribe_all":
                socket(call).channels.clear();
                return ok();
            case "private/enable_cancel_on_disconnect":
                return cancelOnDisconnect(call, true);
            case "private/disable_cancel_on_disconnect":
                return cancelOnDisconnect(call, false);
            case "private/get_cancel_on_disconnect":
                return Json.object().put("scope", call.params.text("scope", "connection"))
                    .put("enabled", socket(call).cancelOnDisconnect);
            default:
                return null;
        }
    }

    private JsonNode auth(final RpcCall call) {
        if (faults.strikes(DeribitFault.LOGON_REFUSED, call.params.text("client_id"))) {
            throw new RpcError(13004, "invalid_credentials");
        }
        final long connectionId = call.connection == null ? 0 : call.connection.id;
        final Grants.Grant grant;
        try {
            grant = grants.auth(call.params, connectionId, call.atNs + offsetNs.getAsLong(), call.atNs);
        } catch (final RpcError e) {
            log.write(VenueLog.line("authRefused", call.atNs).put("conn", connectionId).put("reason", e.getMessage()));
            throw e;
        }
        call.grant = grant;
        if (call.connection != null) {
            if (call.connection.grant == null
                && cancelOnDisconnect.getOrDefault(grant.account().name(), false)) {
                call.connection.cancelOnDisconnect = true;
            }
            call.connection.grant = grant;
        }
        log.write(VenueLog.line("auth", call.atNs).put("conn", connectionId).put("session", call.clientId())
            .put("grant", call.params.text("grant_type")).put("scope", grant.scope()));
        return Grants.toJson(grant, call.params.text("state"), call.atNs);
    }

    private JsonNode heartbeat(final RpcCall call) {
        final long interval = call.params.number("interval", -1);
        if (interval < heartbeatMinS) {
            throw RpcError.invalidParams("interval", "must be at least " + heartbeatMinS);
        }
        final WsConnection connection = socket(call);
        connection.heartbeatNs = interval * 1_000_000_000L;
        connection.beatAtNs = clock.getAsLong() + connection.heartbeatNs;
        connection.testedNs = 0;
        return ok();
    }

    private JsonNode cancelOnDisconnect(final RpcCall call, final boolean on) {
        final WsConnection connection = socket(call);
        final String scope = call.params.oneOf("scope", "connection", List.of("connection", "account"));
        if ("account".equals(scope)) {
            cancelOnDisconnect.put(call.account().name(), on);
        }
        connection.cancelOnDisconnect = on;
        return ok();
    }

    private JsonNode subscribe(final RpcCall call) {
        final WsConnection connection = socket(call);
        final List<String> wanted = call.params.list("channels");
        if (wanted.size() > CHANNELS_MAX || connection.channels.size() + wanted.stream()
            .filter(each -> !connection.channels.contains(each)).count() > CHANNELS_MAX) {
            throw RpcError.invalidParams("channels", "too many channels, at most " + CHANNELS_MAX);
        }
        final List<String> taken = new ArrayList<>();
        for (final String channel : wanted) {
            if (channel.startsWith("user.")) {
                if (call.account() == null || !call.isPrivate()) {
                    throw Grants.unauthorized();
                }
                if (USER.matcher(channel).matches()) {
                    taken.add(channel);
                }
            } else if (MARKET.matcher(channel).matches() && isListed(channel)) {
                if (channel.endsWith(".raw") && call.account() == null) {
                    throw new RpcError(13778, "raw_subscriptions_not_available_for_unauthorized");
                }
                taken.add(channel);
            }
        }
        connection.channels.addAll(taken);
        log.write(VenueLog.line("wsSubscribe", call.atNs).put("conn", connection.id)
            .put("to", String.join(",", taken)));
        return array(taken);
    }

    /** What a new subscription to a price says at once. */
    void greet(final WsConnection connection, final JsonNode channels) {
        for (final JsonNode channel : channels) {
            final String[] parts = channel.asText().split("\\.");
            if ("ticker".equals(parts[0]) || "quote".equals(parts[0])) {
                final DeribitInstrument terms = engine.instrument(parts[1]);
                final var message = Json.object().put("jsonrpc", "2.0").put("method", "subscription");
                message.putObject("params").put("channel", channel.asText())
                    .set("data", "quote".equals(parts[0]) ? market.quote(terms) : market.ticker(terms));
                connection.send(message);
            }
        }
    }

    private boolean isListed(final String channel) {
        return channel.startsWith("instrument.") || engine.has(channel.split("\\.")[1]);
    }

    private static WsConnection socket(final RpcCall call) {
        if (call.connection == null) {
            throw new RpcError(10030, "must_be_websocket_request");
        }
        return call.connection;
    }

    private static JsonNode ok() {
        return Json.object().textNode("ok");
    }

    private static ArrayNode array(final List<String> texts) {
        final ArrayNode list = Json.array();
        texts.forEach(list::add);
        return list;
    }
}

package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/**
 * One request to its answer, the same for both doors: who calls, within which credits, what happens, in the envelope
 * with {@code usIn}, {@code usOut}, {@code usDiff} and {@code testnet}. Any thread.
 */
final class Rpc {
    private final SessionCalls session;
    private final MarketCalls market;
    private final TradingCalls trading;
    private final AccountCalls account;
    private final DeribitEngine engine;
    private final Grants grants;
    private final AccountBook accounts;
    private final FaultPlan<DeribitFault> faults;
    private final VenueLog log;
    private final LongSupplier clock;
    private final LongSupplier offsetNs;

    /** Every group of calls. */
    record Calls(SessionCalls session, MarketCalls market, TradingCalls trading, AccountCalls account) {
    }

    Rpc(
        final Calls calls, final DeribitEngine engine, final Grants grants, final AccountBook accounts,
        final FaultPlan<DeribitFault> faults, final VenueLog log, final LongSupplier clock,
        final LongSupplier offsetNs) {
        this.session = calls.session();
        this.market = calls.market();
        this.trading = calls.trading();
        this.account = calls.account();
        this.engine = engine;
        this.grants = grants;
        this.accounts = accounts;
        this.faults = faults;
        this.log = log;
        this.clock = clock;
        this.offsetNs = offsetNs;
    }

    /**
     * Carries out a request. Its grant is set where the door knows it.
     *
     * @throws RpcError if it is refused.
     */
    JsonNode execute(final RpcCall call) {
        try {
            return carryOut(call);
        } catch (final RpcError e) {
            if (!call.carriedOut && !e.logged && call.account() != null
                && ("private/buy".equals(call.method) || "private/sell".equals(call.method))) {
                // an order that never reached the engine is on record all the same
                log.write(VenueLog.line("reject", call.atNs).put("session", call.clientId())
                    .put("profile", call.account().name()).put("channel", call.channel())
                    .put("clOrdId", call.params.node().path("label").asText(""))
                    .put("side", call.method.substring("private/".length()))
                    .put("product", call.params.node().path("instrument_name").asText(""))
                    .put("reason", e.getMessage()).put("code", e.code()));
            }
            throw e;
        }
    }

    private JsonNode carryOut(final RpcCall call) {
        final String token = call.params.text("access_token");
        if (token != null && call.grant == null) {
            call.grant = grants.byToken(token, call.connection == null ? 0 : call.connection.id, call.atNs);
        }
        if (call.grant == null && call.connection != null) {
            call.grant = call.connection.grant;
        }
        if (call.isPrivate() && (call.grant == null
            || call.connection != null && call.atNs >= call.grant.expiresNs())) {
            throw Grants.unauthorized();
        }
        charge(call);
        if (call.isPrivate() && faults.isOn(DeribitFault.MAINTENANCE, call.clientId())) {
            throw new RpcError(11051, "system_maintenance");
        }
        if (call.isTrading()) {
            if (!call.grant.mayTrade()) {
                throw new RpcError(13021, "forbidden");
            }
            if (faults.strikes(DeribitFault.SERVER_ERROR_BEFORE, call.clientId())) {
                note(call, DeribitFault.SERVER_ERROR_BEFORE);
                final int code = (int)faults.value(DeribitFault.ERROR_CODE, null);
                throw new RpcError(code, word(code));
            }
        }
        if ("private/cancel".equals(call.method)
            && faults.strikes(DeribitFault.FILL_BEFORE_CANCEL, call.clientId())) {
            note(call, DeribitFault.FILL_BEFORE_CANCEL);
            takeALittle(call);
        }
        final JsonNode result = result(call);
        if (result == null) {
            throw new RpcError(-32601, "Method not found");
        }
        call.carriedOut = call.isTrading();
        if (call.carriedOut && faults.strikes(DeribitFault.SERVER_ERROR_AFTER, call.clientId())) {
            note(call, DeribitFault.SERVER_ERROR_AFTER);
            throw new RpcError(11094, "internal_server_error");
        }
        return result;
    }

    /** The answer with a result. */
    ObjectNode answer(final RpcCall call, final JsonNode result) {
        final ObjectNode node = envelope(call.id);
        node.set("result", result);
        return timed(node, call.atNs);
    }

    /** The answer with an error. */
    ObjectNode answer(final JsonNode id, final RpcError error, final long atNs) {
        final ObjectNode node = envelope(id);
        node.set("error", error.toJson());
        return timed(node, atNs);
    }

    void log(final RpcCall call, final RpcError error) {
        final ObjectNode line = VenueLog.line(call.channel(), call.atNs).put("method", call.method)
            .put("session", call.clientId()).put("profile", call.account() == null ? null : call.account().name());
        if (error != null) {
            line.put("code", error.code()).put("error", error.getMessage());
        }
        log.write(line);
    }

    void note(final RpcCall call, final DeribitFault fault) {
        log.write(VenueLog.line("fault", clock.getAsLong()).put("fault", fault.key()).put("call", call.method)
            .put("session", call.clientId()));
    }

    private JsonNode result(final RpcCall call) {
        JsonNode result = session.call(call);
        result = result == null ? market.call(call.method, call.params) : result;
        if (result == null && call.isPrivate()) {
            result = trading.call(call);
            result = result == null ? account.call(call) : result;
        }
        return result;
    }

    private void charge(final RpcCall call) {
        final int jump = (int)faults.value(DeribitFault.WEIGHT_JUMP, call.clientId());
        if (jump > 0 && call.isTrading() && call.account() != null) {
            accounts.spend(call.account().name(), "matching_engine", jump, call.atNs);
        }
        final boolean storm = call.isPrivate() && faults.strikes(DeribitFault.LIMIT_STORM, call.clientId());
        if (!accounts.tryTake(call.account() == null ? null : call.account().name(), call.address, call.method,
            call.atNs) || storm) {
            throw RpcError.tooManyRequests();
        }
    }

    private void takeALittle(final RpcCall call) {
        final DeribitOrder order =
            engine.read(() -> engine.orders().find(call.account().name(), call.params.required("order_id")));
        if (order != null) {
            engine.takeALittle(order, call.atNs);
        }
    }

    private static String word(final int code) {
        return switch (code) {
            case 10040 -> "retry";
            case 10041 -> "settlement_in_progress";
            case 10047 -> "matching_engine_queue_full";
            case 10009 -> "not_enough_funds";
            case 13028 -> "temporarily_unavailable";
            default -> "error";
        };
    }

    private static ObjectNode envelope(final JsonNode id) {
        final ObjectNode node = Json.object().put("jsonrpc", "2.0");
        if (id != null && !id.isNull() && !id.isMissingNode()) {
            node.set("id", id);
        }
        return node;
    }

    private ObjectNode timed(final ObjectNode node, final long atNs) {
        final long inUs = (atNs + offsetNs.getAsLong()) / 1000;
        final long outUs = (clock.getAsLong() + offsetNs.getAsLong()) / 1000;
        return node.put("usIn", inUs).put("usOut", outUs).put("usDiff", outUs - inUs).put("testnet", true);
    }
}

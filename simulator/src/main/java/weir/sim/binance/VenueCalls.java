package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.VenueLog;

/** What both doors share: limits, then time, then the call, with the faults that strike around it. Thread safe. */
final class VenueCalls {
    private final MarketCalls market;
    private final TradingCalls trading;
    private final AccountCalls account;
    private final CallerCheck callers;
    private final VenueLimits limits;
    private final FaultPlan<BinanceFault> faults;
    private final LongSupplier clock;
    private final VenueLog log;

    /** What is to become of an answer. */
    enum Fate { ANSWER, NONE, HTML, TRUNCATED, WRONG }

    /** An answer and its fate. */
    record Reply(int status, JsonNode body, ApiError error, Fate fate, boolean carriedOut, String orderAccount) {
    }

    VenueCalls(final MarketCalls market, final TradingCalls trading, final AccountCalls account,
        final CallerCheck callers, final VenueLimits limits, final FaultPlan<BinanceFault> faults,
        final LongSupplier clock, final VenueLog log) {
        this.market = market;
        this.trading = trading;
        this.account = account;
        this.callers = callers;
        this.limits = limits;
        this.faults = faults;
        this.clock = clock;
        this.log = log;
    }

    /** Who is asked for a call. */
    @FunctionalInterface
    interface Caller {
        /** The account that signed the call. @throws ApiError if none did. */
        BinanceAccount authenticate();
    }

    /**
     * Does a call.
     *
     * @param rest   whether it came by REST.
     * @param caller checks key and signature of a signed call.
     */
    Reply call(final Endpoint endpoint, final Params params, final String address, final boolean rest,
        final Caller caller) {
        BinanceAccount who = null;
        try {
            final long nowNs = clock.getAsLong();
            charge(endpoint, params, address, rest, nowNs);
            final JsonNode open = market.call(endpoint, params, nowNs);
            if (open != null) {
                return new Reply(200, open, null, Fate.ANSWER, false, null);
            }
            who = caller.authenticate();
            limits.onCall(who.name(), endpoint.name());
            callers.timestamp(who, params, nowNs);
            return signed(endpoint, params, who, rest);
        } catch (final ApiError e) {
            log.write(VenueLog.line("error", clock.getAsLong()).put("call", endpoint.name()).put("code", e.code())
                .put("status", e.status()).put("msg", e.getMessage()).put("profile", who == null ? null : who.name()));
            if (e.status() == 429 || e.status() == 418) {
                refusedAtTheDoor(endpoint, params, caller, e);
            }
            return new Reply(e.status(), e.toJson(), e, Fate.ANSWER, false,
                who != null && endpoint.countsOrders() ? who.name() : null);
        }
    }

    /** An order that met a limit: it was here, and the engine saw nothing of it. */
    private void refusedAtTheDoor(final Endpoint endpoint, final Params params, final Caller caller,
        final ApiError refusal) {
        if ((endpoint == Endpoint.ORDER || endpoint == Endpoint.CANCEL_REPLACE) && params.has("newClientOrderId")) {
            try {
                final BinanceAccount who = caller.authenticate();
                log.write(VenueLog.line("reject", clock.getAsLong()).put("session", who.apiKey())
                    .put("profile", who.name()).put("clOrdId", params.get("newClientOrderId"))
                    .put("product", params.get("symbol")).put("side", side(params))
                    .put("code", refusal.code()).put("reason", refusal.getMessage()));
            } catch (final ApiError stranger) {
                log.write(VenueLog.line("stranger", clock.getAsLong()).put("code", stranger.code()));
            }
        }
    }

    private static String side(final Params params) {
        return params.has("side") ? params.get("side").toLowerCase(Locale.ROOT) : null;
    }

    /** Counts a call against its address. @throws ApiError 429 or 418. */
    void charge(final Endpoint endpoint, final Params params, final String address, final boolean rest,
        final long nowNs) {
        final int jump = (int)faults.value(BinanceFault.WEIGHT_JUMP, null);
        if (jump > 0) {
            limits.jump(address, jump, nowNs);
        }
        limits.charge(address, endpoint.weight(params), rest, nowNs);
        if (faults.strikes(BinanceFault.LIMIT_STORM, null)) {
            limits.storm(address, faults.value(BinanceFault.RETRY_AFTER_S, null) * 1_000_000_000L, nowNs);
        }
    }

    private Reply signed(final Endpoint endpoint, final Params params, final BinanceAccount who, final boolean rest) {
        final String key = who.apiKey();
        final boolean trades = endpoint.isTrading();
        if (trades ? strikes(BinanceFault.ANSWER_LOST_BEFORE, endpoint, key)
            : strikes(BinanceFault.QUERY_LOST, endpoint, key)) {
            return new Reply(0, null, null, Fate.NONE, false, null);
        }
        if (strikes(BinanceFault.SERVER_ERROR_BEFORE, endpoint, key)) {
            return new Reply(502, null, null, Fate.HTML, false, null);
        }
        if (trades && strikes(BinanceFault.TIMEOUT_BEFORE, endpoint, key)) {
            throw timeout();
        }
        pause(faults.value(BinanceFault.ENGINE_DELAY_MS, key));
        final long nowNs = clock.getAsLong();
        if (trades) {
            // looked at again just before the engine
            callers.timestamp(who, params, nowNs);
        }
        final JsonNode done = trading.call(endpoint, who, params, rest ? "rest" : "ws", nowNs);
        final JsonNode body = done == null ? account.call(endpoint, who, params, nowNs) : done;
        if (body == null) {
            throw new ApiError(404, -1000, "An unknown error occurred while processing the request.", null, 0);
        }
        final String counted = endpoint.countsOrders() ? who.name() : null;
        if (trades && strikes(BinanceFault.TIMEOUT_AFTER, endpoint, key)) {
            throw timeout();
        }
        return new Reply(200, body, null, trades ? fate(endpoint, key) : Fate.ANSWER, trades, counted);
    }

    private Fate fate(final Endpoint endpoint, final String key) {
        return strikes(BinanceFault.ANSWER_LOST_AFTER, endpoint, key) ? Fate.NONE
            : strikes(BinanceFault.SERVER_ERROR_AFTER, endpoint, key) ? Fate.HTML
            : strikes(BinanceFault.TRUNCATED_ANSWER, endpoint, key) ? Fate.TRUNCATED
            : strikes(BinanceFault.WRONG_CONTENT, endpoint, key) ? Fate.WRONG : Fate.ANSWER;
    }

    /** How long an answer of a signed call waits, milliseconds. */
    long delayMs(final Endpoint endpoint, final String key) {
        final long slow = endpoint.signed && faults.strikes(BinanceFault.SLOW_ANSWER, key)
            ? faults.value(BinanceFault.SLOW_ANSWER_MS, key) : 0;
        return slow + (endpoint.isTrading() ? faults.value(BinanceFault.ANSWER_LATE_MS, key) : 0);
    }

    private boolean strikes(final BinanceFault fault, final Endpoint endpoint, final String key) {
        if (!faults.strikes(fault, key)) {
            return false;
        }
        log.write(VenueLog.line("fault", clock.getAsLong()).put("fault", fault.key()).put("call", endpoint.name())
            .put("session", key));
        return true;
    }

    private static ApiError timeout() {
        return new ApiError(503, -1007,
            "Timeout waiting for response from backend server. Send status unknown; execution status unknown.", null,
            0);
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
}

package weir.sim.binance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import weir.sim.market.VenueLog;

/** Who calls, and when it was signed ("Request security", "Timing security"). Immutable. */
final class CallerCheck {
    private static final long AHEAD_US = 1_000_000L;
    private static final long MICROS_FROM = 100_000_000_000_000L;
    private static final int STALE = -1021;

    private final Map<String, BinanceAccount> byKey = new HashMap<>();
    private final VenueLimits limits;
    private final LongSupplier offsetNs;
    private final LongSupplier clock;
    private final VenueLog log;

    CallerCheck(final List<BinanceAccount> accounts, final VenueLimits limits, final LongSupplier clock,
        final LongSupplier offsetNs, final VenueLog log) {
        accounts.forEach(account -> byKey.put(account.apiKey(), account));
        this.limits = limits;
        this.offsetNs = offsetNs;
        this.clock = clock;
        this.log = log;
    }

    /** The account of a key. @throws ApiError -2014 or -2015. */
    BinanceAccount account(final String apiKey) {
        if (apiKey == null || apiKey.isEmpty()) {
            throw new ApiError(401, -2014, "API-key format invalid.", null, 0);
        }
        final BinanceAccount account = byKey.get(apiKey);
        if (account == null) {
            throw new ApiError(401, -2015, "Invalid API-key, IP, or permissions for action.", null, 0);
        }
        return account;
    }

    /**
     * Compares a signature.
     *
     * @param mistakes payloads of known mistakes by what is wrong with them; the log says which of them was made
     * @throws ApiError -1022 if the signature is another one.
     */
    void signature(final BinanceAccount account, final String payload, final String signature,
        final Map<String, String> mistakes) {
        if (signature == null || signature.isEmpty()) {
            throw ApiError.missing("signature");
        }
        if (!BinanceSignature.matches(account, payload, signature)) {
            limits.onAuthenticationError(account.name());
            log.write(VenueLog.line("signature", clock.getAsLong()).put("session", account.apiKey())
                .put("hint", hint(account, payload, signature, mistakes)));
            throw new ApiError(-1022, "Signature for this request is not valid.");
        }
    }

    private static String hint(final BinanceAccount account, final String payload, final String signature,
        final Map<String, String> mistakes) {
        for (final Map.Entry<String, String> mistake : mistakes.entrySet()) {
            if (BinanceSignature.matches(account, mistake.getValue(), signature)) {
                return mistake.getKey();
            }
        }
        return account.isEd25519() && BinanceSignature.matches(account, payload, signature.replace(' ', '+'))
            ? "the signature's base64 was not percent-encoded" : "";
    }

    /** @throws ApiError -1021 if the timestamp is too far from the venue's time. */
    void timestamp(final BinanceAccount account, final Params params, final long nowNs) {
        params.require("timestamp");
        final long stated = params.number("timestamp");
        final long statedUs = stated >= MICROS_FROM ? stated : stated * 1000;
        final long serverUs = (nowNs + offsetNs.getAsLong()) / 1000;
        if (statedUs >= serverUs + AHEAD_US) {
            limits.onTimestampError(account.name());
            throw new ApiError(STALE, "Timestamp for this request was 1000ms ahead of the server's time.");
        }
        if (serverUs - statedUs > params.recvWindowUs()) {
            limits.onTimestampError(account.name());
            throw new ApiError(STALE, "Timestamp for this request is outside of the recvWindow.");
        }
    }
}

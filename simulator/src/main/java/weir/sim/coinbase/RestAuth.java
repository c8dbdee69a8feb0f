package weir.sim.coinbase;

import java.math.BigDecimal;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Checks CB-ACCESS headers in the order key, passphrase, timestamp, signature. The signed path includes the query, as
 * the venue's own samples sign it. Source: Coinbase Exchange "REST authentication".
 */
final class RestAuth {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");

    private final SessionDirectory sessions;
    private final long toleranceNs;
    private final boolean legacy400;
    private final boolean acceptPathOnly;

    /** Who called, or why not. */
    record Result(VenueAccount account, RestReply refusal) {
    }

    RestAuth(
        final SessionDirectory sessions, final long toleranceNs, final boolean legacy400,
        final boolean acceptPathOnly) {
        this.sessions = sessions;
        this.toleranceNs = toleranceNs;
        this.legacy400 = legacy400;
        this.acceptPathOnly = acceptPathOnly;
    }

    Result check(
        final UnaryOperator<String> headers, final String method, final String path, final String query,
        final byte[] body, final long nowNs) {
        final KeyState key = sessions.key(headers.apply("CB-ACCESS-KEY"));
        if (key == null) {
            return refuse("Invalid API Key");
        }
        final VenueAccount account = key.account();
        if (!CoinbaseSignature.same(account.passphrase(), headers.apply("CB-ACCESS-PASSPHRASE"))) {
            return refuse("Invalid Passphrase");
        }
        final String timestamp = headers.apply("CB-ACCESS-TIMESTAMP");
        if (timestamp == null || !SECONDS.matcher(timestamp).matches()) {
            return refuse("invalid timestamp");
        }
        final BigDecimal apart = new BigDecimal(timestamp).subtract(BigDecimal.valueOf(nowNs, 9)).abs();
        if (apart.compareTo(BigDecimal.valueOf(toleranceNs, 9)) > 0) {
            return refuse("request timestamp expired");
        }
        final String signature = headers.apply("CB-ACCESS-SIGN");
        final String full = query == null ? path : path + '?' + query;
        final boolean good = CoinbaseSignature.same(
            CoinbaseSignature.signRest(timestamp, method, full, body, account.key()), signature);
        final boolean goodWithoutQuery = acceptPathOnly && CoinbaseSignature.same(
            CoinbaseSignature.signRest(timestamp, method, path, body, account.key()), signature);
        return good || goodWithoutQuery ? new Result(account, null) : refuse("invalid signature");
    }

    private Result refuse(final String message) {
        return new Result(null, RestReply.error(legacy400 ? 400 : 401, message));
    }
}

package weir.sim.intx;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who calls: key, passphrase, timestamp, signature, in this order. Thread safe. Source: "REST API authentication":
 * whole seconds within 5 s of the venue's time; the query is not signed.
 */
final class CallerCheck {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Map<String, IntxAccount> accounts;
    private final long toleranceNs;

    CallerCheck(final List<IntxAccount> accounts, final long toleranceNs) {
        this.accounts = accounts.stream().collect(Collectors.toMap(IntxAccount::apiKey, Function.identity()));
        this.toleranceNs = toleranceNs;
    }

    /**
     * Who it is, or why not.
     *
     * @param account null if the key is unknown.
     * @param error   null if the caller is who it says.
     * @param hint    the mistake behind a wrong signature where it is a known one, for the log.
     */
    record Result(IntxAccount account, ApiError error, String hint) {
    }

    IntxAccount account(final String apiKey) {
        return apiKey == null ? null : accounts.get(apiKey);
    }

    Iterable<IntxAccount> accounts() {
        return accounts.values();
    }

    /** @param nowNs the venue's own time. */
    Result check(final String apiKey, final String passphrase, final String timestamp, final String signature,
        final String method, final String path, final String query, final byte[] body, final long nowNs) {
        final IntxAccount account = account(apiKey);
        if (account == null) {
            return new Result(null, ApiError.unauthorized("invalid api key"), null);
        }
        if (!IntxSignature.same(account.passphrase(), passphrase)) {
            return new Result(account, ApiError.unauthorized("invalid passphrase"), null);
        }
        if (timestamp == null || !timestamp.matches("\\d{1,12}")) {
            return new Result(account, ApiError.unauthorized("timestamp is not a whole number of seconds"), null);
        }
        if (Math.abs(Long.parseLong(timestamp) * SECOND_NS - nowNs) > toleranceNs) {
            return new Result(account, ApiError.unauthorized("request timestamp expired"), null);
        }
        final byte[] key = account.key();
        if (!IntxSignature.same(IntxSignature.rest(key, timestamp, method, path, body), signature)) {
            return new Result(account, ApiError.unauthorized("invalid signature"),
                hint(account, timestamp, method, path, query, body, signature));
        }
        return new Result(account, null, null);
    }

    private static String hint(final IntxAccount account, final String timestamp, final String method,
        final String path, final String query, final byte[] body, final String signature) {
        final byte[] key = account.key();
        if (IntxSignature.same(IntxSignature.rest(key, timestamp, method, path + '?' + query, body), signature)) {
            return "signed with the query";
        }
        if (path.startsWith("/api/v1") && IntxSignature.same(
            IntxSignature.rest(key, timestamp, method, path.substring("/api/v1".length()), body), signature)) {
            return "signed without /api/v1";
        }
        return IntxSignature.same(IntxSignature.rest(key, timestamp, method, path, new byte[0]), signature)
            ? "signed without the body" : null;
    }
}

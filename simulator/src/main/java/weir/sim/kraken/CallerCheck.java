package weir.sim.kraken;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who calls: APIKey, Authent over the bytes as they came, Nonce. Thread safe.
 * Source: Kraken Futures REST guide, authentication.
 */
final class CallerCheck {
    private static final String ERROR = "authenticationError";

    private final Map<String, KrakenAccount> accounts;
    private final Map<String, NonceWindow> nonces = new ConcurrentHashMap<>();
    private final long nonceTolerance;
    private final boolean acceptDecoded;

    /** @param acceptDecoded whether the signature of the decoded form, the rule before 2024-02-20, passes as well. */
    CallerCheck(final List<KrakenAccount> accounts, final long nonceTolerance, final boolean acceptDecoded) {
        this.accounts = accounts.stream().collect(Collectors.toMap(KrakenAccount::apiKey, Function.identity()));
        this.nonceTolerance = nonceTolerance;
        this.acceptDecoded = acceptDecoded;
    }

    /**
     * Who it is, or why not.
     *
     * @param account null if refused, or if the key is unknown.
     * @param error   null if the caller is who it says.
     * @param hint    the mistake behind a wrong signature where it is a known one, for the log.
     */
    record Result(KrakenAccount account, String error, String hint) {
    }

    KrakenAccount account(final String apiKey) {
        return apiKey == null ? null : accounts.get(apiKey);
    }

    Iterable<KrakenAccount> accounts() {
        return accounts.values();
    }

    /** @param apiKey, authent, nonce headers, null if absent. */
    Result check(
        final String apiKey, final String authent, final String nonce, final byte[] postData, final String path) {
        final KrakenAccount account = account(apiKey);
        if (account == null || authent == null) {
            return new Result(account, ERROR, account == null ? "unknown APIKey" : "no Authent");
        }
        final byte[] key = account.key();
        final String counted = nonce == null ? "" : nonce;
        final boolean passes = KrakenSignature.matches(
            KrakenSignature.authent(key, postData, counted, path), authent)
            || acceptDecoded && KrakenSignature.matches(
                KrakenSignature.authent(key, decoded(postData), counted, path), authent);
        if (!passes) {
            return new Result(account, ERROR, hint(key, authent, counted, postData, path));
        }
        if (nonce == null) {
            return new Result(account, null, null);
        }
        if (!nonce.matches("\\d{1,18}")) {
            return new Result(account, ERROR, "nonce is no number");
        }
        final String refusal = nonces.computeIfAbsent(apiKey, k -> new NonceWindow(nonceTolerance))
            .refusal(Long.parseLong(nonce));
        return new Result(account, refusal, null);
    }

    private static String hint(
        final byte[] key, final String authent, final String nonce, final byte[] postData, final String path) {
        if (KrakenSignature.matches(KrakenSignature.raw(key, postData, nonce, path), authent)) {
            return "signed with /derivatives";
        }
        if (KrakenSignature.matches(KrakenSignature.authent(key, decoded(postData), nonce, path), authent)) {
            return "signed the decoded form";
        }
        return KrakenSignature.matches(KrakenSignature.authent(key, postData, "", path), authent)
            ? "signed without the nonce sent" : null;
    }

    private static byte[] decoded(final byte[] postData) {
        try {
            return URLDecoder.decode(new String(postData, StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.UTF_8);
        } catch (final IllegalArgumentException e) {
            return postData;
        }
    }
}
